package asyncio.internal.sync

import asyncio.Lock
import asyncio.internal.task.CoroutineDriver
import asyncio.internal.task.TaskLoop
import asyncio.internal.task.awaitFuture
import asyncio.internal.task.currentDriver

/**
 * asyncio's lock.
 *
 * ```
 * FREE --acquire--> LOCKED --release, no waiter----> FREE
 *                    | ^ \---release, wakes the first--+
 *                    | +---the woken one's next step---+ free, but other tasks queue up
 * ```
 *
 * A waiter that was woken and cannot go on wakes the next one.
 */
internal class LockImpl :
    Acquirable(),
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

    override fun takeOnFiber(driver: CoroutineDriver<*>): Unit = queueUp(driver.loop) { driver.waitOnFiber(it) }

    override suspend fun takeSuspended(): Unit = queueUp(currentDriver().loop) { awaitFuture(it) }

    private inline fun queueUp(
        loop: TaskLoop,
        wait: (WaitQueue.Waiter) -> Unit,
    ) {
        val waiter = waiting.join(bind(loop))
        try {
            wait(waiter)
        } catch (error: Throwable) {
            waiting.leave(waiter)
            if (!locked) waiting.wakeHead()
            throw error
        }
        waiting.leave(waiter)
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
