package asyncio.internal.http.ws

import java.nio.ByteBuffer
import java.security.SecureRandom

/** Makes the frames that a client sends: masked, and never a part of a message. */
internal class FrameEncoder {
    /** Masks have to be unpredictable, RFC 6455, 10.3. Fetched many at once, because one costs almost as much. */
    private val masks = ByteBuffer.allocate(MASKS).limit(0)

    fun encode(
        opcode: Int,
        payload: ByteArray,
        compressed: Boolean,
    ): ByteArray {
        val size = payload.size
        val lengthSize =
            when {
                size < LENGTH_16 -> 0
                size <= 0xFFFF -> 2
                else -> 8
            }
        val frame = ByteBuffer.allocate(Math.addExact(size, 2 + lengthSize + MASK_SIZE))
        frame.put((FINAL or opcode or (if (compressed) RSV_1 else 0)).toByte())
        when (lengthSize) {
            0 -> frame.put((MASKED or size).toByte())
            2 -> frame.put((MASKED or LENGTH_16).toByte()).putShort(size.toShort())
            else -> frame.put((MASKED or LENGTH_64).toByte()).putLong(size.toLong())
        }
        val mask = nextMask()
        frame.putInt(mask)
        mask(ByteBuffer.wrap(payload), mask, frame)
        return frame.array()
    }

    private fun nextMask(): Int {
        if (!masks.hasRemaining()) {
            masks.clear()
            RANDOM.nextBytes(masks.array())
        }
        return masks.getInt()
    }

    private fun mask(
        payload: ByteBuffer,
        mask: Int,
        frame: ByteBuffer,
    ) {
        val twice = mask.toLong() shl 32 or (mask.toLong() and 0xFFFFFFFFL)
        while (payload.remaining() >= 8) frame.putLong(payload.getLong() xor twice)
        var shift = 24
        while (payload.hasRemaining()) {
            frame.put((payload.get().toInt() xor (mask ushr shift)).toByte())
            shift = (shift + 24) and 31
        }
    }

    private companion object {
        const val FINAL = 0x80
        const val RSV_1 = 0x40
        const val MASKED = 0x80
        const val LENGTH_16 = 126
        const val LENGTH_64 = 127
        const val MASK_SIZE = 4
        const val MASKS = 64 * MASK_SIZE
        val RANDOM = SecureRandom()
    }
}
