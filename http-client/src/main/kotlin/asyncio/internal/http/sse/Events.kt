package asyncio.internal.http.sse

import asyncio.http.ClientRequest
import asyncio.http.ClientResponse
import asyncio.http.EventSource
import asyncio.http.EventStream
import asyncio.spi.HttpEvents
import java.util.function.Supplier

/** The factories of server-sent events. */
internal object Events : HttpEvents {
    override fun stream(
        response: ClientResponse,
        maxEventSize: Int,
    ): EventStream = EventStreamImpl.of(response, maxEventSize)

    override fun source(request: Supplier<out ClientRequest>): EventSource.Builder = EventSourceBuilder(request)
}
