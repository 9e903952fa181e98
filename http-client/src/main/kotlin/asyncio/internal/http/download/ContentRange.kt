package asyncio.internal.http.download

/**
 * A `Content-Range` in bytes (RFC 9110, 14.4).
 *
 * @property start -1 if no bytes follow
 * @property total -1 if it is not known
 */
internal class ContentRange(
    val start: Long,
    val total: Long,
) {
    companion object {
        /** Null if it is not one. */
        fun parse(header: String?): ContentRange? {
            val text = header?.trim()?.lowercase()?.takeIf { it.startsWith("bytes ") } ?: return null
            val (range, size) =
                text
                    .removePrefix("bytes ")
                    .trim()
                    .split('/')
                    .takeIf { it.size == 2 } ?: return null
            val total = if (size == "*") -1 else number(size) ?: return null
            if (range == "*") return ContentRange(-1, total)
            val (first, last) = range.split('-').takeIf { it.size == 2 } ?: return null
            val start = number(first) ?: return null
            val end = number(last) ?: return null
            return if (end < start || total in 0..end) null else ContentRange(start, total)
        }

        private fun number(text: String): Long? = text.takeIf { it.all { char -> char in '0'..'9' } }?.toLongOrNull()
    }
}
