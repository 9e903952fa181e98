package asyncio.internal.http.sse

import asyncio.Awaitable
import asyncio.StopAsyncIteration
import asyncio.http.ClientException
import asyncio.http.ClientResponse
import asyncio.http.ClientResponseException
import asyncio.http.ContentTypeException
import asyncio.http.EventStream
import asyncio.http.ServerSentEvent
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import java.time.Duration

/** The events of one response. */
internal class EventStreamImpl(
    private val response: ClientResponse,
    maxEventSize: Int,
    lastEventId: String = "",
) : EventStream {
    private val content = response.content()
    private val parser = EventParser(maxEventSize, lastEventId)
    private var closed = false

    override fun anext(): Awaitable<ServerSentEvent> = coroutine { next() ?: throw StopAsyncIteration() }

    /** The next event; null if there are no more. */
    suspend fun next(): ServerSentEvent? {
        while (!closed) {
            parser.next()?.let { return it }
            val portion =
                try {
                    await(content.readany())
                } catch (error: ClientException) {
                    if (closed) return null
                    throw error
                }
            if (portion.isEmpty()) return null
            parser.feed(portion)
        }
        return null
    }

    override fun lastEventId(): String = parser.lastEventId

    override fun retry(): Duration? = parser.retry

    override fun close() {
        if (closed) return
        closed = true
        response.release()
    }

    override fun toString(): String = "<EventStream ${response.url()}>"

    companion object {
        const val CONTENT_TYPE = "text/event-stream"
        private const val OK = 200

        /** @throws ClientException if this is not a response with events; it is released then */
        fun of(
            response: ClientResponse,
            maxEventSize: Int,
            lastEventId: String = "",
        ): EventStreamImpl {
            require(maxEventSize > 0) { "maxEventSize is not positive: $maxEventSize" }
            refusal(response)?.let {
                response.release()
                throw it
            }
            return EventStreamImpl(response, maxEventSize, lastEventId)
        }

        private fun refusal(response: ClientResponse): ClientException? =
            when {
                response.status() != OK -> {
                    ClientResponseException(
                        response.requestInfo(),
                        response.history(),
                        response.status(),
                        response.reason(),
                        response.headers(),
                    )
                }

                response.contentType() != CONTENT_TYPE -> {
                    ContentTypeException(
                        response.requestInfo(),
                        response.history(),
                        response.status(),
                        "server-sent events have the content type $CONTENT_TYPE, this is ${response.contentType()}",
                        response.headers(),
                    )
                }

                else -> {
                    null
                }
            }
    }
}
