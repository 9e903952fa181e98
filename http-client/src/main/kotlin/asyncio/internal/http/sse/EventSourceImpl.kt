package asyncio.internal.http.sse

import asyncio.Awaitable
import asyncio.Future
import asyncio.StopAsyncIteration
import asyncio.TimeoutException
import asyncio.http.ClientConnectionException
import asyncio.http.ClientConnectorCertificateException
import asyncio.http.ClientException
import asyncio.http.ClientPayloadException
import asyncio.http.ClientRequest
import asyncio.http.EventSource
import asyncio.http.EventStream
import asyncio.http.LineTooLongException
import asyncio.http.ServerFingerprintMismatchException
import asyncio.http.ServerSentEvent
import asyncio.internal.run.EventLoopImpl
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import asyncio.spi.AsyncioProvider
import java.time.Duration
import java.util.function.Supplier

/** The settings of an event source, and their defaults. */
internal data class EventSourceSettings(
    val request: Supplier<out ClientRequest>,
    val lastEventId: String = "",
    val retry: Duration = Duration.ofSeconds(3),
    val maxBackoff: Duration = Duration.ofMinutes(1),
    val maxFailures: Int = Int.MAX_VALUE,
    val maxEventSize: Int = EventStream.MAX_EVENT_SIZE,
)

internal class EventSourceBuilder(
    private var settings: EventSourceSettings,
) : EventSource.Builder {
    constructor(request: Supplier<out ClientRequest>) : this(EventSourceSettings(request))

    override fun lastEventId(id: String): EventSource.Builder {
        require(id.none { it == '\n' || it == '\r' || it == '\u0000' }) { "An id has no line breaks and no NUL in it" }
        settings = settings.copy(lastEventId = id)
        return this
    }

    override fun retry(delay: Duration): EventSource.Builder {
        require(!delay.isNegative) { "retry is negative: $delay" }
        settings = settings.copy(retry = delay)
        return this
    }

    override fun maxBackoff(delay: Duration): EventSource.Builder {
        require(!delay.isNegative) { "maxBackoff is negative: $delay" }
        settings = settings.copy(maxBackoff = delay)
        return this
    }

    override fun maxFailures(attempts: Int): EventSource.Builder {
        require(attempts >= 0) { "maxFailures is negative: $attempts" }
        settings = settings.copy(maxFailures = attempts)
        return this
    }

    override fun maxEventSize(bytes: Int): EventSource.Builder {
        require(bytes > 0) { "maxEventSize is not positive: $bytes" }
        settings = settings.copy(maxEventSize = bytes)
        return this
    }

    override fun build(): EventSource = EventSourceImpl(settings)
}

/**
 * One stream of events after the other.
 *
 * ```
 * CONNECTING --200--> OPEN        (a wait before each CONNECTING but the first one)
 *     ^ \<---the end---/ |
 *     |  \-204, refused--|--> CLOSED
 *     '-failed           '-close-^
 * ```
 */
