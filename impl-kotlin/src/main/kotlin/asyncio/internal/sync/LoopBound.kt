package asyncio.internal.sync

import asyncio.internal.task.TaskLoop

/**
 * A primitive that belongs to one loop, which is not given to its constructor.
 *
 * ```
 * FREE, with the loop that used it last --a task has to wait for it--> BOUND, to that loop, for good
 * ```
 *
 * As in asyncio only waiting binds, so that a lock in a static field serves one `run` after the other. The loop of a FREE one
 * serves to notice other threads.
 */
internal abstract class LoopBound {
    private var loop: TaskLoop? = TaskLoop.current()
    private var isBound = false

    /** Notes that code of [current] uses this. */
    fun usedIn(current: TaskLoop) {
        if (loop !== current) usedInAnother(current)
    }

    private fun usedInAnother(current: TaskLoop) {
        if (!isBound) {
            loop = current
        } else if (loop!!.isRunning) {
            refuse()
        }
    }

    /** Binds this to [current], where a task is about to wait. */
    fun bind(current: TaskLoop): TaskLoop {
        usedIn(current)
        if (loop !== current) refuse()
        isBound = true
        return current
    }

    private fun refuse(): Nothing =
        throw IllegalStateException("$this is bound to a different event loop: make one for each loop")

    /** For a method that is not a coroutine, and may so be called from every thread. */
    fun checkThread(what: String) {
        val loop = loop
        if (loop == null || loop.isExecutedBy(Thread.currentThread())) return
        if (isBound || TaskLoop.current() == null) loop.checkThread(what)
    }
}
