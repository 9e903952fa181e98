package asyncio.internal.http.body

import com.aayushatharva.brotli4j.Brotli4jLoader
import com.aayushatharva.brotli4j.encoder.BrotliOutputStream
import com.aayushatharva.brotli4j.encoder.Encoder
import com.github.luben.zstd.ZstdOutputStream
import java.io.ByteArrayOutputStream
import java.io.OutputStream
import java.util.zip.CRC32
import java.util.zip.Deflater
import java.util.zip.DeflaterOutputStream
import java.util.zip.GZIPOutputStream

/** How test data are encoded: by other code than the one that decodes them. */
internal object Codecs {
    private val FAST = Encoder.Parameters.create(4)

    init {
        Brotli4jLoader.ensureAvailability()
    }

    /** Those whose data have a checksum. */
    val checked =
        mapOf<String, (ByteArray) -> ByteArray>(
            "gzip" to { bytes -> through(bytes) { GZIPOutputStream(it) } },
            "deflate" to { bytes -> through(bytes) { DeflaterOutputStream(it) } },
            "zstd" to { bytes -> through(bytes) { ZstdOutputStream(it).setChecksum(true) } },
        )
    val unchecked =
        mapOf<String, (ByteArray) -> ByteArray>(
            "br" to { bytes -> through(bytes) { BrotliOutputStream(it, FAST) } },
            "DEFLATE" to { bytes -> through(bytes) { DeflaterOutputStream(it, Deflater(9, true)) } },
            "Zstd" to { bytes -> through(bytes) { ZstdOutputStream(it).setChecksum(false) } },
        )
    val all = checked + unchecked

    fun encode(
        coding: String,
        bytes: ByteArray,
    ): ByteArray = all.getValue(coding)(bytes)

    private fun through(
        bytes: ByteArray,
        coder: (OutputStream) -> OutputStream,
    ): ByteArray {
        val encoded = ByteArrayOutputStream()
        coder(encoded).use { it.write(bytes) }
        return encoded.toByteArray()
    }

    private val bombs = HashMap<Pair<String, Int>, ByteArray>()

    /** [count] zeros, encoded without having them all in memory. */
    fun bomb(
        coding: String,
        count: Int,
    ): ByteArray = bombs.getOrPut(coding to count) { newBomb(coding, count) }

    private fun newBomb(
        coding: String,
        count: Int,
    ): ByteArray {
        val encoded = ByteArrayOutputStream()
        val coder: OutputStream =
            when (coding) {
                "gzip" -> GZIPOutputStream(encoded)
                "deflate" -> DeflaterOutputStream(encoded)
                "br" -> BrotliOutputStream(encoded, FAST)
                else -> ZstdOutputStream(encoded)
            }
        val zeros = ByteArray(1 shl 20)
        coder.use { for (i in 0 until count / zeros.size) it.write(zeros) }
        return encoded.toByteArray()
    }

    /** A gzip member with these parts in its header, and the header's checksum if the flags say so. */
    fun gzip(
        content: ByteArray,
        flags: Int,
        extra: ByteArray = ByteArray(0),
        name: String = "",
        comment: String = "",
    ): ByteArray {
        val out = ByteArrayOutputStream()
        out.write(byteArrayOf(0x1f, 0x8b.toByte(), 8, flags.toByte(), 1, 2, 3, 4, 5, 6))
        if (flags and 4 != 0) {
            out.write(extra.size and 0xff)
            out.write(extra.size shr 8)
            out.write(extra)
        }
        if (flags and 8 != 0) out.write((name + "\u0000").toByteArray())
        if (flags and 16 != 0) out.write((comment + "\u0000").toByteArray())
        if (flags and 2 != 0) {
            val crc = CRC32().apply { update(out.toByteArray()) }.value
            out.write((crc and 0xff).toInt())
            out.write((crc shr 8 and 0xff).toInt())
        }
        val plain = encode("gzip", content)
        out.write(plain, 10, plain.size - 10)
        return out.toByteArray()
    }
}

internal fun hex(text: String): ByteArray =
    ByteArray(text.length / 2) {
        text.substring(2 * it, 2 * it + 2).toInt(16).toByte()
    }
