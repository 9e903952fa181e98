package asyncio.internal.http.message

import asyncio.http.HttpHeaders
import java.util.Collections
import java.util.Map.entry

/** The headers of a response; immutable. */
internal class ResponseHeaders(
    private val headers: HeaderFields,
) : HttpHeaders {
    override fun get(name: String): String? = headers[name]?.let { asMeant(name, it) }

    override fun getAll(name: String): List<String> =
        Collections.unmodifiableList(
            headers.getAll(name).map {
                asMeant(name, it)
            },
        )

    override fun contains(name: String): Boolean = name in headers

    override fun names(): Set<String> {
        val lowerCase = HashSet<String>()
        val names = LinkedHashSet<String>()
        headers.forEach { name, _ -> if (lowerCase.add(name.lowercase())) names.add(name) }
        return Collections.unmodifiableSet(names)
    }

    override fun entries(): List<Map.Entry<String, String>> =
        Collections.unmodifiableList(
            List(headers.size) {
                entry(headers.name(it), asMeant(headers.name(it), headers.value(it)))
            },
        )

    /** Without the values that may be secret. */
    override fun toString(): String =
        entries().joinToString(", ", "[", "]") { (name, value) ->
            when {
                name.equals(HeaderNames.SET_COOKIE, ignoreCase = true) -> "$name=…"
                name.endsWith(HeaderNames.LOCATION, ignoreCase = true) -> "$name=${Url.shown(value)}"
                else -> "$name=$value"
            }
        }

    companion object {
        val NONE: HttpHeaders = ResponseHeaders(HeaderFields())

        /** What is not UTF-8 is Latin-1. Cookies have to go back as they came. */
        private fun asMeant(
            name: String,
            value: String,
        ): String {
            val text = HeaderText.fromWire(value)
            val isLatin1 = text !== value && HeaderText.hasEscapes(text)
            return if (isLatin1 && !name.equals(HeaderNames.SET_COOKIE, ignoreCase = true)) value else text
        }
    }
}
