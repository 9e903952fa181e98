package asyncio.internal.http.middleware

import asyncio.http.ClientConnectionException
import asyncio.http.ClientConnectorCertificateException
import asyncio.http.ClientResponse
import asyncio.http.ClientSslException
import asyncio.http.OutgoingRequest
import asyncio.http.RetryMiddleware
import asyncio.http.ServerFingerprintMismatchException
import asyncio.internal.http.cookie.CookieDate
import asyncio.kotlin.sleep
import java.time.Clock
import java.time.Duration
import java.util.concurrent.ThreadLocalRandom
import java.util.function.Predicate
import java.util.random.RandomGenerator
import kotlin.time.toKotlinDuration

/** The settings of a [RetryMiddlewareImpl]. */
internal class RetrySettings(
    val attempts: Int,
    val firstPause: Duration,
    val longestPause: Duration,
    val jitter: Double,
    val random: RandomGenerator?,
    val statuses: Set<Int>,
    val exceptions: Predicate<in Exception>,
    val maxRetryAfter: Duration,
    val methods: Set<String>,
    val clock: Clock,
)

/** Sends failed requests again; keeps no state between requests. */
internal class RetryMiddlewareImpl(
    private val settings: RetrySettings,
) : SuspendMiddleware,
    RetryMiddleware {
    override suspend fun intercept(
        request: OutgoingRequest,
        next: suspend (OutgoingRequest) -> ClientResponse,
    ): ClientResponse {
        if (!isHarmless(request)) return next(request)
        val failures = ArrayList<Exception>(0)
        var attempt = 1
        while (true) {
            val last = attempt == settings.attempts
            val pause =
                try {
                    val response = next(request)
                    val pause = if (last || !isReplayable(request)) null else pauseAfter(response, attempt)
                    if (pause == null) return response
                    beforeAnother(request, response)
                    pause
                } catch (e: Exception) {
                    if (last || !settings.exceptions.test(e) || !isReplayable(request) || request.session().closed()) {
                        for (earlier in failures) if (earlier !== e) e.addSuppressed(earlier)
                        throw e
                    }
                    failures.add(e)
                    backoff(attempt)
                }
            sleep(pause.toKotlinDuration())
            attempt++
        }
    }

    private fun isHarmless(request: OutgoingRequest) =
        request.method() in settings.methods || request.headers().contains("Idempotency-Key")

    private fun isReplayable(request: OutgoingRequest) = request.body()?.replayable() ?: true

    /** How long to wait before the next attempt; null if this response is the one. */
    private fun pauseAfter(
        response: ClientResponse,
        attempt: Int,
    ): Duration? {
        if (response.status() !in settings.statuses) return null
        val own = backoff(attempt)
        if (settings.maxRetryAfter.isZero) return own
        val asked = response.headers().get("Retry-After")?.let(::retryAfter) ?: return own
        return if (asked > settings.maxRetryAfter) null else maxOf(asked, own)
    }

    /** Seconds, or a date; null for other text. */
    private fun retryAfter(value: String): Duration? {
        val text = value.trim()
        if (text.isNotEmpty() && text.all { it in '0'..'9' }) {
            return Duration.ofSeconds(text.toLongOrNull() ?: Long.MAX_VALUE)
        }
        val date = CookieDate.parse(text) ?: return null
        return maxOf(Duration.ZERO, Duration.between(settings.clock.instant(), date))
    }

    private fun backoff(attempt: Int): Duration {
        var pause = settings.firstPause
        for (i in 1 until attempt) {
            if (pause >= settings.longestPause) break
            pause = pause.multipliedBy(2)
        }
        val nanos = minOf(pause, settings.longestPause).toNanos()
        if (settings.jitter == 0.0) return Duration.ofNanos(nanos)
        val chance = (settings.random ?: ThreadLocalRandom.current()).nextDouble()
        return Duration.ofNanos(nanos - (nanos * settings.jitter * chance).toLong())
    }
}

/** Collects the settings of a [RetryMiddlewareImpl]. */
internal class RetryBuilder : RetryMiddleware.Builder {
    private var attempts = 3
    private var firstPause = Duration.ofMillis(500)
    private var longestPause = Duration.ofSeconds(30)
    private var jitter = 0.5
    private var random: RandomGenerator? = null
    private var statuses = setOf(429, 502, 503, 504)
    private var exceptions =
        Predicate<Exception> {
            it is ClientConnectionException &&
                it !is ClientSslException &&
                it !is ClientConnectorCertificateException &&
                it !is ServerFingerprintMismatchException
        } as Predicate<in Exception>
    private var maxRetryAfter = Duration.ofSeconds(60)
    private var methods = setOf("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "QUERY")
    private var clock = Clock.systemUTC()

    override fun attempts(attempts: Int): RetryMiddleware.Builder =
        apply {
            require(attempts >= 1) { "attempts must be 1 at least: $attempts" }
            this.attempts = attempts
        }

    override fun backoff(
        first: Duration,
        longest: Duration,
    ): RetryMiddleware.Builder =
        apply {
            require(!first.isNegative && first <= longest) {
                "The first pause must be between zero and the longest: $first, $longest"
            }
            // Beyond that the nanoseconds could overflow.
            longestPause = minOf(longest, A_YEAR)
            firstPause = minOf(first, A_YEAR)
        }

    override fun jitter(part: Double): RetryMiddleware.Builder =
        apply {
            require(part in 0.0..1.0) { "jitter must be between 0 and 1: $part" }
            jitter = part
        }

    override fun random(random: RandomGenerator): RetryMiddleware.Builder = apply { this.random = random }

    override fun statuses(vararg statuses: Int): RetryMiddleware.Builder =
        apply {
            for (status in statuses) require(status in 100..599) { "$status is not a status" }
            this.statuses = statuses.toSet()
        }

    override fun exceptions(which: Predicate<in Exception>): RetryMiddleware.Builder = apply { exceptions = which }

    override fun maxRetryAfter(longest: Duration): RetryMiddleware.Builder =
        apply {
            require(!longest.isNegative) { "maxRetryAfter is negative: $longest" }
            maxRetryAfter = minOf(longest, A_YEAR)
        }

    override fun methods(vararg methods: String): RetryMiddleware.Builder =
        apply {
            for (method in methods) {
                require(method.isNotEmpty() && method.all { it.code in 0x21..0x7E && it !in "\"(),/:;<=>?@[\\]{}" }) {
                    "A method is a word of letters: \"$method\""
                }
            }
            this.methods = methods.map { it.uppercase() }.toSet()
        }

    override fun clock(clock: Clock): RetryMiddleware.Builder = apply { this.clock = clock }

    override fun build(): RetryMiddleware =
        RetryMiddlewareImpl(
            RetrySettings(
                attempts,
                firstPause,
                longestPause,
                jitter,
                random,
                statuses,
                exceptions,
                maxRetryAfter,
                methods,
                clock,
            ),
        )

    private companion object {
        val A_YEAR: Duration = Duration.ofDays(365)
    }
}
