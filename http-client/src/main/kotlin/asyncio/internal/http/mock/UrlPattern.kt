package asyncio.internal.http.mock

import asyncio.internal.http.message.Url
import asyncio.internal.http.payload.Forms
import java.net.URLDecoder

/** Which requests a route is for. */
internal class UrlPattern(
    private val method: String,
    private val pattern: String,
) {
    private val hasHost = pattern.contains("://")
    private val glob: Glob
    private val query: List<Map.Entry<String, String>>?

    init {
        require(hasHost || pattern.startsWith("/") || pattern.startsWith("*")) {
            "A pattern is a URL, or a path that begins with a slash: \"$pattern\""
        }
        query = if ('?' in pattern) sorted(pattern.substringAfter('?')) else null
        glob = Glob(normal(pattern.substringBefore('?')))
    }

    /** As [Url] writes it, so that `HTTP://Host:80` is meant by `http://host/` too. */
    private fun normal(text: String): String {
        if (!hasHost || text.substringBefore("://").any { !it.isLetter() }) return text
        val start = text.indexOf("://") + 3
        val end = text.indexOf('/', start).let { if (it < 0) text.length else it }
        val authority = text.substring(0, end)
        if (authority.any { it == '*' || it == '{' }) return text
        val path = text.substring(end).ifEmpty { "/" }
        return Url.parse(authority).toString().removeSuffix("/") + path
    }

    private fun sorted(query: String) =
        Forms.decode(query, Charsets.UTF_8).sortedWith(compareBy({ it.key }, { it.value }))

    /** The values of the names in the pattern; null if it does not match. */
    fun match(
        method: String,
        url: Url,
    ): Map<String, String>? {
        if (this.method != "*" && !this.method.equals(method, ignoreCase = true)) return null
        val text = if (hasHost) url.toString().substringBefore('?') else url.path
        val found = glob.match(text) ?: return null
        if (query != null && query != sorted(url.query.orEmpty())) return null
        return found.mapValues { decoded(it.value) }
    }

    // Of a path: a plus is a plus.
    private fun decoded(text: String) = URLDecoder.decode(text.replace("+", "%2B"), Charsets.UTF_8)

    override fun toString(): String = "$method $pattern"
}
