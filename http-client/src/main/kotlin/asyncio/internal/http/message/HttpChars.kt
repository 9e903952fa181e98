package asyncio.internal.http.message

import java.nio.ByteBuffer

/**
 * The characters of HTTP: which ones a token or a value may have, and how messages show them. An octet is a byte from 0 to
 * 255.
 */
internal object HttpChars {
    const val TAB: Int = 0x09
    const val LF: Int = 0x0a
    const val CR: Int = 0x0d
    const val SPACE: Int = 0x20
    const val COLON: Int = 0x3a
    const val SEMICOLON: Int = 0x3b

    /** For each character of a token its lower case, 0 for all others. */
    @JvmField
    val TOKEN: ByteArray =
        ByteArray(256).apply {
            for (c in '0'..'9') this[c.code] = c.code.toByte()
            for (c in 'a'..'z') {
                this[c.code] = c.code.toByte()
                this[c.uppercaseChar().code] = c.code.toByte()
            }
            for (c in "!#$%&'*+-.^_`|~") this[c.code] = c.code.toByte()
        }

    /** The characters of a token, for messages. */
    const val TOKEN_CHARS: String = "letters, digits and !#$%&'*+-.^_`|~"

    const val HEX_DIGITS: String = "0123456789ABCDEF"

    fun isTokenChar(char: Char): Boolean = char.code < 0x80 && TOKEN[char.code].toInt() != 0

    fun isToken(text: String): Boolean = text.isNotEmpty() && text.all(::isTokenChar)

    fun isControl(char: Char): Boolean = char.code < 0x20 || char.code == 0x7F

    /** @throws IllegalArgumentException if a header cannot have this name */
    fun checkHeaderName(name: String) {
        require(isToken(name)) { "The name of a header may have only $TOKEN_CHARS in it: \"${printable(name)}\"" }
    }

    /** @throws IllegalArgumentException if [text] has a control character, which could end its line */
    fun checkNoControl(
        what: String,
        text: String,
    ) {
        val at = indexOfControl(text)
        require(at < 0) { "$what has a control character at index $at: \"${printable(text)}\"" }
    }

    /** The index of the first control character that is not a tab; -1 if there is none. */
    fun indexOfControl(text: String): Int = text.indexOfFirst { isControl(it) && it != '\t' }

    /** [text] for a message: each control character becomes U+FFFD. */
    fun printable(text: String): String =
        String(CharArray(text.length) { if (isControl(text[it])) '\uFFFD' else text[it] })

    /** The beginning of [text] for a message: all but printable ASCII becomes U+FFFD. */
    fun printableAscii(text: String): String =
        text.take(MOST_SHOWN).map { if (it.code in 0x20..0x7E) it else '\uFFFD' }.joinToString("")

    fun isBlank(octet: Int): Boolean = octet == SPACE || octet == TAB

    /** Its value as a hexadecimal digit, or -1. */
    fun hex(octet: Int): Int =
        when (octet) {
            in 0x30..0x39 -> octet - 0x30
            in 0x41..0x46 -> octet - 0x41 + 10
            in 0x61..0x66 -> octet - 0x61 + 10
            else -> -1
        }

    /** The byte that two hexadecimal digits stand for, or -1. */
    fun hexByte(
        high: Int,
        low: Int,
    ): Int {
        val first = hex(high)
        val second = hex(low)
        return if (first < 0 || second < 0) -1 else first * 16 + second
    }

    /** Adds the two hexadecimal digits of [byte] after [escape]. */
    fun appendEscaped(
        escape: Char,
        byte: Byte,
        to: StringBuilder,
    ) {
        val octet = byte.toInt() and 0xff
        to.append(escape).append(HEX_DIGITS[octet shr 4]).append(HEX_DIGITS[octet and 15])
    }

    /** [text] in UTF-8, percent-encoded as in the parameters of headers (RFC 8187). */
    fun percentEncoded(text: String): String {
        val encoded = StringBuilder()
        for (byte in text.toByteArray()) {
            val char = (byte.toInt() and 0xFF).toChar()
            // The characters of a token, but not these three.
            if (isTokenChar(char) && char !in "%'*") encoded.append(char) else appendEscaped('%', byte, encoded)
        }
        return encoded.toString()
    }

    /** Where the first control character is from [from] on, tabs included; [to] if there is none. */
    fun indexOfControl(
        bytes: ByteBuffer,
        from: Int,
        to: Int,
    ): Int {
        var index = from
        while (index + 8 <= to) {
            val word = bytes.getLong(index)
            val del = word xor ALL_7F
            val hits = ((word - ALL_20) and word.inv() or ((del - ALL_01) and del.inv())) and ALL_80
            // Only the first hit is sure to be one, and it is the lowest byte: the buffer is little-endian.
            if (hits != 0L) return index + (java.lang.Long.numberOfTrailingZeros(hits) ushr 3)
            index += 8
        }
        while (index < to) {
            val octet = bytes.get(index).toInt()
            if (octet in 0..0x1f || octet == 0x7f) return index
            index++
        }
        return to
    }

    /** As a message may show it. */
    fun shown(octet: Int): String =
        when (octet) {
            0 -> "NUL"
            TAB -> "a tab"
            LF -> "LF"
            CR -> "CR"
            SPACE -> "a space"
            in 0x21..0x7e -> "'${octet.toChar()}'"
            else -> "0x%02x".format(octet)
        }

    private const val MOST_SHOWN = 64
    private const val ALL_01 = 0x0101010101010101L
    private const val ALL_20 = 0x2020202020202020L
    private const val ALL_7F = 0x7f7f7f7f7f7f7f7fL
    private const val ALL_80 = Long.MIN_VALUE or 0x0080808080808080L
}
