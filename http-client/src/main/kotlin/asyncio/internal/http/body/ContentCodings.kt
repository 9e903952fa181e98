package asyncio.internal.http.body

import asyncio.internal.http.message.HeaderFields
import asyncio.internal.http.message.HeaderNames
import io.vertx.core.http.HttpMethod

/** The codings that were applied to a body, in that order. */
internal class ContentCodings private constructor(
    val codings: List<ContentCoding>,
) {
    override fun toString(): String = codings.joinToString(", ") { it.token }

    companion object {
        /** Real servers apply fewer. Each further one could multiply the size of a bomb. */
        const val MOST = 5

        /** Those of the response to a request of [method] that has these [headers]; null if there is nothing that can be undone. */
        fun of(
            method: HttpMethod,
            headers: HeaderFields,
        ): ContentCodings? {
            if (method == HttpMethod.HEAD) return null
            val values = headers.getAll(HeaderNames.CONTENT_ENCODING)
            return if (values.isEmpty()) null else parse(values.joinToString(","))
        }

        /**
         * What [contentEncoding], the values of that header joined by commas, says; null if there is nothing that can be
         * undone: no coding, or one that is not known here, whose data are for the user to decode.
         */
        fun parse(contentEncoding: String?): ContentCodings? {
            if (contentEncoding == null) return null
            val codings = ArrayList<ContentCoding>(1)
            for (token in contentEncoding.split(',')) {
                val name = token.trim()
                if (name.isEmpty() || name.equals("identity", ignoreCase = true)) continue
                val coding = ContentCoding.of(name)
                if (coding == null || !coding.isAvailable) return null
                codings.add(coding)
            }
            return if (codings.isEmpty()) null else ContentCodings(codings)
        }
    }
}

/** A way to make content smaller. */
internal enum class ContentCoding(
    val token: String,
) {
    GZIP("gzip") {
        override fun newDecoder() = GzipDecoder()
    },
    DEFLATE("deflate") {
        override fun newDecoder() = DeflateDecoder()
    },
    BROTLI("br") {
        override val isAvailable: Boolean get() = BrotliLibrary.isAvailable

        override fun newDecoder() = BrotliDecoder()
    },
    ZSTD("zstd") {
        override val isAvailable: Boolean get() = ZstdLibrary.isAvailable

        override fun newDecoder() = ZstdDecoder()
    }, ;

    /** Whether its library is on the class path, and runs on this machine. */
    open val isAvailable: Boolean get() = true

    abstract fun newDecoder(): Decoder

    companion object {
        fun of(name: String): ContentCoding? =
            when (name.lowercase()) {
                "gzip", "x-gzip" -> GZIP
                "deflate" -> DEFLATE
                "br" -> BROTLI
                "zstd" -> ZSTD
                else -> null
            }
    }
}

/** The value of the header Accept-Encoding. */
internal object AcceptEncoding {
    val value: String = ContentCoding.entries.filter { it.isAvailable }.joinToString(", ") { it.token }
}
