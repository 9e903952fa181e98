package asyncio.internal.sync

import asyncio.BoundedSemaphore
import asyncio.Semaphore
import asyncio.internal.task.CoroutineDriver
import asyncio.internal.task.TaskLoop
import asyncio.internal.task.awaitFuture
import asyncio.internal.task.currentDriver

/**
 * asyncio's semaphore. A permit that is released goes to the longest waiter at once, so that a newcomer cannot take it first;
 * a waiter that was given one and cannot go on passes it on.
 */
internal open class SemaphoreImpl(
    private var permits: Int,
) : Acquirable(),
    Semaphore {
    private val waiting = WaitQueue()

    override val kind: String get() = "Semaphore"

    init {
        require(permits >= 0) { "Semaphore initial value must be >= 0, not $permits" }
    }

    override fun locked(): Boolean = permits == 0 || waiting.present > 0

    override fun tryTake(): Boolean {
        if (locked()) return false
        permits--
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
            if (waiter.isWoken) permits++
            wakeAsManyAsMay()
            throw error
        }
        waiting.leave(waiter)
        // Some may have come while there were permits, and queued up behind this one.
        wakeAsManyAsMay()
    }

    override fun release() {
        checkThread("release")
        addPermit()
    }

    protected open fun addPermit() {
        permits++
        if (waiting.wakeFirst()) permits--
    }

    protected fun hasPermits(number: Int): Boolean = permits >= number

    private fun wakeAsManyAsMay() {
        while (permits > 0 && waiting.wakeFirst()) permits--
    }

    override fun toString(): String =
        "<Semaphore ${if (locked()) "locked" else "unlocked, value:$permits"}, waiters:${waiting.present}>"
}

internal class BoundedSemaphoreImpl(
    private val bound: Int,
) : SemaphoreImpl(bound),
    BoundedSemaphore {
    override fun addPermit() {
        require(!hasPermits(bound)) { "BoundedSemaphore released too many times: all its permits ($bound) are there" }
        super.addPermit()
    }
}
