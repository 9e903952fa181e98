package asyncio.internal.http.cache

import asyncio.internal.http.message.HeaderCursor
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
            for (header in headers) read(HeaderCursor(header), directives)
            return CacheControl(directives)
        }

        private fun read(
            header: HeaderCursor,
            directives: MutableMap<String, String>,
        ) {
            while (!header.isAtEnd) {
                val name = header.takeWhile(HttpChars::isTokenChar).lowercase()
                header.skipBlanks()
                var value = ""
                if (header.take('=')) {
                    header.skipBlanks()
                    value = if (header.isAt('"')) header.quoted() else header.takeWhile(HttpChars::isTokenChar)
                }
                // The first of them counts.
                if (name.isNotEmpty()) directives.putIfAbsent(name, value)
                header.skip { it != ',' }
                header.skip { it == ',' || HeaderCursor.isBlank(it) }
            }
        }
    }
}
