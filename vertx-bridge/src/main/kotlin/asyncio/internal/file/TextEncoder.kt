package asyncio.internal.file

import asyncio.file.TextOptions
import asyncio.file.UnicodeEncodeException
import java.nio.ByteBuffer
import java.nio.CharBuffer

/**
 * Encodes what is written to a file, one text after the other. A text that cannot be encoded leaves everything as it was, because nothing
 * of it is written.
 */
internal class TextEncoder(
    private val options: TextOptions,
    /** There is something before the first text: no byte order mark belongs there. */
    isInside: Boolean,
) {
    private val encoder = Texts.encoder(options)

    /** The last character that was encoded, which tells the state of the charset; null at the begin of a file. */
    private var last: String? = if (isInside) SOME else null
    private var hasEncoded = false

    init {
        bringBackState()
    }

    fun encode(text: CharSequence): ByteBuffer {
        val content = LineEnds.toFile(text.toString(), options.newline())
        val bytes =
            try {
                Texts.encode(encoder, content, options.encoding())
            } catch (error: UnicodeEncodeException) {
                bringBackState()
                throw error
            }
        if (content.isNotEmpty()) {
            last = Character.toString(content.codePointBefore(content.length))
            hasEncoded = true
        }
        return bytes
    }

    private fun bringBackState() {
        encoder.reset()
        last?.let { encoder.encode(CharBuffer.wrap(it), ByteBuffer.allocate(SPARE), true) }
    }

    /** Of a charset whose bytes mean different things, the last ones bring back the first meaning. */
    fun end(): ByteBuffer {
        val bytes = ByteBuffer.allocate(SPARE)
        if (hasEncoded) encoder.flush(bytes)
        return bytes.flip()
    }

    private companion object {
        const val SOME = "a"
        const val SPARE = 16
    }
}
