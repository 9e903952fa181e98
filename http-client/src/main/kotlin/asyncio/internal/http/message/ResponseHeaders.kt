package asyncio.internal.http.message

import asyncio.http.HttpHeaders
import io.vertx.core.MultiMap
import java.util.Collections

/** The headers of a response; immutable. */
internal class ResponseHeaders(
    private val headers: MultiMap,
) : HttpHeaders {
    override fun get(name: String): String? {
        val value: String? = headers.get(name)
        return if (value == null) null else asMeant(name, value)
    }

    override fun getAll(name: String): List<String> =
        Collections.unmodifiableList(
            headers.getAll(name).map {
                asMeant(name, it)
            },
        )

    override fun contains(name: String): Boolean = headers.contains(name)

    override fun names(): Set<String> {
        val lowerCase = HashSet<String>()
        val names = LinkedHashSet<String>()
        for ((name, _) in headers) if (lowerCase.add(name.lowercase())) names.add(name)
        return Collections.unmodifiableSet(names)
    }

    override fun entries(): List<Map.Entry<String, String>> =
        Collections.unmodifiableList(headers.map { java.util.Map.entry(it.key, asMeant(it.key, it.value)) })

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
        val NONE: HttpHeaders = ResponseHeaders(MultiMap.caseInsensitiveMultiMap())

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
