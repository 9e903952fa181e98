package asyncio.internal.http.wire

import asyncio.internal.http.message.HeaderNames
import io.vertx.core.http.HttpMethod

/** Whether a connection of HTTP/1.1 can serve another request after a response. */
internal object KeepAlive {
    fun allows(
        method: HttpMethod,
        response: ResponseHead,
        closeAsked: Boolean,
    ): Boolean {
        val headers = response.headers
        val status = response.status
        // After an interim response that was taken for the final one, the final one is still to come.
        if (closeAsked || status < 200) return false
        val tokens = headers.getAll(HeaderNames.CONNECTION)
        if (tokens.any { hasToken(it, "close") }) return false
        // A server of HTTP/1.0 closes the connection unless it says that it does not.
        if (response.protocol == HttpProtocol.HTTP_1_0 && tokens.none { hasToken(it, "keep-alive") }) return false
        // Otherwise the end of the body is the end of the connection.
        return method == HttpMethod.HEAD ||
            status == 204 ||
            status == 304 ||
            HeaderNames.CONTENT_LENGTH in headers ||
            // Another coding than chunked ends with the connection.
            headers[HeaderNames.TRANSFER_ENCODING]?.let { hasToken(it, "chunked") } ?: false
    }

    fun hasToken(
        header: String,
        token: String,
    ): Boolean =
        header.equals(token, ignoreCase = true) || header.split(',').any { it.trim().equals(token, ignoreCase = true) }

    /** How long the server says that it keeps the connection, in nanoseconds; null if it does not say. */
    fun idleLimit(response: ResponseHead): Long? {
        val keepAlive = response.headers[HeaderNames.KEEP_ALIVE] ?: return null
        for (parameter in keepAlive.split(',')) {
            if (!parameter.trim().startsWith("timeout=", ignoreCase = true)) continue
            val seconds = parameter.substringAfter('=').trim().toIntOrNull() ?: return null
            return if (seconds < 0) null else seconds * 1_000_000_000L
        }
        return null
    }
}
