package asyncio.internal.http.ws

import asyncio.internal.http.bytes.ByteBuilder
import java.util.zip.Deflater

/**
 * Deflates the messages of one connection.
 *
 * The JDK's zlib has a window of 15 bits only. If the server grants a smaller one, earlier data is forgotten each time
 * that the window is full: so nothing refers back further.
 *
 * @param windowBits from 8 to 15
 * @param keepsContext whether a message may refer to those before it
 */
internal class MessageDeflater(
    windowBits: Int,
    private val keepsContext: Boolean,
) : AutoCloseable {
    private val deflater = Deflater(Deflater.DEFAULT_COMPRESSION, true)
    private val window = if (windowBits == 15) Int.MAX_VALUE else 1 shl windowBits
    private var inWindow = 0
    private val out = ByteBuilder()

    /** Deflates [data], which must not be empty. */
    fun deflate(data: ByteArray): ByteArray {
        var start = 0
        while (start < data.size) {
            if (inWindow == window) {
                drain(Deflater.FULL_FLUSH)
                inWindow = 0
            }
            val size = minOf(data.size - start, window - inWindow)
            deflater.setInput(data, start, size)
            start += size
            if (window < Int.MAX_VALUE) inWindow += size
            drain(if (start == data.size) Deflater.SYNC_FLUSH else Deflater.NO_FLUSH)
        }
        if (!keepsContext) {
            deflater.reset()
            inWindow = 0
        }
        out.size -= TAIL_SIZE
        return out.take()
    }

    private fun drain(flush: Int) {
        while (true) {
            // With less room than this a flush might be repeated.
            out.reserve(MIN_ROOM, ByteBuilder.LARGEST)
            val room = out.array.size - out.size
            val added = deflater.deflate(out.array, out.size, room, flush)
            out.size += added
            if (added < room) return
        }
    }

    override fun close(): Unit = deflater.end()

    private companion object {
        /** `00 00 FF FF`, RFC 7692, 7.2.1. */
        const val TAIL_SIZE = 4
        const val MIN_ROOM = 64
    }
}
