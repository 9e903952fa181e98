package asyncio.internal.http.http2

import asyncio.internal.http.message.HeaderFields
import io.netty.handler.codec.http2.DefaultHttp2Headers
import io.netty.util.AsciiString

/**
 * A view of pseudo-headers and headers for the encoder, with names in lower case. It makes nothing for a request, because a
 * connection writes one after another.
 */
internal class RequestFields :
    DefaultHttp2Headers(false, 2),
    MutableIterator<MutableMap.MutableEntry<CharSequence, CharSequence>>,
    MutableMap.MutableEntry<CharSequence, CharSequence> {
    private val pseudo = arrayOfNulls<CharSequence>(PSEUDO.size)
    private var pseudoCount = 0
    private lateinit var fields: HeaderFields
    private var index = 0

    override lateinit var key: CharSequence
        private set
    override lateinit var value: CharSequence
        private set

    /** What is shown from now on. The encoder keeps the strings. */
    fun show(
        method: CharSequence,
        scheme: CharSequence,
        authority: CharSequence,
        path: CharSequence,
        protocol: CharSequence?,
        fields: HeaderFields,
    ): RequestFields {
        pseudo[0] = method
        pseudo[1] = scheme
        pseudo[2] = authority
        pseudo[3] = path
        pseudo[4] = protocol
        pseudoCount = if (protocol == null) PSEUDO.size - 1 else PSEUDO.size
        this.fields = fields
        return this
    }

    override fun iterator(): MutableIterator<MutableMap.MutableEntry<CharSequence, CharSequence>> {
        index = 0
        return this
    }

    override fun hasNext(): Boolean = index < pseudoCount + fields.size

    override fun next(): MutableMap.MutableEntry<CharSequence, CharSequence> {
        val at = index++
        if (at < pseudoCount) {
            key = PSEUDO[at]
            value = pseudo[at]!!
        } else {
            key = lowerCase(fields.name(at - pseudoCount))
            value = fields.value(at - pseudoCount)
        }
        return this
    }

    override fun remove(): Unit = throw UnsupportedOperationException()

    override fun setValue(newValue: CharSequence): CharSequence = throw UnsupportedOperationException()

    private companion object {
        val PSEUDO: Array<CharSequence> =
            arrayOf(
                AsciiString.cached(":method"),
                AsciiString.cached(":scheme"),
                AsciiString.cached(":authority"),
                AsciiString.cached(":path"),
                AsciiString.cached(":protocol"),
            )

        /** The names of nearly every request; the encoder finds an AsciiString faster. */
        val COMMON: Array<AsciiString> =
            arrayOf(
                "accept",
                "accept-encoding",
                "user-agent",
                "content-type",
                "content-length",
                "cookie",
                "authorization",
            ).map(AsciiString::cached)
                .toTypedArray()

        fun lowerCase(name: String): CharSequence {
            for (common in COMMON) {
                if (common.length == name.length && AsciiString.contentEqualsIgnoreCase(common, name)) return common
            }
            return name.lowercase()
        }
    }
}
