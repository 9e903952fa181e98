package asyncio.internal.http.middleware

import asyncio.EventLoop
import asyncio.http.ClientResponse
import asyncio.http.OutgoingRequest
import asyncio.http.RateLimitMiddleware
import asyncio.spi.AsyncioProvider
import java.time.Duration

/** Lets requests wait for their turn; one [RateLimiter] for all, or one for each host. */
internal class RateLimitMiddlewareImpl(
    private val interval: Long,
    private val burst: Int,
    private val concurrency: Int,
    private val perHost: Boolean,
) : SuspendMiddleware,
    RateLimitMiddleware {
    private val limiters = HashMap<String, RateLimiter>()
    private var loop: EventLoop? = null
    private var sweepAt = FEW

    override fun waiting(): Int = limiters.values.sumOf { it.waiting }

    override fun underWay(): Int = limiters.values.sumOf { it.underWay }

    override suspend fun intercept(
        request: OutgoingRequest,
        next: suspend (OutgoingRequest) -> ClientResponse,
    ): ClientResponse {
        val limiter = limiterOf(if (perHost) origin(request.url()) else "")
        limiter.enter()
        try {
            return next(request)
        } finally {
            limiter.leave()
        }
    }

    private fun limiterOf(key: String): RateLimiter {
        val loop = bind()
        limiters[key]?.let { return it }
        if (limiters.size >= sweepAt) {
            limiters.values.removeIf { it.isIdle() }
            sweepAt = maxOf(FEW, 2 * limiters.size)
        }
        return RateLimiter(loop, interval, burst, concurrency).also { limiters[key] = it }
    }

    /** The times of one loop mean nothing in another. */
    private fun bind(): EventLoop {
        val running = checkNotNull(AsyncioProvider.get().runningLoop()) { "no loop runs here" }
        if (running !== loop) {
            check(loop?.isClosed ?: true || waiting() == 0 && underWay() == 0) {
                "$this is in use in another loop. Make one for each loop"
            }
            limiters.clear()
            loop = running
        }
        return running
    }

    override fun toString(): String = "<RateLimitMiddleware, ${waiting()} waiting, ${underWay()} under way>"

    private companion object {
        const val FEW = 64

        /** `https://host:port`. */
        fun origin(url: String): String {
            val start = url.indexOf("://") + 3
            val end = url.indexOf('/', start)
            return if (end < 0) url else url.substring(0, end)
        }
    }
}

/** Collects the settings of a [RateLimitMiddlewareImpl]. */
internal class RateLimitBuilder : RateLimitMiddleware.Builder {
    private var interval = 0L
    private var requests = 1
    private var burst = 0
    private var concurrency = 0
    private var perHost = false

    override fun rate(
        requests: Int,
        time: Duration,
    ): RateLimitMiddleware.Builder =
        apply {
            require(requests > 0 && !time.isZero && !time.isNegative) {
                "A rate is so many requests in such a time, both more than zero: $requests, $time"
            }
            this.requests = requests
            // Rounded up: a little less than the rate, never more.
            interval = (minOf(time, Duration.ofDays(365)).toNanos() + requests - 1) / requests
        }

    override fun burst(requests: Int): RateLimitMiddleware.Builder =
        apply {
            require(requests >= 1) { "burst must be 1 at least: $requests" }
            burst = requests
        }

    override fun concurrency(requests: Int): RateLimitMiddleware.Builder =
        apply {
            require(requests >= 0) { "concurrency is negative: $requests" }
            concurrency = requests
        }

    override fun perHost(perHost: Boolean): RateLimitMiddleware.Builder = apply { this.perHost = perHost }

    override fun build(): RateLimitMiddleware {
        check(interval > 0 || concurrency > 0) { "There is no limit: call rate(…) or concurrency(…) first" }
        return RateLimitMiddlewareImpl(interval, if (burst == 0) requests else burst, concurrency, perHost)
    }
}
