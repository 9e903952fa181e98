package asyncio.internal.http.multipart

/** What has to stay together in a Content-Transfer-Encoding, so that the pieces can be decoded one by one. */
internal enum class TransferUnits {
    /** Four characters, perhaps with line ends between them. */
    BASE64 {
        override fun wholeIn(
            bytes: ByteArray,
            from: Int,
            to: Int,
        ): Int {
            var whole = 0
            var characters = 0
            for (index in from until to) {
                if (isOfBase64(bytes[index].toInt().toChar())) characters++
                if (characters % 4 == 0) whole = index + 1 - from
            }
            return whole
        }
    },

    /** `=` and two digits, or `=` and the end of a line, with blanks between them. */
    QUOTED_PRINTABLE {
        override fun wholeIn(
            bytes: ByteArray,
            from: Int,
            to: Int,
        ): Int {
            var index = to - 1
            while (index >= from && isOpen(bytes[index].toInt().toChar(), isLast = index == to - 1)) index--
            val isEscape = index >= from && bytes[index] == '='.code.toByte()
            return (if (isEscape) index else to) - from
        }
    }, ;

    /** How many of the bytes from [from] until [to] are in whole units. */
    abstract fun wholeIn(
        bytes: ByteArray,
        from: Int,
        to: Int,
    ): Int

    private companion object {
        fun isOfBase64(char: Char) = char in 'A'..'Z' || char in 'a'..'z' || char in '0'..'9' || char in "+/="

        /** Whether it may stand between a `=` and the end of what has come. */
        fun isOpen(
            char: Char,
            isLast: Boolean,
        ) = char == ' ' || char == '\t' ||
            isLast && (char == '\r' || char in '0'..'9' || char in 'A'..'F' || char in 'a'..'f')
    }
}
