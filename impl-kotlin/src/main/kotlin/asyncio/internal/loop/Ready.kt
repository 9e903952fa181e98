package asyncio.internal.loop

/**
 * An item of the ready queue: a callback, or a task whose next step is due. A class, not an interface: the queue's casts
 * are on the path of every await, and those to classes are cheaper.
 */
public abstract class Ready {
    /** Takes the one turn that was asked for. Throws only what is fatal to the loop. */
    internal abstract fun turn()

    /** Adds to [awaiters] the tasks and futures that wait through this; for call graphs. */
    internal open fun addAwaitersTo(awaiters: MutableCollection<Ready>): Unit = Unit
}
