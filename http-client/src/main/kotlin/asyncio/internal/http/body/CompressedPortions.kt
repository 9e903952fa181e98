package asyncio.internal.http.body

import asyncio.internal.http.payload.Portions
import asyncio.kotlin.sleep
import com.aayushatharva.brotli4j.encoder.BrotliOutputStream
import com.aayushatharva.brotli4j.encoder.Encoder
import com.github.luben.zstd.ZstdOutputStream
import java.io.ByteArrayOutputStream
import java.io.OutputStream
import java.util.zip.Deflater
import java.util.zip.DeflaterOutputStream
import java.util.zip.GZIPOutputStream
import kotlin.time.Duration

/**
 * The coding of that name, to be applied to the body of a request.
 *
 * @throws IllegalArgumentException if there is none, or if it needs what is not on the class path
 */
internal fun requestCoding(name: String): ContentCoding {
    val coding = ContentCoding.of(name)
    require(coding != null && coding.isAvailable) {
        val library =
            when (coding) {
                ContentCoding.BROTLI -> ". For br add brotli4j to the class path"
                ContentCoding.ZSTD -> ". For zstd add zstd-jni to the class path"
                else -> ""
            }
        "Cannot compress with \"$name\": there are ${AcceptEncoding.value}$library"
    }
    return coding
}

/** These portions, encoded on their way; how many bytes that makes is not known before. */
internal fun Portions.compressed(coding: ContentCoding): Portions = CompressedPortions(this, coding)

private class CompressedPortions(
    private val source: Portions,
    private val coding: ContentCoding,
) : Portions {
    private val gathered = ByteArrayOutputStream()

    /** Made when the first portion is asked for: it holds native memory. */
    private var coder: OutputStream? = null
    private var ended = false

    /** The present portion, and how far it is encoded. */
    private var portion = NO_BYTES
    private var at = 0

    override val size: Long get() = -1

    override suspend fun next(): ByteArray? {
        if (ended) return null
        val coder = coder ?: coding.newEncoder(gathered).also { coder = it }
        var unbroken = 0
        while (gathered.size() < PIECE) {
            if (at == portion.size) {
                val next = source.next()
                if (next == null) {
                    end()
                    return taken()
                }
                portion = next
                at = 0
                unbroken = 0
            }
            if (unbroken >= UNBROKEN) {
                sleep(Duration.ZERO)
                unbroken = 0
            }
            val count = minOf(STEP, portion.size - at)
            coder.write(portion, at, count)
            at += count
            unbroken += count
        }
        return taken()
    }

    private fun taken(): ByteArray = gathered.toByteArray().also { gathered.reset() }

    private fun end() {
        ended = true
        portion = NO_BYTES
        coder?.close()
        coder = null
    }

    override suspend fun close() {
        try {
            if (!ended) end()
            gathered.reset()
        } finally {
            source.close()
        }
    }

    private companion object {
        val NO_BYTES = ByteArray(0)

        /** Smaller pieces are not worth a chunk of their own. */
        const val PIECE = 16 * 1024
        const val STEP = 16 * 1024

        /** How much is encoded while no other task can run: some milliseconds. */
        const val UNBROKEN = 256 * 1024
    }
}

private fun ContentCoding.newEncoder(sink: OutputStream): OutputStream =
    when (this) {
        ContentCoding.GZIP -> GZIPOutputStream(sink, BUFFER)
        ContentCoding.DEFLATE -> ZlibOutputStream(sink)
        ContentCoding.BROTLI -> BrotliOutputStream(sink, Encoder.Parameters.create(BROTLI_QUALITY))
        ContentCoding.ZSTD -> ZstdOutputStream(sink)
    }

/** A [DeflaterOutputStream] ends a deflater only if that is its own, and with one of its own has a tiny buffer. */
private class ZlibOutputStream(
    sink: OutputStream,
) : DeflaterOutputStream(sink, Deflater(), BUFFER) {
    override fun close() {
        try {
            super.close()
        } finally {
            def.end()
        }
    }
}

private const val BUFFER = 8 * 1024

/** The best one takes half a second for a megabyte. */
private const val BROTLI_QUALITY = 5
