package asyncio.internal.file

import asyncio.file.Newline
import asyncio.file.TextOptions
import asyncio.file.UnicodeDecodeException
import asyncio.file.UnicodeEncodeException
import java.nio.ByteBuffer
import java.nio.CharBuffer
import java.nio.charset.Charset
import java.nio.charset.CharsetEncoder
import java.nio.charset.CodingErrorAction

/** Whole texts to bytes and back. */
internal object Texts {
    private const val SPARE = 16

    fun encoder(options: TextOptions): CharsetEncoder {
        val encoder =
            options
                .encoding()
                .newEncoder()
                .onMalformedInput(options.errors())
                .onUnmappableCharacter(options.errors())
        if (options.errors() != CodingErrorAction.REPLACE) return encoder
        // The JDK's is U+FFFD in some charsets, and a symbol in others.
        val replacement = questionMark(options.encoding())
        if (encoder.isLegalReplacement(replacement)) encoder.replaceWith(replacement)
        return encoder
    }

    private fun questionMark(charset: Charset): ByteArray {
        val encoder = charset.newEncoder()
        val bytes = ByteBuffer.allocate(SPARE)
        // The first one may come with a byte order mark.
        encoder.encode(CharBuffer.wrap("?"), bytes, false)
        val begin = bytes.position()
        encoder.encode(CharBuffer.wrap("?"), bytes, true)
        return bytes.array().copyOfRange(begin, bytes.position())
    }

    /** [text] as bytes, with more to come; line ends are those of the file. */
    fun encode(
        encoder: CharsetEncoder,
        text: String,
        charset: Charset,
    ): ByteBuffer {
        val input = CharBuffer.wrap(text)
        val output = ByteBuffer.allocate((input.length * encoder.maxBytesPerChar().toDouble()).toInt() + 16)
        // As if it were the last: half of a surrogate pair is a mistake.
        val result = encoder.encode(input, output, true)
        if (result.isError) throw UnicodeEncodeException(charset, input.position(), Character.codePointAt(input, 0))
        return output.flip()
    }

    /** The bytes of a file of [text], or of its end if it [isInside]. */
    fun encode(
        text: String,
        options: TextOptions,
        isInside: Boolean,
    ): List<ByteBuffer> {
        val encoder = TextEncoder(options, isInside)
        return listOf(encoder.encode(text), encoder.end())
    }

    fun decode(
        bytes: ByteArray,
        options: TextOptions,
    ): String {
        val decoder =
            options
                .encoding()
                .newDecoder()
                .onMalformedInput(options.errors())
                .onUnmappableCharacter(options.errors())
        val input = ByteBuffer.wrap(bytes)
        val output = CharBuffer.allocate((bytes.size * decoder.maxCharsPerByte().toDouble()).toInt() + 16)
        val result = decoder.decode(input, output, true)
        if (result.isError) {
            val wrong = ByteArray(result.length())
            input.get(input.position(), wrong)
            throw UnicodeDecodeException(options.encoding(), input.position().toLong(), wrong)
        }
        decoder.flush(output)
        val size = output.position()
        return if (options.newline() == Newline.UNIVERSAL) {
            LineEnds.toLf(output.array(), 0, size)
        } else {
            String(output.array(), 0, size)
        }
    }
}
