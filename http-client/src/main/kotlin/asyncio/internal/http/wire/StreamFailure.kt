package asyncio.internal.http.wire

/**
 * The server has ended a stream of HTTP/2 before its response was complete. The connection itself may be good. Without a stack
 * trace, which is useless here and costs time.
 *
 * @property isUnprocessed whether the server certainly has not processed the request, so that it can be sent again whatever its method
 * @property wantsHttp1 whether the server wants the request over HTTP/1.1
 * @property servedOthers whether the connection has processed other requests, so that the next one may process this one
 */
internal class StreamFailure(
    message: String,
    val isUnprocessed: Boolean,
    val wantsHttp1: Boolean = false,
    val servedOthers: Boolean = false,
) : RuntimeException(message, null, false, false)
