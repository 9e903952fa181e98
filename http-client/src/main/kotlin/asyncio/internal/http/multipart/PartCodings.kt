package asyncio.internal.http.multipart

import asyncio.http.ClientPayloadException
import asyncio.http.HttpHeaders
import asyncio.http.MultipartLimits
import asyncio.internal.http.body.BadContentException
import asyncio.internal.http.body.ContentCodings
import asyncio.internal.http.body.Decoding
import asyncio.internal.stream.ByteQueue
import asyncio.kotlin.sleep
import java.util.Base64
import kotlin.time.Duration

/** The encodings that a part can have. Content-Encoding is undone by the decoders of a response's body. */
internal object PartCodings {
    fun unitsOf(headers: HttpHeaders): TransferUnits? =
        when (transferEncoding(headers)) {
            "base64" -> TransferUnits.BASE64
            "quoted-printable" -> TransferUnits.QUOTED_PRINTABLE
            else -> null
        }

    private fun transferEncoding(headers: HttpHeaders) =
        headers
            .get("content-transfer-encoding")
            .orEmpty()
            .trim()
            .lowercase()

    /**
     * Decodes [data] at once.
     *
     * @param isEnd whether nothing of the part follows it
     */
    fun decode(
        data: ByteArray,
        headers: HttpHeaders,
        limits: MultipartLimits,
        isEnd: Boolean,
    ): ByteArray {
        val whole = if (isEnd) data.size else unitsOf(headers)?.wholeIn(data, 0, data.size) ?: data.size
        if (whole < data.size) {
            throw ClientPayloadException(
                "These bytes of a part of the multipart body end within a group of ${transferEncoding(
                    headers,
                )}, and cannot be" +
                    " decoded without the bytes that follow; readChunk gives whole groups",
            )
        }
        return decode(data, headers, limits) {}
    }

    /** Decodes [data]; other tasks run between its pieces. */
    suspend fun decodeInPieces(
        data: ByteArray,
        headers: HttpHeaders,
        limits: MultipartLimits,
    ): ByteArray {
        var unbroken = 0
        return decode(data, headers, limits) { count ->
            unbroken += count
            if (unbroken > UNBROKEN) {
                unbroken = 0
                sleep(Duration.ZERO)
            }
        }
    }

    private inline fun decode(
        data: ByteArray,
        headers: HttpHeaders,
        limits: MultipartLimits,
        decoded: (Int) -> Unit,
    ): ByteArray {
        val transferred =
            when (val coding = transferEncoding(headers)) {
                "base64" -> base64(data)
                "quoted-printable" -> QuotedPrintable.decode(data)
                "", "binary", "8bit", "7bit" -> data
                else -> unknown("Content-Transfer-Encoding", coding)
            }
        return when (val coding = headers.get("content-encoding").orEmpty().lowercase()) {
            "gzip", "deflate" -> inflate(transferred, coding, limits, decoded)
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

    /** Calls [decoded] with the size of each piece. */
    private inline fun inflate(
        data: ByteArray,
        coding: String,
        limits: MultipartLimits,
        decoded: (Int) -> Unit,
    ): ByteArray {
        val input = ByteQueue().apply { add(data) }
        val output = ByteQueue()
        try {
            Decoding(ContentCodings.parse(coding)!!).use { decoding ->
                while (true) {
                    val count = decoding.decodeInto(output, input)
                    if (count == 0) break
                    if (limits.maxPartSize() in 1 until output.size) throw BodyPartReaderImpl.tooLarge(limits)
                    decoded(count)
                }
                decoding.checkEnded()
            }
        } catch (error: BadContentException) {
            throw ClientPayloadException(
                "A part of the multipart body is not $coding, as it says: ${error.message}",
                error,
            )
        }
        return output.take(Math.toIntExact(output.size))
    }

    /** How many bytes are decoded while no other task can run. */
    private const val UNBROKEN = 1024 * 1024
}
