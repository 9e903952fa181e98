package asyncio.internal.http.message

import asyncio.http.HttpHeaders
import java.nio.ByteBuffer
import java.nio.charset.CharacterCodingException
import java.util.Collections

/** The headers of a response; immutable. */
internal class ResponseHeaders(
    private val headers: HeaderFields,
) : HttpHeaders {
    override fun get(name: String): String? = headers[name]?.let(::asMeant)

    override fun getAll(name: String): List<String> = Collections.unmodifiableList(headers.getAll(name).map(::asMeant))

    override fun contains(name: String): Boolean = name in headers

    override fun names(): Set<String> {
        val lowerCase = HashSet<String>()
        val names = LinkedHashSet<String>()
        headers.forEach { name, _ -> if (lowerCase.add(name.lowercase())) names.add(name) }
        return Collections.unmodifiableSet(names)
    }

    override fun entries(): List<Map.Entry<String, String>> =
        Collections.unmodifiableList(
            List(headers.size) { java.util.Map.entry(headers.name(it), asMeant(headers.value(it))) },
        )

    /** Without the values that may be secret. */
    override fun toString(): String =
        entries().joinToString(", ", "[", "]") { (name, value) ->
            if (name.equals(HeaderNames.SET_COOKIE, ignoreCase = true)) "$name=…" else "$name=$value"
        }

    companion object {
        val NONE: HttpHeaders = ResponseHeaders(HeaderFields())

        /** A char is a byte of the wire; where the bytes are UTF-8 they are meant so. */
        private fun asMeant(value: String): String {
            if (value.all { it.code < 0x80 }) return value
            return try {
                Charsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value.toByteArray(Charsets.ISO_8859_1)))
                    .toString()
            } catch (_: CharacterCodingException) {
                value
            }
        }
    }
}
