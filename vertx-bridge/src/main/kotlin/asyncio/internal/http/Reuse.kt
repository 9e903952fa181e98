package asyncio.internal.http

import io.vertx.core.http.HttpClientResponse
import io.vertx.core.http.HttpHeaders
import io.vertx.core.http.HttpMethod
import io.vertx.core.http.HttpVersion

/** Whether a connection can serve another request after a response. */
internal object Reuse {
    /** Also takes note of how long the server says that it keeps [connection]. */
    fun allows(
        method: HttpMethod,
        response: HttpClientResponse,
        connection: PooledConnection,
    ): Boolean {
        val headers = response.headers()
        val status = response.statusCode()
        // After an interim response that was taken for the final one, the final one is still to come.
        if (status < 200) return false
        val token = headers.get(HttpHeaders.CONNECTION)
        if (response.version() == HttpVersion.HTTP_1_0) {
            if (token == null || !hasToken(token, "keep-alive")) return false
        } else if (token != null && hasToken(token, "close")) {
            return false
        }
        val requestToken = response.request().headers().get(HttpHeaders.CONNECTION)
        if (requestToken != null && hasToken(requestToken, "close")) return false
        headers.get(KEEP_ALIVE)?.let { hint ->
            timeoutIn(hint)?.let {
                connection.idleLimit =
                    minOf(connection.idleLimit, it)
            }
        }
        // Otherwise the end of the body is the end of the connection.
        return method == HttpMethod.HEAD ||
            status == 204 ||
            status == 304 ||
            headers.contains(HttpHeaders.CONTENT_LENGTH) ||
            headers.contains(HttpHeaders.TRANSFER_ENCODING)
    }

    private fun hasToken(
        header: String,
        token: String,
    ): Boolean =
        header.equals(token, ignoreCase = true) || header.split(',').any { it.trim().equals(token, ignoreCase = true) }

    /** In nanoseconds. */
    private fun timeoutIn(keepAlive: String): Long? {
        for (parameter in keepAlive.split(',')) {
            if (!parameter.trim().startsWith("timeout=", ignoreCase = true)) continue
            val seconds = parameter.substringAfter('=').trim().toIntOrNull() ?: return null
            return if (seconds < 0) null else seconds * 1_000_000_000L
        }
        return null
    }

    private val KEEP_ALIVE: CharSequence = HttpHeaders.createOptimized("keep-alive")
}
