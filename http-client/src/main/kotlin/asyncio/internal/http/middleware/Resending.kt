package asyncio.internal.http.middleware

import asyncio.Asyncio
import asyncio.TimeoutException
import asyncio.http.ClientException
import asyncio.http.ClientResponse
import asyncio.http.OutgoingRequest
import asyncio.internal.http.cookie.CookieHeader
import asyncio.internal.http.cookie.SetCookie
import asyncio.internal.http.message.Url
import asyncio.kotlin.await
import java.time.Duration

/** Prepares to send [request] again, as [response] is not the one: with the cookies that it has set, and without it. */
internal suspend fun beforeAnother(
    request: OutgoingRequest,
    response: ClientResponse,
) {
    discard(response)
    val set = response.headers().getAll("Set-Cookie")
    if (set.isNotEmpty()) {
        val headers = request.headers()
        val names = SetCookie.parse(set).mapTo(HashSet()) { it.name() }
        val jar = CookieHeader.of(request.session().cookieJar(), Url.parse(request.url()))
        val renewed = CookieHeader.renew(headers.getAll("Cookie").joinToString("; "), jar, names)
        if (renewed == null) headers.remove("Cookie") else headers.set("Cookie", renewed)
    }
}

/** Closes a response that the user will not see. A short body is read first, so that the connection can be kept. */
internal suspend fun discard(response: ClientResponse) {
    try {
        if ((response.contentLength() ?: Long.MAX_VALUE) <= SHORT) {
            await(Asyncio.waitFor(response.read(), DISCARD_TIMEOUT))
        }
    } catch (_: ClientException) {
    } catch (_: TimeoutException) {
    } finally {
        response.release()
    }
}

private const val SHORT = 16L * 1024
private val DISCARD_TIMEOUT = Duration.ofSeconds(1)
