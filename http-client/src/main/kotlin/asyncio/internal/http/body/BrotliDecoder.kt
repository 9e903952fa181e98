package asyncio.internal.http.body

import asyncio.internal.stream.ByteQueue
import com.aayushatharva.brotli4j.Brotli4jLoader
import com.aayushatharva.brotli4j.decoder.DecoderJNI
import java.nio.ByteBuffer

internal object BrotliLibrary {
    val isAvailable: Boolean =
        try {
            Brotli4jLoader.isAvailable()
        } catch (_: LinkageError) {
            false
        }
}

/**
 * Brotli (RFC 7932), by brotli4j. It decodes into a window of its own, of 16 MiB at most, from which it is asked for pieces.
 */
internal class BrotliDecoder : Decoder() {
    private val native = DecoderJNI.Wrapper(INPUT)

    /** Decoded bytes that were not given out yet, in native memory, which the next native call makes invalid. */
    private var pulled: ByteBuffer? = null

    /** Something was pulled since the last push: the bits that are left may be the end, which only a push finds. */
    private var mayGoOn = false
    private var begun = false
    private var closed = false

    override val isComplete: Boolean get() = !begun || native.status == DecoderJNI.Status.DONE

    override fun decode(
        input: ByteQueue,
        output: ByteArray,
        start: Int,
        end: Int,
    ): Int {
        check(!closed)
        while (true) {
            val pulled = pulled
            if (pulled != null) {
                val count = minOf(pulled.remaining(), end - start)
                pulled.get(output, start, count)
                if (!pulled.hasRemaining()) this.pulled = null
                if (count > 0) return count
            } else if (native.hasOutput() || native.status == DecoderJNI.Status.NEEDS_MORE_OUTPUT) {
                this.pulled = native.pull()
                mayGoOn = true
            } else if (!push(input)) {
                return 0
            }
        }
    }

    /** Has more input decoded; false if there is none. */
    private fun push(input: ByteQueue): Boolean {
        when (native.status!!) {
            DecoderJNI.Status.NEEDS_MORE_INPUT -> {
                val chunk = input.first
                if (chunk == null && !mayGoOn) return false
                mayGoOn = false
                native.push(if (chunk == null) 0 else offer(chunk, input))
            }

            DecoderJNI.Status.OK -> {
                native.push(0)
            }

            DecoderJNI.Status.DONE -> {
                if (input.isEmpty) return false
                throw BadContentException("something else follows the end of the brotli data")
            }

            DecoderJNI.Status.ERROR, DecoderJNI.Status.NEEDS_MORE_OUTPUT -> {
                throw BadContentException("the brotli data are malformed")
            }
        }
        return true
    }

    private fun offer(
        chunk: ByteQueue.Chunk,
        input: ByteQueue,
    ): Int {
        val buffer = native.inputBuffer
        buffer.clear()
        val count = minOf(chunk.size, buffer.remaining())
        buffer.put(chunk.array, chunk.start, count)
        input.skip(count)
        begun = true
        return count
    }

    override fun close() {
        if (closed) return
        closed = true
        pulled = null
        native.destroy()
    }

    private companion object {
        const val INPUT = 8 * 1024
    }
}
