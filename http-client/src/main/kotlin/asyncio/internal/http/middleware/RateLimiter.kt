package asyncio.internal.http.middleware

import asyncio.EventLoop
import asyncio.Future
import asyncio.TimerHandle
import asyncio.kotlin.await
import java.time.Duration

/**
 * The requests of one host, or of all: which ones may be sent, and which ones wait.
 *
 * A bucket of tokens is kept as the one moment at which it would be full again ([full]); each request puts that off by
 * [interval]. Whole nanoseconds only, so that nothing drifts.
 *
 * @param interval nanoseconds for each request; 0 for any number of requests
 * @param burst how many tokens there are in a full bucket
 * @param concurrency how many requests may be under way; 0 for any number
 */
internal class RateLimiter(
    private val loop: EventLoop,
    private val interval: Long,
    burst: Int,
    private val concurrency: Int,
) {
    private class Waiter(
        val future: Future<Unit>,
    ) {
        var granted = false
    }

    private val queue = ArrayDeque<Waiter>()
    private val slack =
        Math.multiplyHigh(interval, burst - 1L).let { if (it == 0L) interval * (burst - 1) else Long.MAX_VALUE / 4 }
    private var full = now()
    private var timer: TimerHandle? = null

    val waiting: Int get() = queue.count { !it.future.done() }

    var underWay: Int = 0
        private set

    /** Whether it is as good as new. */
    fun isIdle(): Boolean = queue.isEmpty() && underWay == 0 && full <= now()

    /** Waits until a request may be sent; afterwards [leave]. */
    suspend fun enter() {
        if (queue.isEmpty() && tryTake()) return
        val waiter = Waiter(loop.createFuture())
        queue.addLast(waiter)
        serve()
        try {
            await(waiter.future)
        } catch (error: Throwable) {
            if (waiter.granted) {
                // Nothing was sent.
                full -= interval
                leave()
            } else {
                queue.remove(waiter)
                serve()
            }
            throw error
        }
    }

    fun leave() {
        underWay--
        serve()
    }

    private fun serve() {
        while (true) {
            val first = queue.firstOrNull()
            if (first != null && !first.future.done()) {
                if (!tryTake()) break
                first.granted = true
                first.future.setResult(Unit)
            }
            queue.removeFirstOrNull() ?: break
        }
        setTimer()
    }

    private fun tryTake(): Boolean {
        if (isFullyOccupied() || delay() > 0) return false
        full = maxOf(full, now()) + interval
        underWay++
        return true
    }

    private fun setTimer() {
        timer?.cancel()
        // A request that ends serves the queue as well.
        timer = if (queue.isEmpty() || isFullyOccupied()) null else loop.callLater(Duration.ofNanos(delay()), ::onTimer)
    }

    private fun onTimer() {
        timer = null
        serve()
    }

    private fun isFullyOccupied() = concurrency in 1..underWay

    private fun delay() = if (interval == 0L) 0 else full - slack - now()

    private fun now() = loop.time().toNanos()
}
