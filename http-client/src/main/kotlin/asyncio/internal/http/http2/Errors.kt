package asyncio.internal.http.http2

import io.netty.handler.codec.http2.Http2Error

/** The server broke the rules in such a way that the whole connection has to end. */
internal class ConnectionError(
    val error: Http2Error,
    message: String,
) : RuntimeException(message, null, false, false)

/** The name of an error code, as RFC 9113 has it. */
internal fun nameOf(code: Long): String = Http2Error.valueOf(code)?.name ?: "error code $code"
