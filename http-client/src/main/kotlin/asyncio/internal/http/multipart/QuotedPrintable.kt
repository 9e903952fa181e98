package asyncio.internal.http.multipart

import asyncio.internal.http.message.HttpChars
import java.io.ByteArrayOutputStream
import java.io.OutputStream

/** `quoted-printable` (RFC 2045). */
internal object QuotedPrintable {
    /** Malformed escapes stay as they are, as in other libraries. */
    fun decode(data: ByteArray): ByteArray {
        val out = ByteArrayOutputStream(data.size)
        var i = 0
        while (i < data.size) {
            val byte = data[i]
            val softEnd = if (byte == EQUALS) softBreak(data, i + 1) else -1
            val value = if (byte == EQUALS && softEnd < 0) escaped(data, i + 1) else -1
            if (softEnd >= 0) {
                i = softEnd
            } else if (value >= 0) {
                out.write(value)
                i += 3
            } else {
                out.write(byte.toInt())
                i++
            }
        }
        return out.toByteArray()
    }

    /** The index behind a line break that means nothing; -1 if there is none at [at]. */
    private fun softBreak(
        data: ByteArray,
        at: Int,
    ): Int {
        var i = at
        while (i < data.size && (data[i] == SPACE || data[i] == TAB)) i++
        if (i == data.size) return i
        if (data[i] == CR && i + 1 < data.size && data[i + 1] == LF) return i + 2
        return if (data[i] == LF) i + 1 else -1
    }

    private fun escaped(
        data: ByteArray,
        at: Int,
    ): Int {
        if (at + 1 >= data.size) return -1
        return HttpChars.hexByte(data[at].toInt(), data[at + 1].toInt())
    }

    /** Line ends stay line ends; all else comes out as it went in, byte for byte. */
    class Encoder(
        private val out: OutputStream,
    ) : OutputStream() {
        /** A byte whose encoding depends on the next one: a CR, or a space that may stand at the end of a line. */
        private var held = -1
        private var column = 0

        override fun write(byte: Int) {
            val value = byte and 0xFF
            if (held == CR.toInt() && value == LF.toInt()) {
                held = -1
                column = 0
                out.write(CR.toInt())
                out.write(LF.toInt())
                return
            }
            if (held == CR.toInt() || held >= 0 && value == CR.toInt()) {
                escape(held)
            } else if (held >= 0) {
                plain(held)
            }
            held = -1
            when {
                value == CR.toInt() || value == SPACE.toInt() || value == TAB.toInt() -> held = value
                value in 33..126 && value != EQUALS.toInt() -> plain(value)
                else -> escape(value)
            }
        }

        private fun plain(value: Int) {
            room(1)
            out.write(value)
        }

        private fun escape(value: Int) {
            room(3)
            out.write(EQUALS.toInt())
            out.write(HttpChars.HEX_DIGITS[value shr 4].code)
            out.write(HttpChars.HEX_DIGITS[value and 15].code)
        }

        private fun room(count: Int) {
            if (column + count > MAX_LINE - 1) {
                out.write(EQUALS.toInt())
                out.write(CR.toInt())
                out.write(LF.toInt())
                column = 0
            }
            column += count
        }

        override fun close() {
            if (held >= 0) escape(held)
            held = -1
        }
    }

    private const val EQUALS = '='.code.toByte()
    private const val SPACE = ' '.code.toByte()
    private const val TAB = '\t'.code.toByte()
    private const val CR = '\r'.code.toByte()
    private const val LF = '\n'.code.toByte()
    private const val MAX_LINE = 76
}
