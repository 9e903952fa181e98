package asyncio.internal.http.multipart

import asyncio.internal.http.payload.Portions
import java.io.ByteArrayOutputStream
import java.io.OutputStream
import java.util.Base64
import java.util.zip.DeflaterOutputStream
import java.util.zip.GZIPOutputStream

/** How a part is encoded on its way out. */
internal enum class PartEncoding(
    private val over: (OutputStream) -> OutputStream,
) {
    GZIP({ GZIPOutputStream(it) }),
    DEFLATE({ DeflaterOutputStream(it) }),
    BASE64({ Base64.getMimeEncoder().wrap(it) }),
    QUOTED_PRINTABLE({ QuotedPrintable.Encoder(it) }),
    ;

    fun encode(portions: Portions): Portions = EncodedPortions(portions, over)
}

private class EncodedPortions(
    private val portions: Portions,
    over: (OutputStream) -> OutputStream,
) : Portions {
    private val encoded = ByteArrayOutputStream()
    private val encoder = over(encoded)
    private var ended = false

    override val size get() = -1L

    override suspend fun next(): ByteArray? {
        while (!ended) {
            val portion = portions.next()
            if (portion == null) end() else encoder.write(portion)
            if (encoded.size() > 0) return encoded.toByteArray().also { encoded.reset() }
        }
        return null
    }

    private fun end() {
        ended = true
        encoder.close()
    }

    override suspend fun close() {
        if (!ended) end()
        portions.close()
    }
}
