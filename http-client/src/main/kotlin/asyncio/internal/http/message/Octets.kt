package asyncio.internal.http.message

import java.nio.ByteBuffer

/** What single bytes mean in HTTP. */
internal object Octets {
    const val TAB: Int = 0x09
    const val LF: Int = 0x0a
    const val CR: Int = 0x0d
    const val SPACE: Int = 0x20
    const val COLON: Int = 0x3a
    const val SEMICOLON: Int = 0x3b

    /** The lower case of what may stand in a token, 0 for everything else. */
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

    fun isBlank(octet: Int): Boolean = octet == SPACE || octet == TAB

    /** Its value as a hexadecimal digit, or -1. */
    fun hex(octet: Int): Int =
        when (octet) {
            in 0x30..0x39 -> octet - 0x30
            in 0x41..0x46 -> octet - 0x41 + 10
            in 0x61..0x66 -> octet - 0x61 + 10
            else -> -1
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

    private const val ALL_01 = 0x0101010101010101L
    private const val ALL_20 = 0x2020202020202020L
    private const val ALL_7F = 0x7f7f7f7f7f7f7f7fL
    private const val ALL_80 = Long.MIN_VALUE or 0x0080808080808080L
}
