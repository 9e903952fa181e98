package asyncio.internal.loop

/** The thread of a loop's host, for the library's own code that belongs to the loop. */
public interface HostThread {
    /** Runs [task] there: now if that is the calling thread, soon otherwise. From any thread. */
    public fun execute(task: Runnable)

    /** Closes [resource] with the loop, if it is still registered then. On the host's thread. */
    public fun register(resource: AutoCloseable)

    /** [resource] was closed before the loop. On the host's thread. */
    public fun unregister(resource: AutoCloseable)

    /** Of a loop without Vert.x: what runs there may run on every thread. */
    public object Inline : HostThread {
        override fun execute(task: Runnable): Unit = task.run()

        override fun register(resource: AutoCloseable): Unit = Unit

        override fun unregister(resource: AutoCloseable): Unit = Unit
    }
}
