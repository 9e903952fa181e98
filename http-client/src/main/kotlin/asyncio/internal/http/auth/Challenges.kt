package asyncio.internal.http.auth

import asyncio.internal.http.message.HeaderCursor
import asyncio.internal.http.message.HttpChars

/** A challenge of `WWW-Authenticate`: a scheme and its parameters, whose names are in lower case. */
internal class AuthChallenge(
    val scheme: String,
) {
    val params: MutableMap<String, String> = LinkedHashMap()
}

/** Reads `WWW-Authenticate` headers, each of which may have several challenges in it (RFC 9110, 11.6.1). */
internal class Challenges private constructor(
    private val header: HeaderCursor,
) {
    private val found = ArrayList<AuthChallenge>()

    private fun read(): List<AuthChallenge> {
        while (true) {
            header.skip { HeaderCursor.isBlank(it) || it == ',' }
            val word = header.takeWhile(HttpChars::isTokenChar)
            // The end, or malformed text.
            if (word.isEmpty()) return found
            header.skipBlanks()
            val current = found.lastOrNull()
            if (current != null && header.take('=')) {
                header.skipBlanks()
                current.params.putIfAbsent(word.lowercase(), value())
            } else {
                found.add(AuthChallenge(word))
                TOKEN68.matchAt(header.text, header.at)?.let { header.at = it.range.last + 1 }
            }
        }
    }

    private fun value(): String =
        if (header.isAt('"')) header.quoted() else header.takeWhile { it != ',' && !HeaderCursor.isBlank(it) }

    companion object {
        /** As in `Negotiate YII=`: data without a name. */
        private val TOKEN68 = Regex("[A-Za-z0-9._~+/-]+=*[ \\t]*(?=,|$)")

        fun parse(headers: List<String>): List<AuthChallenge> = headers.flatMap { Challenges(HeaderCursor(it)).read() }

        /** The parameters of a header that has only parameters, such as `Authentication-Info`. */
        fun params(header: String): Map<String, String> = Challenges(HeaderCursor("x $header")).read().first().params
    }
}
