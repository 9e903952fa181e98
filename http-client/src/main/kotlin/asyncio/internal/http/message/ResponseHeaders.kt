package asyncio.internal.http.message

import asyncio.http.HttpHeaders
import io.vertx.core.MultiMap
import java.nio.ByteBuffer
import java.nio.charset.CharacterCodingException
import java.util.Collections

/** The headers of a response; immutable. */
internal class ResponseHeaders(
    private val headers: MultiMap,
) : HttpHeaders {
    override fun get(name: String): String? = headers.get(name)?.let(::asMeant)

    override fun getAll(name: String): List<String> = Collections.unmodifiableList(headers.getAll(name).map(::asMeant))

    override fun contains(name: String): Boolean = headers.contains(name)

    override fun names(): Set<String> {
        val lowerCase = HashSet<String>()
        val names = LinkedHashSet<String>()
        for ((name, _) in headers) if (lowerCase.add(name.lowercase())) names.add(name)
        return Collections.unmodifiableSet(names)
    }

    override fun entries(): List<Map.Entry<String, String>> =
        Collections.unmodifiableList(headers.map { java.util.Map.entry(it.key, asMeant(it.value)) })

    /** Without the values that may be secret. */
    override fun toString(): String =
        entries().joinToString(", ", "[", "]") { (name, value) ->
            if (name.equals(HeaderNames.SET_COOKIE, ignoreCase = true)) "$name=…" else "$name=$value"
        }

    companion object {
        val NONE: HttpHeaders = ResponseHeaders(MultiMap.caseInsensitiveMultiMap())

        /** Netty reads a byte as a char; where the bytes are UTF-8 they are meant so. */
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
