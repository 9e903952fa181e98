package asyncio.internal.http.session

import asyncio.http.WebSocketRequest

/** Makes the requests for WebSockets, whose package is built on this one. */
internal fun interface WebSockets {
    fun request(
        session: ClientSessionImpl,
        url: String,
    ): WebSocketRequest
}
