package asyncio.internal.http.session

import asyncio.http.ClientPayloadException
import asyncio.http.ClientResponse
import asyncio.http.InvalidUrlException
import asyncio.http.InvalidUrlRedirectException
import asyncio.http.NonHttpUrlException
import asyncio.http.NonHttpUrlRedirectException
import asyncio.internal.http.message.Url
import io.vertx.core.http.HttpMethod

/** Finds the request that follows a redirect. */
internal object Redirects {
    /**
     * The attempt that [response] leads to; null if it is to be taken as it is.
     *
     * @throws InvalidUrlRedirectException if its target is not a URL
     * @throws NonHttpUrlRedirectException if it leads to another protocol
     * @throws ClientPayloadException if the body is wanted again, and can be sent only once
     */
    fun next(
        attempt: RequestAttempt,
        response: ClientResponse,
    ): RequestAttempt? {
        val status = response.status()
        if (status !in FOLLOWED) return null
        val location = TARGETS.map(response.headers()::get).firstOrNull { !it.isNullOrEmpty() } ?: return null
        val target = target(attempt, location)
        val url = target.after(attempt.target)
        val method = methodAfter(attempt.httpMethod, status)
        val keepsBody = status != 303 && method == attempt.httpMethod
        val payload = attempt.body()
        if (keepsBody && payload != null && !payload.replayable()) {
            throw ClientPayloadException(
                "${attempt.describe()}: the redirect to $url wants the body again, which can be sent only once",
            )
        }
        // A relative one has the credentials of the URL before.
        val hasCredentials = target.credentials != null && target.credentials != attempt.target.credentials
        return attempt.next(url, method, keepsBody, sameOrigin = url.origin == attempt.origin, hasCredentials)
    }

    private fun target(
        attempt: RequestAttempt,
        location: String,
    ): Url =
        try {
            Url.parse(location, attempt.target)
        } catch (error: InvalidUrlException) {
            throw InvalidUrlRedirectException("${attempt.describe()}: redirect to nowhere: ${error.message}", error)
        } catch (error: NonHttpUrlException) {
            throw NonHttpUrlRedirectException(
                "${attempt.describe()}: redirect to another protocol: ${error.message}",
                error,
            )
        }

    private fun methodAfter(
        method: HttpMethod,
        status: Int,
    ): HttpMethod =
        when {
            status == 303 && method != HttpMethod.HEAD -> HttpMethod.GET
            (status == 301 || status == 302) && method == HttpMethod.POST -> HttpMethod.GET
            else -> method
        }

    private val TARGETS = listOf("Location", "URI")
    private val FOLLOWED = setOf(301, 302, 303, 307, 308)
}
