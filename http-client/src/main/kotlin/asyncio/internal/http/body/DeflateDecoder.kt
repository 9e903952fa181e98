package asyncio.internal.http.body

import asyncio.internal.stream.ByteQueue
import java.util.zip.Inflater

/**
 * deflate: the zlib format (RFC 1950), or the bare compressed data (RFC 1951), which some servers send under that name.
 * The first two bytes tell: a zlib header is a multiple of 31 that names the method 8; bare data begin like that only
 * on purpose.
 */
internal class DeflateDecoder : Decoder() {
    private var inflater: Inflater? = null

    /** The first byte, until the second one tells its meaning. */
    private val held = ByteQueue()
    private var closed = false

    override val isComplete: Boolean get() = inflater?.finished() ?: held.isEmpty

    override fun decode(
        input: ByteQueue,
        output: ByteArray,
        start: Int,
        end: Int,
    ): Int {
        val inflater = inflater ?: begin(input) ?: return 0
        while (!inflater.finished()) {
            val from = if (held.isEmpty) input else held
            // With no input, too: the last bytes may stand for more than had room.
            val isLast = input.isEmpty
            val count = inflater.inflateFrom(from, output, start, end)
            if (count > 0) return count
            if (isLast) return 0
        }
        if (!input.isEmpty) throw BadContentException("something else follows the end of the deflate data")
        return 0
    }

    private fun begin(input: ByteQueue): Inflater? {
        check(!closed)
        if (input.isEmpty) return null
        if (held.isEmpty) {
            held.add(input.take(1))
            if (input.isEmpty) return null
        }
        val first = held.first!!.firstByte()
        val second = input.first!!.firstByte()
        val isZlib = first and 0x0f == 8 && first shr 4 <= 7 && (first * 256 + second) % 31 == 0
        return Inflater(!isZlib).also { inflater = it }
    }

    private fun ByteQueue.Chunk.firstByte() = array[start].toInt() and 0xff

    override fun close() {
        closed = true
        inflater?.end()
    }
}
