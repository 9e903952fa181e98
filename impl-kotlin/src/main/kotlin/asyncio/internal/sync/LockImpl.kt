package asyncio.internal.sync

import asyncio.Lock
import asyncio.internal.loop.EventLoopImpl
import asyncio.internal.task.Steps
import asyncio.internal.task.awaitFuture
import asyncio.internal.task.currentSteps

/**
 * asyncio's lock.
 *
 * ```
 * FREE --acquire--> LOCKED --release, nobody waits--> FREE
 *                    | ^ \---release, wakes the first--+
 *                    | +---the woken one's next step---+ free, but newcomers queue up
 * ```
 *
 * A waiter that was woken and cannot go on wakes the next.
 */
internal class LockImpl :
    Permits(),
    Lock {
    private var locked = false
    private val waiting = WaitQueue()

    override val kind: String get() = "Lock"

    override fun locked(): Boolean = locked

    override fun tryTake(): Boolean {
        if (locked || waiting.present > 0) return false
        locked = true
        return true
    }

    override fun takeOnFiber(steps: Steps<*>): Unit = queueUp(steps.loop) { steps.waitOnFiber(it) }

    override suspend fun takeSuspended(): Unit = queueUp(currentSteps().loop) { awaitFuture(it) }

    private inline fun queueUp(
        loop: EventLoopImpl,
        wait: (WaitQueue.Place) -> Unit,
    ) {
        val place = waiting.join(bind(loop))
        try {
            wait(place)
        } catch (error: Throwable) {
            waiting.leave(place)
            if (!locked) waiting.wakeHead()
            throw error
        }
        waiting.leave(place)
        locked = true
    }

    override fun release() {
        checkThread("release")
        check(locked) { "Lock is not acquired: it was released already, or never acquired" }
        locked = false
        waiting.wakeHead()
    }

    override fun toString(): String = "<Lock ${if (locked) "locked" else "unlocked"}, waiters:${waiting.present}>"
}
