package asyncio.internal.vertx

/** Where the library's own code runs that belongs to a loop. */
public interface LoopPlace {
    /** Runs [task] there: now if the caller is there, soon otherwise. */
    public fun execute(task: Runnable)

    /** Has [guest] closed with the loop, if it is still there then. To be called there. */
    public fun adopt(guest: AutoCloseable)

    /** [guest] has ended by itself. To be called there. */
    public fun dismiss(guest: AutoCloseable)

    /** Of a loop that is not on Vert.x: nothing there minds on which thread it is called. */
    public object Anywhere : LoopPlace {
        override fun execute(task: Runnable): Unit = task.run()

        override fun adopt(guest: AutoCloseable): Unit = Unit

        override fun dismiss(guest: AutoCloseable): Unit = Unit
    }
}
