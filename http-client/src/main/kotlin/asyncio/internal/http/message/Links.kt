package asyncio.internal.http.message

import asyncio.http.ClientException
import asyncio.http.ClientResponse.Link

/** Parses Link headers (RFC 8288). Malformed links are left out. */
internal object Links {
    private val LINK =
        Regex(
            "\\s*<([^>]*)>((?:\\s*;\\s*[^\\s=;,]+(?:\\s*=\\s*(?:\"(?:[^\"\\\\]|\\\\.)*\"|[^\\s;,\"]*))?)*)\\s*(?:,|$)",
        )
    private val PARAMETER = Regex(";\\s*([^\\s=;,]+)(?:\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^\\s;,\"]*)))?")
    private val ESCAPED = Regex("\\\\(.)")

    fun parse(
        headers: List<String>,
        base: Url,
    ): Map<String, List<Link>> {
        val links = LinkedHashMap<String, MutableList<Link>>()
        for (header in headers) {
            for (match in LINK.findAll(header)) {
                val url =
                    try {
                        Url.parse(match.groupValues[1], base).real
                    } catch (_: ClientException) {
                        continue
                    }
                val parameters = parameters(match.groupValues[2])
                val link = Link(url, parameters)
                val names = parameters["rel"]?.split(' ')?.filter { it.isNotEmpty() }.orEmpty()
                for (name in names.ifEmpty { listOf(url) }) links.getOrPut(name) { ArrayList() }.add(link)
            }
        }
        return links
    }

    private fun parameters(text: String): Map<String, String> {
        val parameters = LinkedHashMap<String, String>()
        for (match in PARAMETER.findAll(text)) {
            val (name, quoted, bare) = match.destructured
            parameters.putIfAbsent(name.lowercase(), if (quoted.isEmpty()) bare else quoted.replace(ESCAPED, "$1"))
        }
        return parameters
    }
}
