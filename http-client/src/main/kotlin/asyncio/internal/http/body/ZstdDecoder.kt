package asyncio.internal.http.body

import asyncio.internal.stream.ByteQueue
import com.github.luben.zstd.ZstdBufferDecompressingStreamNoFinalizer
import com.github.luben.zstd.ZstdIOException
import com.github.luben.zstd.util.Native
import java.nio.ByteBuffer

internal object ZstdLibrary {
    val isAvailable: Boolean =
        try {
            Native.load()
            true
        } catch (_: LinkageError) {
            false
        }
}

/**
 * Zstandard (RFC 8878), by zstd-jni: one frame or several. A window is 8 MiB at most, as RFC 9659 wants it for HTTP.
 *
 * zstd-jni knows formats from before the RFC as well; these are refused, because they are not in use.
 */
internal class ZstdDecoder : Decoder() {
    private val native = Frames()
    private var frames = 0

    /** How many bytes of the present frame's magic number were seen, and which one it is. */
    private var magicSeen = 0
    private var isSkippable = false

    /** The last output was full, so that there may be more. */
    private var mayHaveMore = false
    private var closed = false

    override var isComplete = true
        private set

    override fun decode(
        input: ByteQueue,
        output: ByteArray,
        start: Int,
        end: Int,
    ): Int {
        check(!closed)
        while (true) {
            val chunk = input.first
            if (chunk == null && !mayHaveMore) return 0
            if (chunk != null && magicSeen < MAGIC_SIZE) checkMagic(chunk)
            val count = decode(chunk, input, output, start, end)
            if (count > 0) return count
        }
    }

    private fun decode(
        chunk: ByteQueue.Chunk?,
        input: ByteQueue,
        output: ByteArray,
        start: Int,
        end: Int,
    ): Int {
        val from = chunk?.let { ByteBuffer.wrap(it.array, it.start, it.size) } ?: ByteBuffer.wrap(NO_BYTES)
        val into = ByteBuffer.wrap(output, start, end - start)
        val count =
            try {
                native.decode(from, into)
            } catch (error: ZstdIOException) {
                throw BadContentException("the zstd data are malformed: ${error.message}", error)
            }
        val used = if (chunk == null) 0 else from.position() - chunk.start
        if (used > 0) input.skip(used)
        isComplete = native.isFrameEnded()
        mayHaveMore = !isComplete && !into.hasRemaining()
        if (isComplete) {
            magicSeen = 0
            if (++frames > MOST_FRAMES) throw BadContentException("more than $MOST_FRAMES zstd frames")
        } else if (count == 0 && used == 0 && chunk != null) {
            throw BadContentException("the zstd data are malformed")
        }
        return count
    }

    private fun checkMagic(chunk: ByteQueue.Chunk) {
        var at = chunk.start
        while (at < chunk.end && magicSeen < MAGIC_SIZE) {
            val byte = chunk.array[at++].toInt() and 0xff
            if (magicSeen == 0) isSkippable = byte and 0xf0 == 0x50
            val isRight =
                if (isSkippable && magicSeen == 0) {
                    true
                } else {
                    byte == (if (isSkippable) SKIPPABLE_MAGIC else MAGIC)[magicSeen]
                }
            if (!isRight) {
                val isFirst = frames == 0
                throw BadContentException(
                    if (isFirst) {
                        "it does not begin with a zstd frame"
                    } else {
                        "something else follows the end of a zstd frame"
                    },
                )
            }
            magicSeen++
        }
    }

    override fun close() {
        if (closed) return
        closed = true
        native.close()
    }

    /**
     * Believes itself at its end only between two calls: the class of zstd-jni would not go on after a frame that ends
     * together with the input, so it is always shown some more.
     */
    private class Frames : ZstdBufferDecompressingStreamNoFinalizer(ByteBuffer.wrap(NO_BYTES)) {
        init {
            setLongMax(WINDOW_LOG)
        }

        fun decode(
            from: ByteBuffer,
            into: ByteBuffer,
        ): Int {
            source = from
            return read(into)
        }

        fun isFrameEnded(): Boolean {
            source = ByteBuffer.wrap(NO_BYTES)
            return !hasRemaining()
        }

        override fun refill(toRefill: ByteBuffer): ByteBuffer = ByteBuffer.wrap(ONE_BYTE)
    }

    private companion object {
        const val WINDOW_LOG = 23
        const val MAGIC_SIZE = 4

        /** As many as gzip members. */
        const val MOST_FRAMES = 1024
        val MAGIC = intArrayOf(0x28, 0xb5, 0x2f, 0xfd)
        val SKIPPABLE_MAGIC = intArrayOf(0x50, 0x2a, 0x4d, 0x18)
        val NO_BYTES = ByteArray(0)
        val ONE_BYTE = ByteArray(1)
    }
}
