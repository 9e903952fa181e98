package asyncio.internal.http.cache

import asyncio.internal.http.message.HttpChars

/** The directives of `Cache-Control` (RFC 9111, 5.2), their names in lower case. */
internal class CacheControl(
    private val directives: Map<String, String>,
) {
    operator fun contains(name: String): Boolean = name in directives

    /** Whether it is there without the names of headers, for which alone it would count. */
    fun isWhole(name: String): Boolean = directives[name]?.isEmpty() ?: false

    /** So many seconds; null if it is not there, 0 if it is not a number: that is stale. */
    fun seconds(name: String): Long? {
        val value = directives[name] ?: return null
        if (value.isEmpty() || value.any { it !in '0'..'9' }) return 0
        return value.toLongOrNull()?.coerceAtMost(MOST) ?: MOST
    }

    companion object {
        /** 2^31, which stands for ever (RFC 9111, 1.2.2). */
        const val MOST = 2_147_483_648L

        fun parse(headers: List<String>): CacheControl {
            val directives = LinkedHashMap<String, String>()
            for (header in headers) Reading(header).readInto(directives)
            return CacheControl(directives)
        }
    }

    private class Reading(
        private val text: String,
    ) {
        private var at = 0

        fun readInto(directives: MutableMap<String, String>) {
            while (at < text.length) {
                val start = at
                skip(HttpChars::isTokenChar)
                val name = text.substring(start, at).lowercase()
                skip { it == ' ' || it == '\t' }
                var value = ""
                if (at < text.length && text[at] == '=') {
                    at++
                    skip { it == ' ' || it == '\t' }
                    value = value()
                }
                // The first of them counts.
                if (name.isNotEmpty()) directives.putIfAbsent(name, value)
                skip { it != ',' }
                skip { it == ',' || it == ' ' || it == '\t' }
            }
        }

        private fun value(): String {
            val start = at
            if (at >= text.length || text[at] != '"') {
                skip(HttpChars::isTokenChar)
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

        private inline fun skip(which: (Char) -> Boolean) {
            while (at < text.length && which(text[at])) at++
        }
    }
}
