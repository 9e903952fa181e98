package asyncio.internal.http.har

import asyncio.http.Cookie
import asyncio.internal.http.message.HeaderNames
import asyncio.internal.http.session.SessionSettings
import java.util.Map.entry

/** What of the headers is recorded. */
internal class Secrets(
    private val settings: SessionSettings,
    private val recorded: Boolean,
) {
    fun ofRequest(headers: List<Map.Entry<String, String>>) = headers.map { redacted(it, settings.isSecret(it.key)) }

    fun ofResponse(headers: List<Map.Entry<String, String>>) =
        headers.map { header ->
            val isSecret = settings.isSecret(header.key) && QUESTIONS.none { it.equals(header.key, ignoreCase = true) }
            redacted(header, isSecret || header.key.equals(HeaderNames.SET_COOKIE, ignoreCase = true))
        }

    private fun redacted(
        header: Map.Entry<String, String>,
        isSecret: Boolean,
    ) = if (isSecret && !recorded) entry(header.key, REDACTED) else header

    /** The names may be told. */
    fun of(cookies: List<Cookie>): List<Cookie> =
        if (recorded) cookies else cookies.map { Cookie.builder(it.name(), REDACTED).path(it.path()).build() }

    fun ofCookieHeaders(headers: List<String>): List<Map.Entry<String, String>> =
        headers.flatMap { it.split(';') }.map { it.trim() }.filter { it.isNotEmpty() }.map {
            entry(it.substringBefore('='), if (recorded) it.substringAfter('=', "") else REDACTED)
        }

    companion object {
        const val REDACTED = "[redacted]"

        /** They ask for credentials, and have none. */
        private val QUESTIONS = listOf("WWW-Authenticate", "Proxy-Authenticate")
    }
}
