package asyncio.internal.http.multipart

import asyncio.http.ClientPayloadException
import asyncio.http.HttpHeaders
import asyncio.http.MultipartLimits
import java.io.ByteArrayInputStream
import java.io.ByteArrayOutputStream
import java.io.IOException
import java.io.InputStream
import java.util.Base64
import java.util.zip.GZIPInputStream
import java.util.zip.Inflater
import java.util.zip.InflaterInputStream

/** The encodings that a part can have. */
internal object PartCodings {
    fun decode(
        data: ByteArray,
        headers: HttpHeaders,
        limits: MultipartLimits,
    ): ByteArray {
        val transferred =
            when (val coding = headers.get("content-transfer-encoding").orEmpty().lowercase()) {
                "base64" -> base64(data)
                "quoted-printable" -> QuotedPrintable.decode(data)
                "", "binary", "8bit", "7bit" -> data
                else -> unknown("Content-Transfer-Encoding", coding)
            }
        return when (val coding = headers.get("content-encoding").orEmpty().lowercase()) {
            "gzip" -> inflate("gzip", limits) { GZIPInputStream(ByteArrayInputStream(transferred)) }
            "deflate" -> inflate("deflate", limits) { deflated(transferred) }
            "", "identity" -> transferred
            else -> unknown("Content-Encoding", coding)
        }
    }

    private fun unknown(
        header: String,
        coding: String,
    ): Nothing =
        throw ClientPayloadException("A part of the multipart body has the $header $coding, which is not known here")

    private fun base64(data: ByteArray): ByteArray =
        try {
            Base64.getMimeDecoder().decode(data)
        } catch (error: IllegalArgumentException) {
            throw ClientPayloadException("A part of the multipart body is not base64, as it says", error)
        }

    /** Some leave out zlib's header. */
    private fun deflated(data: ByteArray): InputStream {
        val raw = data.isNotEmpty() && data[0].toInt() and 0x0F != Z_DEFLATED
        val input = ByteArrayInputStream(data)
        return if (raw) InflaterInputStream(input, Inflater(true)) else InflaterInputStream(input)
    }

    private inline fun inflate(
        coding: String,
        limits: MultipartLimits,
        open: () -> InputStream,
    ): ByteArray {
        val all = ByteArrayOutputStream()
        try {
            open().use { input ->
                val buffer = ByteArray(16 * 1024)
                while (true) {
                    val count = input.read(buffer)
                    if (count < 0) break
                    if (limits.maxPartSize() in
                        1 until all.size().toLong() + count
                    ) {
                        throw BodyPartReaderImpl.tooLarge(limits)
                    }
                    all.write(buffer, 0, count)
                }
            }
        } catch (error: IOException) {
            throw ClientPayloadException("A part of the multipart body is not $coding, as it says", error)
        }
        return all.toByteArray()
    }

    private const val Z_DEFLATED = 8
}
