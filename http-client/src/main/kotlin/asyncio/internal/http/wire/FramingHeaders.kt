package asyncio.internal.http.wire

import asyncio.internal.http.message.HttpChars

/**
 * The headers of one response that say where it ends, or that must not come twice with different values. Of values only
 * what is needed is kept. Other headers that should come once may come with several values: servers behind a gateway send
 * two Content-Types, and no harm comes from that.
 */
internal class FramingHeaders {
    /** How long the name at hand is so far. */
    var nameSize: Int = 0
        private set

    private var known = NONE
    private var seen = 0
    private val values = LongArray(FIELDS)

    /** The value at hand: its bytes in a hash, without blanks at its end; or a number; or how much is as it should be. */
    private var value = 0L
    private var trimmed = 0L
    private var size = 0
    private var blank = false
    private var wrong = false

    /** Of the transfer coding at hand: whether it may be chunked; of all of them: whether one is, and whether another is there. */
    private var mayBeChunked = true
    private var inParameters = false
    private var chunkedSeen = false
    private var otherSeen = false

    /** The Content-Length; -1 if there is none. */
    var length: Long = -1
        private set

    /** Whether there is a Transfer-Encoding. If it is not [chunked], the body ends with the connection. */
    var coded: Boolean = false
        private set

    /** Whether the Transfer-Encoding is chunked. */
    var chunked: Boolean = false
        private set

    /** Whether the header at hand says where the response ends. */
    val framing: Boolean get() = known == LENGTH || known == CODING

    /** Whether the value at hand is to be told. */
    val watched: Boolean get() = known != NONE

    fun clear() {
        seen = 0
        known = NONE
        length = -1
        coded = false
        chunked = false
    }

    fun startName() {
        nameSize = 0
        known = NONE
    }

    /** Goes on with the name at [from] and gives the index of the first byte that cannot be in a name, or [to]. */
    fun name(
        bytes: ByteArray,
        from: Int,
        to: Int,
    ): Int {
        var index = from
        while (index < to && HttpChars.TOKEN[bytes[index].toInt() and 0xff].toInt() != 0) index++
        nameSize += index - from
        return index
    }

    /**
     * The name is complete: it begins with [keptSize] bytes of [kept], and goes on in [bytes] from [at] on. False if it is
     * one that must not come again, not even with the same value.
     */
    fun endName(
        kept: ByteArray,
        keptSize: Int,
        bytes: ByteArray,
        at: Int,
    ): Boolean {
        val candidate = if (nameSize <= LONGEST) BY_SIZE[nameSize].toInt() else NONE
        if (candidate == NONE) return true
        val letters = LETTERS[candidate]
        for (index in nameSize - 1 downTo 0) {
            val octet = if (index < keptSize) kept[index] else bytes[at + index - keptSize]
            if (HttpChars.TOKEN[octet.toInt() and 0xff] != letters[index]) return true
        }
        known = candidate
        value = 0
        trimmed = 0
        size = 0
        blank = false
        wrong = false
        chunkedSeen = false
        otherSeen = false
        startCoding()
        return !framing || seen and (1 shl known) == 0
    }

    fun ignoreValue() {
        known = NONE
    }

    fun value(
        bytes: ByteArray,
        from: Int,
        to: Int,
    ) {
        for (index in from until to) {
            val octet = bytes[index].toInt() and 0xff
            when (known) {
                LENGTH -> length(octet)
                CODING -> coding(octet)
                else -> hash(octet)
            }
        }
    }

    private fun length(octet: Int) {
        if (HttpChars.isBlank(octet)) {
            blank = true
            return
        }
        val digit = octet - '0'.code
        if (blank || digit !in 0..9 || value > (Long.MAX_VALUE - digit) / 10) wrong = true
        value = value * 10 + digit
        size++
    }

    private fun startCoding() {
        mayBeChunked = true
        inParameters = false
        size = 0
        blank = false
    }

    private fun coding(octet: Int) {
        when {
            octet == COMMA -> {
                endCoding()
                otherSeen = true
            }

            HttpChars.isBlank(octet) -> {
                blank = size > 0
            }

            inParameters || octet == HttpChars.SEMICOLON && size > 0 -> {
                inParameters = true
                mayBeChunked = false
            }

            else -> {
                val letter = HttpChars.TOKEN[octet].toInt()
                if (blank || letter == 0) wrong = true
                if (size >= CHUNKED.length || letter != CHUNKED[size].code) mayBeChunked = false
                size++
            }
        }
    }

    private fun endCoding() {
        if (size > 0) {
            if (mayBeChunked && size == CHUNKED.length) chunkedSeen = true else otherSeen = true
        }
        startCoding()
    }

    /** The fault of the Transfer-Encoding, or null. RFC 9112, 6.3: if it is not chunked, the body ends with the connection. */
    private fun endCodings(): String? {
        endCoding()
        if (wrong) return "its Transfer-Encoding is malformed"
        if (chunkedSeen && otherSeen) return "its Transfer-Encoding has another coding beside chunked"
        coded = true
        chunked = chunkedSeen
        return null
    }

    private fun hash(octet: Int) {
        value = (value xor octet.toLong()) * PRIME
        if (!HttpChars.isBlank(octet)) trimmed = value
    }

    /** The value is complete. Gives its fault; null if it is good. */
    fun endValue(): String? {
        val again = seen and (1 shl known) != 0
        seen = seen or (1 shl known)
        when (known) {
            LENGTH -> {
                if (wrong || size == 0) return "its Content-Length is not a number that can be"
                length = value
            }

            CODING -> {
                return endCodings()
            }

            else -> {
                if (again && values[known] != trimmed) return "it has two different values of ${NAMES[known]}"
                values[known] = trimmed
            }
        }
        return null
    }

    private companion object {
        const val NONE = -1
        const val LENGTH = 0
        const val CODING = 1
        const val CHUNKED = "chunked"
        const val COMMA = 0x2c
        const val PRIME = 0x100000001b3L

        val NAMES = arrayOf("Content-Length", "Transfer-Encoding", "Location")
        val FIELDS = NAMES.size
        val LETTERS = Array(FIELDS) { NAMES[it].lowercase().toByteArray() }
        val LONGEST = NAMES.maxOf { it.length }

        /** Each of them has a length of its own. */
        val BY_SIZE =
            ByteArray(LONGEST + 1) { size -> NAMES.indexOfFirst { it.length == size }.toByte() }.also {
                check(NAMES.distinctBy(String::length).size == FIELDS)
            }
    }
}
