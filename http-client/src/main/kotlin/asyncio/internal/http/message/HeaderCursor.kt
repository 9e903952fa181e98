package asyncio.internal.http.message

/** A place in the text of a header, which goes from the left to the right without a step back: a server chooses the text. */
internal class HeaderCursor(
    val text: String,
) {
    var at: Int = 0

    val isAtEnd: Boolean get() = at >= text.length

    fun isAt(char: Char): Boolean = at < text.length && text[at] == char

    /** Steps over [char] if it is at hand. */
    fun take(char: Char): Boolean = isAt(char).also { if (it) at++ }

    inline fun skip(which: (Char) -> Boolean) {
        while (at < text.length && which(text[at])) at++
    }

    fun skipBlanks(): Unit = skip(::isBlank)

    inline fun takeWhile(which: (Char) -> Boolean): String {
        val start = at
        skip(which)
        return text.substring(start, at)
    }

    /** A quoted string (RFC 9110, 5.6.4), whose first quote is at hand; all that is left, if it has no end. */
    fun quoted(): String {
        val value = StringBuilder()
        at++
        while (at < text.length && text[at] != '"') {
            if (text[at] == '\\' && at + 1 < text.length) at++
            value.append(text[at++])
        }
        isClosed = take('"')
        return value.toString()
    }

    /** Whether the last [quoted] string had an end. */
    var isClosed: Boolean = false
        private set

    companion object {
        fun isBlank(char: Char): Boolean = char == ' ' || char == '\t'
    }
}
