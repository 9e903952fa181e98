package asyncio.internal.http.cookie

/**
 * Values as they stand in a header. One with characters that may not stand there is put in quotes in the manner of Python's
 * `http.cookies`, which RFC 6265 lets pass.
 */
internal object CookieValues {
    /** The value as it may be sent. */
    fun quote(value: String): String {
        if (value.all(::isOctet)) return value
        val text = StringBuilder(value.length + 8).append('"')
        for (char in value) {
            when {
                char == '"' || char == '\\' -> {
                    text.append('\\').append(char)
                }

                isOctet(char) || char == ' ' || char.code > 0xFF -> {
                    text.append(char)
                }

                else -> {
                    text.append('\\')
                    for (shift in intArrayOf(6, 3, 0)) text.append('0' + (char.code shr shift and 7))
                }
            }
        }
        return text.append('"').toString()
    }

    /** The meaning of a received value. */
    fun unquote(coded: String): String {
        if (coded.length < 2 || coded[0] != '"' || coded.last() != '"') return coded
        val inner = coded.substring(1, coded.length - 1)
        if ('\\' !in inner) return inner
        val text = StringBuilder(inner.length)
        var at = 0
        while (at < inner.length) {
            val char = inner[at]
            val code = if (char == '\\') octal(inner, at + 1) else -1
            when {
                code >= 0 -> {
                    text.append(code.toChar())
                    at += 4
                }

                char == '\\' && at + 1 < inner.length -> {
                    text.append(inner[at + 1])
                    at += 2
                }

                else -> {
                    text.append(char)
                    at++
                }
            }
        }
        return text.toString()
    }

    /** Where a value cannot be sent as it is, or -1. */
    fun indexOfIllegal(value: String): Int =
        value.indexOfFirst { it.code < 0x20 && it != '\t' || it.code == 0x7F || it == ';' }

    private fun octal(
        text: String,
        at: Int,
    ): Int {
        if (at + 2 >= text.length || text[at] !in '0'..'3') return -1
        val digits = text.substring(at, at + 3)
        return if (digits.all { it in '0'..'7' }) digits.toInt(8) else -1
    }

    /** A cookie-octet of RFC 6265. */
    private fun isOctet(char: Char) =
        char.code in 0x21..0x7E && char != '"' && char != ',' && char != ';' && char != '\\'
}
