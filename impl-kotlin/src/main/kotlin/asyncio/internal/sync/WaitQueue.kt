package asyncio.internal.sync

import asyncio.internal.task.CoroutineDriver
import asyncio.internal.task.FutureImpl
import asyncio.internal.task.TaskLoop

/**
 * The waiters of a primitive, first come, first served.
 *
 * ```
 * (join) --> waiting --wakeFirst--------> woken ------> (leave, in the task's next step)
 *               \------cancel, by a task-> cancelled --/
 * ```
 *
 * Joining, waking and leaving take the same time however many there are: thousands may be cancelled at once.
 */
internal class WaitQueue {
    private var first: Waiter? = null
    private var last: Waiter? = null

    /** How many waiters wait, or were woken and have not left yet. Cancelled ones do not count. */
    var present = 0
        private set

    fun join(loop: TaskLoop): Waiter {
        val waiter = Waiter(loop)
        val last = last
        if (last == null) {
            first = waiter
        } else {
            last.next = waiter
            waiter.previous = last
        }
        this.last = waiter
        waiter.isLinked = true
        present++
        return waiter
    }

    /** To be called once for every waiter, when its task runs on. */
    fun leave(waiter: Waiter) {
        if (waiter.isLinked) unlink(waiter)
        if (!waiter.cancelled()) present--
    }

    /** Wakes the waiter that has waited longest; false if there is none. */
    fun wakeFirst(): Boolean {
        while (true) {
            val waiter = first ?: return false
            unlink(waiter)
            if (waiter.isPending) {
                waiter.offerResult(Unit)
                return true
            }
        }
    }

    /**
     * Wakes the first waiter, which stays in the queue until it leaves. While one that was woken, or cancelled, is in the queue,
     * this does nothing: that one wakes the next.
     */
    fun wakeHead() {
        first?.offerResult(Unit)
    }

    fun wakeAll() {
        while (wakeFirst()) continue
    }

    private fun unlink(waiter: Waiter) {
        val previous = waiter.previous
        val next = waiter.next
        if (previous == null) first = next else previous.next = next
        if (next == null) last = previous else next.previous = previous
        waiter.previous = null
        waiter.next = null
        waiter.isLinked = false
    }

    /** The future that a task waits for. */
    inner class Waiter(
        loop: TaskLoop,
    ) : FutureImpl<Unit>(loop) {
        @JvmField var previous: Waiter? = null

        @JvmField var next: Waiter? = null

        @JvmField var isLinked = false

        /** Whether it was woken: then its task must wake another one if it cannot go on. */
        val isWoken: Boolean get() = done() && !cancelled()

        override fun cancel(message: String?): Boolean {
            val isCancelled = super.cancel(message)
            if (isCancelled) present--
            return isCancelled
        }
    }
}

/** How a Java body waits; suspend functions have [awaitFuture]. */
internal fun CoroutineDriver<*>.waitOnFiber(waiter: WaitQueue.Waiter) {
    waitFor(waiter)
    waiter.result()
}
