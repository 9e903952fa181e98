package asyncio.internal.http.auth

import asyncio.internal.http.message.HttpChars

/** A challenge of `WWW-Authenticate`: a scheme and its parameters, whose names are in lower case. */
internal class AuthChallenge(
    val scheme: String,
) {
    val params: MutableMap<String, String> = LinkedHashMap()
}

/** Reads `WWW-Authenticate` headers, each of which may have several challenges in it (RFC 9110, 11.6.1). */
internal class Challenges private constructor(
    private val text: String,
) {
    private var at = 0
    private val found = ArrayList<AuthChallenge>()

    private fun read(): List<AuthChallenge> {
        while (true) {
            skip { it == ' ' || it == '\t' || it == ',' }
            val word = token()
            // The end, or malformed text.
            if (word.isEmpty()) return found
            skipSpace()
            val current = found.lastOrNull()
            if (current != null && at < text.length && text[at] == '=') {
                at++
                skipSpace()
                current.params.putIfAbsent(word.lowercase(), value())
            } else {
                found.add(AuthChallenge(word))
                TOKEN68.matchAt(text, at)?.let { at = it.range.last + 1 }
            }
        }
    }

    private fun value(): String {
        if (at >= text.length || text[at] != '"') {
            val start = at
            skip { it != ',' && it != ' ' && it != '\t' }
            return text.substring(start, at)
        }
        at++
        val value = StringBuilder()
        while (at < text.length && text[at] != '"') {
            if (text[at] == '\\' && at + 1 < text.length) at++
            value.append(text[at++])
        }
        at++
        return value.toString()
    }

    private fun token(): String {
        if (at >= text.length) return ""
        val start = at
        skip(HttpChars::isTokenChar)
        return text.substring(start, at)
    }

    private fun skipSpace() = skip { it == ' ' || it == '\t' }

    private inline fun skip(which: (Char) -> Boolean) {
        while (at < text.length && which(text[at])) at++
    }

    companion object {
        /** As in `Negotiate YII=`: data without a name. */
        private val TOKEN68 = Regex("[A-Za-z0-9._~+/-]+=*[ \\t]*(?=,|$)")

        fun parse(headers: List<String>): List<AuthChallenge> = headers.flatMap { Challenges(it).read() }

        /** The parameters of a header that has only parameters, such as `Authentication-Info`. */
        fun params(header: String): Map<String, String> = Challenges("x $header").read().first().params
    }
}
