package asyncio.internal.http.multipart

import asyncio.AsyncIterator
import asyncio.Coroutine
import asyncio.http.BodyPartReader
import asyncio.http.ClientPayloadException
import asyncio.http.ContentDisposition
import asyncio.http.HttpHeaders
import asyncio.http.MultipartLimits
import asyncio.http.MultipartReader
import asyncio.internal.http.json.JacksonCodec
import asyncio.internal.http.message.ContentType
import asyncio.internal.http.payload.Forms
import asyncio.internal.http.payload.PORTION
import asyncio.kotlin.asyncGenerator
import asyncio.kotlin.coroutine
import java.io.ByteArrayOutputStream
import java.lang.reflect.Type
import java.nio.charset.Charset

/** A part, as long as its reader stands at it. */
internal class BodyPartReaderImpl(
    private val scanner: Scanner,
    private val headers: PartHeaders,
    private val limits: MultipartLimits,
    private val ofForm: Boolean,
    private val formCharset: Charset?,
    private val depth: Int,
) : BodyPartReader {
    private val type = headers.get("content-type")?.let { ContentType(it) }
    private val disposition by lazy(LazyThreadSafetyMode.NONE) {
        headers.get("content-disposition")?.let { ContentDispositions.parse(it) }
    }
    private val announced = announcedLength()
    private var received = 0L
    private var ended = false

    /** Chunks are not cut within a unit of it, so that each can be decoded. Null where every byte stands for itself. */
    private val units = if (ofForm) null else PartCodings.unitsOf(headers)

    /** The received bytes behind a line or a chunk that was read. */
    private var kept: ByteArray? = null
    private var keptAt = 0

    override fun headers(): HttpHeaders = headers

    override fun contentType(): String = type?.mediaType ?: "text/plain"

    override fun contentDisposition(): ContentDisposition? = disposition

    override fun atEof(): Boolean = ended && kept == null

    private fun announcedLength(): Long {
        val length = headers.get("content-length") ?: return -1
        if (length.isEmpty() || length.length > 18 || length.any { it !in '0'..'9' }) {
            throw ClientPayloadException("The Content-Length of a part of the multipart body is not a number")
        }
        return length.toLong()
    }

    // ---- bytes

    private suspend fun portion(max: Int): ByteArray? {
        kept?.let { return fromKept(it, max) }
        return received(max)
    }

    private suspend fun received(max: Int): ByteArray? {
        if (ended) return null
        val portion = scanner.portion(max)
        if (portion == null) {
            ended = true
            if (announced >= 0 && announced != received) {
                throw ClientPayloadException(
                    "A part of the multipart body has $received bytes, but its Content-Length is $announced",
                )
            }
        } else {
            received += portion.size
        }
        return portion
    }

    private fun fromKept(
        bytes: ByteArray,
        max: Int,
    ): ByteArray {
        val to = minOf(bytes.size, keptAt + max)
        val portion = bytes.copyOfRange(keptAt, to)
        if (to == bytes.size) kept = null else keptAt = to
        return portion
    }

    /** As [portion], but in whole [units]: as few bytes more than [max] as one of them needs. */
    private suspend fun chunk(max: Int): ByteArray? {
        if (units == null) return portion(max)
        while (true) {
            val bytes = kept
            if (bytes != null) {
                val count = bytes.size - keptAt
                val whole = units.wholeIn(bytes, keptAt, keptAt + minOf(count, max)).orElse { firstUnit(bytes, units) }
                if (whole > 0 || count > MOST_HELD) return fromKept(bytes, if (whole > 0) whole else max)
            }
            // What is kept stays so until all of it is there: this wait may be cancelled.
            val more = received(maxOf(max, UNIT)) ?: break
            keep(more)
        }
        return kept?.let { fromKept(it, it.size) }
    }

    private inline fun Int.orElse(other: () -> Int) = if (this > 0) this else other()

    private fun firstUnit(
        bytes: ByteArray,
        units: TransferUnits,
    ): Int =
        (keptAt + 1..bytes.size).firstNotNullOfOrNull { units.wholeIn(bytes, keptAt, it).takeIf { n -> n > 0 } } ?: 0

    private fun keep(more: ByteArray) {
        val before = kept
        kept = if (before == null) more else before.copyOfRange(keptAt, before.size) + more
        keptAt = 0
    }

    /** The reader goes on to the next part. */
    suspend fun leave() {
        kept = null
        if (ended) return
        scanner.skipPart()
        ended = true
    }

    private suspend fun all(): ByteArray {
        val all = ByteArrayOutputStream()
        while (true) {
            val portion = portion(PORTION) ?: break
            add(portion, portion.size, all)
        }
        return all.toByteArray()
    }

    private fun add(
        bytes: ByteArray,
        count: Int,
        to: ByteArrayOutputStream,
    ) {
        if (limits.maxPartSize() in 1 until to.size().toLong() + count) throw tooLarge(limits)
        to.write(bytes, 0, count)
    }

    override fun read(): Coroutine<ByteArray> = coroutine { all() }

    override fun read(decode: Boolean): Coroutine<ByteArray> = if (decode) coroutine { decoded() } else read()

    override fun readChunk(size: Int): Coroutine<ByteArray> {
        require(size > 0) { "A chunk has at least one byte, not $size" }
        return coroutine { chunk(size) ?: NOTHING }
    }

    override fun readChunk(): Coroutine<ByteArray> = readChunk(PORTION)

    override fun readline(): Coroutine<ByteArray> =
        coroutine {
            val line = ByteArrayOutputStream()
            while (true) {
                val portion = portion(PORTION) ?: break
                val lf = portion.indexOf('\n'.code.toByte())
                add(portion, if (lf < 0) portion.size else lf + 1, line)
                if (lf >= 0) {
                    keepFrom(portion, lf + 1)
                    break
                }
            }
            line.toByteArray()
        }

    private fun keepFrom(
        portion: ByteArray,
        at: Int,
    ) {
        if (at == portion.size) return
        val more = kept?.copyOfRange(keptAt, kept!!.size) ?: NOTHING
        kept = if (more.isEmpty()) portion else portion.copyOfRange(at, portion.size) + more
        keptAt = if (more.isEmpty()) at else 0
    }

    override fun chunks(): AsyncIterator<ByteArray> =
        asyncGenerator {
            while (true) yield(chunk(PORTION) ?: break)
        }

    override fun release(): Coroutine<Void?> =
        coroutine {
            leave()
            null
        }

    // ---- decoding

    override fun decode(data: ByteArray): ByteArray =
        if (ofForm) data else PartCodings.decode(data, headers, limits, atEof())

    private suspend fun decoded(): ByteArray {
        val all = all()
        return if (ofForm) all else PartCodings.decodeInPieces(all, headers, limits)
    }

    private fun charset() = type?.charset ?: formCharset ?: Charsets.UTF_8

    override fun text(): Coroutine<String> = coroutine { String(decoded(), charset()) }

    override fun text(charset: Charset): Coroutine<String> = coroutine { String(decoded(), charset) }

    override fun <T : Any> json(type: Type): Coroutine<T?> =
        coroutine {
            val bytes = decoded()
            val charset = charset()
            when {
                bytes.all { it in BLANKS } -> null
                charset == Charsets.UTF_8 || charset == Charsets.US_ASCII -> JacksonCodec.standard.read<T>(bytes, type)
                else -> JacksonCodec.standard.read<T>(String(bytes, charset).toByteArray(), type)
            }
        }

    override fun form(): Coroutine<List<Map.Entry<String, String>>> =
        coroutine {
            try {
                Forms.decode(String(decoded(), Charsets.UTF_8).trim(), charset())
            } catch (error: IllegalArgumentException) {
                throw ClientPayloadException(
                    "A part of the multipart body is not a urlencoded form: a % without two hexadecimal digits",
                )
            }
        }

    suspend fun charsetNamed(): Charset {
        val name = ByteArrayOutputStream()
        while (true) {
            name.writeBytes(portion(MAX_CHARSET + 1) ?: break)
            if (name.size() > MAX_CHARSET) throw badCharset()
        }
        return try {
            Charset.forName(name.toString(Charsets.ISO_8859_1).trim())
        } catch (_: IllegalArgumentException) {
            throw badCharset()
        }
    }

    private fun badCharset() =
        ClientPayloadException("The field _charset_ of the form names no charset that is known here")

    // ---- a multipart body of its own

    override fun isMultipart(): Boolean = contentType().startsWith("multipart/")

    override fun multipart(): MultipartReader =
        MultipartReaderImpl.of(headers.get("content-type").orEmpty(), { portion(PORTION) }, limits, depth + 1)

    override fun toString(): String = "<BodyPartReader ${contentType()}>"

    companion object {
        private val NOTHING = ByteArray(0)
        private val BLANKS = byteArrayOf(' '.code.toByte(), '\t'.code.toByte(), '\r'.code.toByte(), '\n'.code.toByte())

        /** As many bytes are waited for where a smaller chunk is asked for. */
        private const val UNIT = 4

        /** No unit is as long. What has none in so many bytes is not encoded as it says. */
        private const val MOST_HELD = 1024

        /** The longest name that the registry of charsets has is not as long. */
        private const val MAX_CHARSET = 31

        fun tooLarge(limits: MultipartLimits) =
            ClientPayloadException(
                "A part of the multipart body is larger than ${limits.maxPartSize()} bytes, the limit of maxPartSize;" +
                    " read it in chunks",
            )
    }
}
