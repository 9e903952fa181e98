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

/** One Link header, read from the left to the right without a step back: a server chooses its text. */
private class LinkHeader(
    private val text: String,
) {
    private var at = 0

    inline fun forEach(found: (String, Map<String, String>) -> Unit) {
        while (true) {
            skip { it != '<' }
            val end = text.indexOf('>', at)
            if (end < 0) return
            val target = text.substring(at + 1, end)
            at = end + 1
            val parameters = parameters()
            if (parameters != null) found(target, parameters) else skipToNext()
        }
    }

    /** Up to the comma behind them; null if they are malformed. */
    private fun parameters(): Map<String, String>? {
        val parameters = LinkedHashMap<String, String>()
        while (true) {
            skipBlanks()
            if (at == text.length || text[at] == ',') return parameters
            if (text[at++] != ';') return null
            skipBlanks()
            val start = at
            skip { !isBlank(it) && it !in "=;,\"" }
            val name = text.substring(start, at).lowercase()
            skipBlanks()
            var value: String? = ""
            if (at < text.length && text[at] == '=') {
                at++
                skipBlanks()
                value = if (at < text.length && text[at] == '"') quoted() else bare()
            }
            if (value == null) return null
            if (name.isNotEmpty()) parameters.putIfAbsent(name, value)
        }
    }

    private fun bare(): String {
        val start = at
        skip { !isBlank(it) && it !in ";,\"" }
        return text.substring(start, at)
    }

    /** Null if its end is missing. */
    private fun quoted(): String? {
        val value = StringBuilder()
        at++
        while (at < text.length) {
            val char = text[at++]
            if (char == '"') return value.toString()
            value.append(if (char == '\\' && at < text.length) text[at++] else char)
        }
        return null
    }

    private fun skipToNext() = skip { it != ',' }

    private fun skipBlanks() = skip(::isBlank)

    private inline fun skip(which: (Char) -> Boolean) {
        while (at < text.length && which(text[at])) at++
    }

    private fun isBlank(char: Char) = char == ' ' || char == '\t'
}