internal class EventSourceImpl(
    private val settings: EventSourceSettings,
) : EventSource {
    private var state = EventSource.State.CONNECTING
    private var stream: EventStreamImpl? = null
    private var lastEventId = settings.lastEventId
    private var retry = settings.retry

    /** Whether the next attempt has to wait, and how many have failed in a row. */
    private var isAgain = false
    private var failures = 0
    private var isAsked = false

    /** When the last connection was made, and how many connections in a row have ended right after that. */
    private var openedAt = Duration.ZERO
    private var hurried = 0

    /** The future of the wait for the next attempt. */
    private var pause: Future<Unit>? = null

    override fun anext(): Awaitable<ServerSentEvent> = coroutine { next() ?: throw StopAsyncIteration() }

    private suspend fun next(): ServerSentEvent? {
        check(!isAsked) { "Another task is waiting for the next event of $this already" }
        isAsked = true
        try {
            while (state != EventSource.State.CLOSED) {
                val stream = stream ?: connect() ?: continue
                val event =
                    try {
                        stream.next()
                    } catch (error: Exception) {
                        if (!isBreak(error)) closing(error)
                        null
                    }
                if (event != null) {
                    takeOver(stream)
                    return event
                }
                ended(stream)
            }
            return null
        } finally {
            isAsked = false
        }
    }

    private fun isBreak(error: Exception) =
        isWorthAnother(error) || (error is ClientPayloadException && error !is LineTooLongException)

    /** Whether another connection may do better. */
    private fun isWorthAnother(error: Exception) =
        when (error) {
            is ClientConnectorCertificateException, is ServerFingerprintMismatchException -> false
            is ClientConnectionException, is TimeoutException -> true
            else -> false
        }

    private fun closing(error: Exception): Nothing {
        close()
        throw error
    }

    /** The server's answer about connecting again. */
    private fun takeOver(stream: EventStreamImpl) {
        lastEventId = stream.lastEventId()
        stream.retry()?.let { retry = it }
    }

    private fun ended(stream: EventStreamImpl) {
        takeOver(stream)
        stream.close()
        this.stream = null
        isAgain = true
        hurried = if (loop().time() - openedAt < LEAST_PAUSE) hurried + 1 else 0
        if (state == EventSource.State.OPEN) state = EventSource.State.CONNECTING
    }

    /** One attempt; null if it failed, or if there will be no more. */
    private suspend fun connect(): EventStreamImpl? {
        if (isAgain) pause(delay())
        if (state == EventSource.State.CLOSED) return null
        isAgain = true
        val response =
            try {
                await(request())
            } catch (error: Exception) {
                if (state == EventSource.State.CLOSED) return null
                if (!isWorthAnother(error) || failures >= settings.maxFailures) closing(error)
                failures++
                return null
            }
        if (state == EventSource.State.CLOSED || response.status() == NO_CONTENT) {
            response.release()
            close()
            return null
        }
        val stream =
            try {
                EventStreamImpl.of(response, settings.maxEventSize, lastEventId)
            } catch (error: ClientException) {
                closing(error)
            }
        failures = 0
        openedAt = loop().time()
        state = EventSource.State.OPEN
        this.stream = stream
        return stream
    }

    private fun request(): ClientRequest {
        val request =
            settings.request
                .get()
                .header("Accept", EventStreamImpl.CONTENT_TYPE)
                .header("Cache-Control", "no-store")
                .timeout(Duration.ZERO)
        // A header cannot carry control characters; then the server has to do without.
        val canBeSent = lastEventId.isNotEmpty() && lastEventId.none { (it < ' ' && it != '\t') || it == '\u007f' }
        return if (canBeSent) request.header("Last-Event-ID", lastEventId) else request
    }

    private fun delay(): Duration {
        // The second attempt that fails is the first one that is a reason to wait longer.
        val doublings = (failures - 1).coerceIn(0, MOST_DOUBLINGS)
        val once = if (failures == 0) retry else retry.coerceIn(SHORTEST, LONGEST)
        val backoff = minOf(once.multipliedBy(1L shl doublings), settings.maxBackoff)
        // The server may ask for no wait at all. As in browsers, it cannot make a client connect without end.
        val least = if (hurried > MOST_HURRIED) LEAST_PAUSE else Duration.ZERO
        return maxOf(retry, backoff, least).coerceAtMost(LONGEST)
    }

    private fun loop() = AsyncioProvider.get().runningLoop() as EventLoopImpl

    private suspend fun pause(delay: Duration) {
        val loop = loop()
        val future = loop.createFuture<Unit>()
        pause = future
        val timer = loop.callLater(delay) { if (!future.done()) future.setResult(Unit) }
        try {
            await(future)
        } finally {
            timer.cancel()
            pause = null
        }
    }

    override fun state(): EventSource.State = state

    override fun lastEventId(): String = lastEventId

    override fun retry(): Duration = retry

    override fun close() {
        if (state == EventSource.State.CLOSED) return
        state = EventSource.State.CLOSED
        stream?.close()
        stream = null
        pause?.let { if (!it.done()) it.setResult(Unit) }
    }

    override fun toString(): String = "<EventSource $state>"

    private companion object {
        const val NO_CONTENT = 204
        const val MOST_DOUBLINGS = 16

        /** The first delay if the server asks for none, but does not answer. */
        val SHORTEST: Duration = Duration.ofMillis(100)

        /** The wait after several connections that have ended at once, whatever [retry] is. */
        val LEAST_PAUSE: Duration = Duration.ofMillis(500)
        const val MOST_HURRIED = 3

        /** Beyond that the sums of nanoseconds could overflow. */
        val LONGEST: Duration = Duration.ofDays(1)
    }
}
