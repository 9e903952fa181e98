package asyncio.internal.http.message

import asyncio.http.ClientException
import asyncio.http.ClientResponse.Link

/** Parses Link headers (RFC 8288). Malformed links are left out. */
internal object Links {
    fun parse(
        headers: List<String>,
        base: Url,
    ): Map<String, List<Link>> {
        val links = LinkedHashMap<String, MutableList<Link>>()
        for (header in headers) {
            LinkHeader(header).forEach { target, parameters ->
                val url =
                    try {
                        Url.parse(target, base).real
                    } catch (_: ClientException) {
                        return@forEach
                    }
                val link = Link(url, parameters)
                val names = parameters["rel"]?.split(' ', '\t')?.filter { it.isNotEmpty() }.orEmpty()
                for (name in names.ifEmpty { listOf(url) }) links.getOrPut(name) { ArrayList() }.add(link)
            }
        }
        return links
    }
}

/** One Link header. */
private class LinkHeader(
    text: String,
) {
    private val header = HeaderCursor(text)

    inline fun forEach(found: (String, Map<String, String>) -> Unit) {
        while (true) {
            header.skip { it != '<' }
            val end = header.text.indexOf('>', header.at)
            if (end < 0) return
            val target = header.text.substring(header.at + 1, end)
            header.at = end + 1
            val parameters = parameters()
            if (parameters != null) found(target, parameters) else header.skip { it != ',' }
        }
    }

    /** Up to the comma behind them; null if they are malformed. */
    private fun parameters(): Map<String, String>? {
        val parameters = LinkedHashMap<String, String>()
        while (true) {
            header.skipBlanks()
            if (header.isAtEnd || header.isAt(',')) return parameters
            if (!header.take(';')) return null
            header.skipBlanks()
            val name = header.takeWhile { !HeaderCursor.isBlank(it) && it !in "=;,\"" }.lowercase()
            header.skipBlanks()
            var value: String? = ""
            if (header.take('=')) {
                header.skipBlanks()
                value = value()
            }
            if (value == null) return null
            if (name.isNotEmpty()) parameters.putIfAbsent(name, value)
        }
    }

    /** Null if it is quoted without an end. */
    private fun value(): String? =
        if (header.isAt('"')) {
            header.quoted().takeIf { header.isClosed }
        } else {
            header.takeWhile { !HeaderCursor.isBlank(it) && it !in ";,\"" }
        }
}
