package asyncio.internal.sync

import asyncio.internal.loop.EventLoopImpl
import asyncio.internal.loop.RunningLoops

/**
 * What belongs to one loop, without being told to which.
 *
 * ```
 * FREE, with the loop that used it last --somebody has to wait for it--> BOUND, to that loop, for good
 * ```
 *
 * As in asyncio only waiting binds, so that a lock in a static field serves one `run` after the other. The loop of a FREE one
 * serves to notice other threads.
 */
internal abstract class LoopBound {
    private var loop: EventLoopImpl? = RunningLoops.current()
    private var isBound = false

    /** Notes that code of [current] uses this. */
    fun usedIn(current: EventLoopImpl) {
        if (loop !== current) usedInAnother(current)
    }

    private fun usedInAnother(current: EventLoopImpl) {
        if (!isBound) {
            loop = current
        } else if (loop!!.isRunning) {
            refuse()
        }
    }

    /** Binds this to [current], where somebody is about to wait. */
    fun bind(current: EventLoopImpl): EventLoopImpl {
        usedIn(current)
        if (loop !== current) refuse()
        isBound = true
        return current
    }

    private fun refuse(): Nothing =
        throw IllegalStateException("$this is bound to a different event loop: make one for each loop")

    /** For what is not a coroutine, and so may be called from anywhere. */
    fun checkThread(what: String) {
        val loop = loop
        if (loop == null || loop.isExecutedBy(Thread.currentThread())) return
        if (isBound || RunningLoops.current() == null) loop.checkThread(what)
    }
}
