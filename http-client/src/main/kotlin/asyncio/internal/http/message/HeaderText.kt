package asyncio.internal.http.message

import java.nio.ByteBuffer
import java.nio.CharBuffer

/**
 * The values of headers as text, and as they are on the wire: there each char is a byte.
 *
 * Text is in UTF-8. A byte that is not part of UTF-8 is the char U+DC00 plus its value in the text, as Python's
 * `surrogateescape` has it, so that each value goes back as it came.
 */
internal object HeaderText {
    fun toWire(text: String): String {
        if (isAscii(text)) return text
        val wire = StringBuilder(text.length + 16)
        var start = 0
        for (at in text.indices) {
            if (!isEscape(text, at)) continue
            appendBytes(text, start, at, wire)
            wire.append((text[at].code and 0xFF).toChar())
            start = at + 1
        }
        appendBytes(text, start, text.length, wire)
        return wire.toString()
    }

    fun fromWire(wire: String): String {
        if (isAscii(wire)) return wire
        val bytes = ByteBuffer.wrap(wire.toByteArray(Charsets.ISO_8859_1))
        val text = CharBuffer.allocate(bytes.remaining())
        val decoder = Charsets.UTF_8.newDecoder()
        while (true) {
            val result = decoder.decode(bytes, text, true)
            if (!result.isError) break
            repeat(result.length()) { text.put((FIRST_ESCAPE.code or (bytes.get().toInt() and 0xFF)).toChar()) }
        }
        return text.flip().toString()
    }

    /** Whether a byte in [text] is not part of UTF-8. */
    fun hasEscapes(text: String): Boolean = text.indices.any { isEscape(text, it) }

    private fun isAscii(text: String) = text.all { it.code < 0x80 }

    private fun isEscape(
        text: String,
        at: Int,
    ) = text[at] in FIRST_ESCAPE + 0x80..FIRST_ESCAPE + 0xFF && (at == 0 || !text[at - 1].isHighSurrogate())

    private fun appendBytes(
        text: String,
        from: Int,
        to: Int,
        wire: StringBuilder,
    ) {
        if (from < to) wire.append(String(text.substring(from, to).toByteArray(), Charsets.ISO_8859_1))
    }

    private const val FIRST_ESCAPE = '\uDC00'
}
