package asyncio.internal.http.wire

import java.nio.ByteBuffer

/**
 * The headers of one response that say where it ends, or that must not come twice with different values. Names are told
 * apart while they pass, 16 lower-case letters packed in two words; of values only what is needed is kept.
 */
internal class KnownFields {
    private var high = 0L
    private var low = 0L

    /** The letter before those 16. */
    private var before = 0L

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

    /** The Content-Length; -1 if there is none. */
    var length: Long = -1
        private set

    /** Whether there is a Transfer-Encoding, which can only be chunked. */
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
        chunked = false
    }

    fun startName() {
        high = 0
        low = 0
        before = 0
        nameSize = 0
        known = NONE
    }

    /** Goes on with the name at [from] and gives the index of the first byte that cannot be in a name, or [to]. */
    fun name(
        bytes: ByteBuffer,
        from: Int,
        to: Int,
    ): Int {
        var high = high
        var low = low
        var before = before
        var index = from
        while (index < to) {
            val letter = Octets.TOKEN[bytes.get(index).toInt() and 0xff].toLong()
            if (letter == 0L) break
            before = high ushr 56
            high = (high shl 8) or (low ushr 56)
            low = (low shl 8) or letter
            index++
        }
        this.high = high
        this.low = low
        this.before = before
        nameSize += index - from
        return index
    }

    /** The name is complete. False if it is one that must not come again, not even with the same value. */
    fun endName(): Boolean {
        if (nameSize > LONGEST) return true
        known = find()
        if (known == NONE) return true
        value = 0
        trimmed = 0
        size = 0
        blank = false
        wrong = false
        return !framing || seen and (1 shl known) == 0
    }

    private fun find(): Int {
        for (candidate in 0 until FIELDS) {
            val key = KEYS[candidate]
            if (low == key.low && nameSize == key.size && high == key.high && before == key.before) return candidate
        }
        return NONE
    }

    fun ignoreValue() {
        known = NONE
    }

    fun value(
        bytes: ByteBuffer,
        from: Int,
        to: Int,
    ) {
        for (index in from until to) {
            val octet = bytes.get(index).toInt() and 0xff
            when (known) {
                LENGTH -> length(octet)
                CODING -> coding(octet)
                else -> hash(octet)
            }
        }
    }

    private fun length(octet: Int) {
        if (Octets.isBlank(octet)) {
            blank = true
            return
        }
        val digit = octet - '0'.code
        if (blank || digit !in 0..9 || value > (Long.MAX_VALUE - digit) / 10) wrong = true
        value = value * 10 + digit
        size++
    }

    private fun coding(octet: Int) {
        if (Octets.isBlank(octet)) {
            blank = true
            return
        }
        if (blank || size >= CHUNKED.length || Octets.TOKEN[octet].toInt() != CHUNKED[size].code) wrong = true
        size++
    }

    private fun hash(octet: Int) {
        value = (value xor octet.toLong()) * PRIME
        if (!Octets.isBlank(octet)) trimmed = value
    }

    /** The value is complete. What is wrong with it, if anything is. */
    fun endValue(): String? {
        val again = seen and (1 shl known) != 0
        seen = seen or (1 shl known)
        when (known) {
            LENGTH -> {
                if (wrong || size == 0) return "its Content-Length is not a number that can be"
                length = value
            }

            CODING -> {
                if (wrong || size < CHUNKED.length) return "its Transfer-Encoding is not chunked"
                chunked = true
            }

            else -> {
                if (again && values[known] != trimmed) return "it has two different values of ${KEYS[known].name}"
                values[known] = trimmed
            }
        }
        return null
    }

    private class Key(
        val name: String,
    ) {
        val size = name.length
        val low = packed(name.takeLast(8))
        val high = packed(name.dropLast(8).takeLast(8))
        val before = packed(name.dropLast(16).takeLast(1))

        private fun packed(letters: String) =
            letters.lowercase().fold(0L) { word, letter -> (word shl 8) or letter.code.toLong() }
    }

    private companion object {
        const val NONE = -1
        const val LENGTH = 0
        const val CODING = 1
        const val CHUNKED = "chunked"
        const val PRIME = 0x100000001b3L

        val KEYS =
            arrayOf(
                Key("Content-Length"),
                Key("Transfer-Encoding"),
                Key("Content-Type"),
                Key("Content-Range"),
                Key("Content-Location"),
                Key("Location"),
                Key("ETag"),
            )
        val FIELDS = KEYS.size
        val LONGEST = KEYS.maxOf { it.size }
    }
}
