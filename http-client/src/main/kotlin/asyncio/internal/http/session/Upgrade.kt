package asyncio.internal.http.session

import asyncio.internal.http.wire.Pipe
import asyncio.internal.http.wire.ResponseHead

/** Takes a connection, or a stream of HTTP/2, over when a server has agreed to speak another protocol. */
internal interface Upgrade {
    /** Its name, as the header Upgrade and the pseudo-header `:protocol` have it. */
    val protocol: String

    /**
     * The server said 101, or over HTTP/2 that it agrees. On the context's thread, before anything that follows the head is handed out.
     *
     * @throws Exception if the server's answer will not do; the connection is closed then
     */
    fun switched(
        response: ResponseHead,
        pipe: Pipe,
    )
}
