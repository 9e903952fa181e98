package asyncio.internal.http.ws

import asyncio.http.WSCloseCode
import asyncio.http.WebSocketException
import asyncio.internal.http.bytes.ByteBuilder
import java.util.zip.DataFormatException
import java.util.zip.Inflater

/**
 * Inflates the messages of one connection.
 *
 * @param keepsContext whether a message may refer to those before it
 */
internal class MessageInflater(
    private val keepsContext: Boolean,
) : AutoCloseable {
    private val inflater = Inflater(true)

    /**
     * Inflates the first [size] bytes of [data]; null if that would be more than [limit] bytes, which are never made then.
     *
     * @throws WebSocketException if it is malformed
     */
    fun inflate(
        data: ByteArray,
        size: Int,
        limit: Int,
    ): ByteArray? {
        val out = ByteBuilder()
        // One more, to see that it is too much.
        val most = if (limit < ByteBuilder.LARGEST) limit + 1 else limit
        out.reserve(minOf(2L * size + 16, most.toLong()).toInt(), most)
        try {
            inflater.setInput(data, 0, size)
            var inTail = false
            while (true) {
                if (out.size == most) return null
                out.reserve(1, most)
                val added = inflater.inflate(out.array, out.size, out.array.size - out.size)
                out.size += added
                if (inflater.finished()) {
                    // A final block: what follows starts anew.
                    val rest = inflater.remaining
                    inflater.reset()
                    if (inTail || rest == 0) break
                    inflater.setInput(data, size - rest, rest)
                } else if (added == 0) {
                    if (!inflater.needsInput()) throw DataFormatException("no progress")
                    if (inTail) break
                    inTail = true
                    inflater.setInput(TAIL)
                }
            }
        } catch (malformed: DataFormatException) {
            throw WebSocketException(
                WSCloseCode.INVALID_TEXT,
                "The server sent a compressed message that is malformed",
                malformed,
            )
        }
        if (!keepsContext) inflater.reset()
        return if (out.size > limit) null else out.take()
    }

    override fun close(): Unit = inflater.end()

    private companion object {
        /** What the sender leaves out, RFC 7692, 7.2.1. */
        val TAIL = byteArrayOf(0, 0, -1, -1)
    }
}
