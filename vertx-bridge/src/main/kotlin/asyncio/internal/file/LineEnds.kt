package asyncio.internal.file

import asyncio.file.Newline

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
                if (line.endsWith("\r\n")) {
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
