package asyncio.internal.file

import asyncio.file.Newline
import asyncio.file.TextOptions
import asyncio.file.UnicodeDecodeException
import asyncio.file.UnicodeEncodeException
import java.nio.ByteBuffer
import java.nio.CharBuffer
import java.nio.charset.CharsetEncoder

/** How lines end in memory, and in files. */
internal object LineEnds {
    /** Every kind of line end becomes `\n`. */
    fun toLf(
        chars: CharArray,
        from: Int,
        to: Int,
    ): String {
        var i = from
        while (i < to && chars[i] != '\r') i++
        if (i == to) return String(chars, from, to - from)
        val text = StringBuilder(to - from)
        i = from
        while (i < to) {
            val char = chars[i++]
            if (char == '\r') {
                if (i < to && chars[i] == '\n') i++
                text.append('\n')
            } else {
                text.append(char)
            }
        }
        return text.toString()
    }

    /** What is written for [text]. */
    fun toFile(
        text: String,
        newline: Newline,
    ): String {
        val end =
            when (newline) {
                Newline.UNIVERSAL -> System.lineSeparator()
                Newline.CR -> "\r"
                Newline.CRLF -> "\r\n"
                Newline.UNTRANSLATED, Newline.LF -> "\n"
            }
        return if (end == "\n") text else text.replace("\n", end)
    }

    /** [line] without its end. */
    fun strip(
        line: String,
        newline: Newline,
    ): String =
        when (newline) {
            Newline.UNTRANSLATED -> {
                if (line.endsWith(
                        "\r\n",
                    )
                ) {
                    line.dropLast(2)
                } else {
                    line.removeSuffix("\n").removeSuffix("\r")
                }
            }

            Newline.CR -> {
                line.removeSuffix("\r")
            }

            Newline.CRLF -> {
                line.removeSuffix("\r\n")
            }

            Newline.UNIVERSAL, Newline.LF -> {
                line.removeSuffix("\n")
            }
        }
}

/** Whole texts to bytes and back. */
internal object Texts {
    fun encoder(options: TextOptions): CharsetEncoder =
        options
            .encoding()
            .newEncoder()
            .onMalformedInput(options.errors())
            .onUnmappableCharacter(options.errors())

    /** [text] as bytes; [isLast] if no more comes. */
    fun encode(
        encoder: CharsetEncoder,
        text: String,
        options: TextOptions,
        isLast: Boolean,
    ): ByteBuffer {
        val input = CharBuffer.wrap(LineEnds.toFile(text, options.newline()))
        val output = ByteBuffer.allocate((input.length * encoder.maxBytesPerChar().toDouble()).toInt() + 16)
        // As if it were the last: half of a surrogate pair is a mistake.
        val result = encoder.encode(input, output, true)
        if (result.isError) {
            encoder.reset()
            val at = input.position()
            throw UnicodeEncodeException(options.encoding(), at, Character.codePointAt(input, 0))
        }
        if (isLast) encoder.flush(output)
        return output.flip()
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
