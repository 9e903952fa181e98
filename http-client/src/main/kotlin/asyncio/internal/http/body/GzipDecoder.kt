package asyncio.internal.http.body

import asyncio.internal.stream.ByteQueue
import java.util.zip.CRC32
import java.util.zip.DataFormatException
import java.util.zip.Inflater

/**
 * gzip (RFC 1952): one member or several, one after the other. Whatever can be checked is.
 *
 * ```
 * FIXED -> EXTRA_LENGTH -> EXTRA -> NAME -> COMMENT -> HEADER_CRC -> DATA -> TRAILER -> BETWEEN -> FIXED …
 *      (each only if the flags say so)
 * ```
 */
internal class GzipDecoder : Decoder() {
    private enum class Stage { FIXED, EXTRA_LENGTH, EXTRA, NAME, COMMENT, HEADER_CRC, DATA, TRAILER, BETWEEN }

    private val inflater = Inflater(true)
    private val crc = CRC32()
    private var stage = Stage.FIXED
    private var flags = 0
    private var members = 1

    /** How many bytes of the present stage were seen; and the number that they make up, lowest byte first. */
    private var seen = 0
    private var number = 0L

    /** How much the extra field has. */
    private var extraLength = 0
    private var closed = false

    override val isComplete: Boolean
        get() {
            val isEmpty = members == 1 && stage == Stage.FIXED && seen == 0
            return isEmpty || stage == Stage.BETWEEN
        }

    override fun decode(
        input: ByteQueue,
        output: ByteArray,
        start: Int,
        end: Int,
    ): Int {
        while (!input.isEmpty) {
            if (stage == Stage.DATA) {
                val count = inflate(input, output, start, end)
                if (count > 0) return count
            } else {
                val chunk = input.first!!
                val byte = chunk.array[chunk.start].toInt() and 0xff
                input.skip(1)
                take(byte)
            }
        }
        // The last bytes of input may stand for more than had room.
        return if (stage == Stage.DATA) inflate(NOTHING, output, start, end) else 0
    }

    private fun inflate(
        input: ByteQueue,
        output: ByteArray,
        start: Int,
        end: Int,
    ): Int {
        val count = inflater.inflateFrom(input, output, start, end)
        if (count > 0) crc.update(output, start, count)
        if (inflater.finished()) enter(Stage.TRAILER)
        return count
    }

    private fun take(byte: Int) {
        when (stage) {
            Stage.FIXED -> {
                takeFixed(byte)
            }

            Stage.EXTRA_LENGTH -> {
                crc.update(byte)
                number = number or (byte.toLong() shl (8 * seen))
                if (++seen == 2) {
                    extraLength = number.toInt()
                    enter(if (extraLength > 0) Stage.EXTRA else afterExtra())
                }
            }

            Stage.EXTRA -> {
                crc.update(byte)
                if (++seen == extraLength) enter(afterExtra())
            }

            Stage.NAME -> {
                crc.update(byte)
                if (byte == 0) enter(afterName())
            }

            Stage.COMMENT -> {
                crc.update(byte)
                if (byte == 0) enter(afterComment())
            }

            Stage.HEADER_CRC -> {
                number = number or (byte.toLong() shl (8 * seen))
                if (++seen == 2) {
                    val expected = crc.value and 0xffff
                    if (number != expected) throw BadContentException("the checksum of a gzip header is wrong")
                    enter(Stage.DATA)
                }
            }

            Stage.TRAILER -> {
                takeTrailer(byte)
            }

            Stage.BETWEEN -> {
                if (++members > MOST_MEMBERS) throw BadContentException("more than $MOST_MEMBERS gzip members")
                inflater.reset()
                enter(Stage.FIXED)
                takeFixed(byte)
            }

            Stage.DATA -> {
                throw AssertionError(stage)
            }
        }
    }

    private fun takeFixed(byte: Int) {
        crc.update(byte)
        val isRight =
            when (seen++) {
                0 -> {
                    byte == 0x1f
                }

                1 -> {
                    byte == 0x8b
                }

                2 -> {
                    byte == 8
                }

                3 -> {
                    flags = byte
                    byte and RESERVED == 0
                }

                else -> {
                    true
                }
            }
        if (!isRight) {
            val isFirst = members == 1
            throw BadContentException(
                if (isFirst) {
                    "it does not begin with a gzip header"
                } else {
                    "something else follows the end of the gzip data"
                },
            )
        }
        if (seen == FIXED_SIZE) {
            enter(if (flags and HAS_EXTRA != 0) Stage.EXTRA_LENGTH else afterExtra())
        }
    }

    private fun afterExtra() = if (flags and HAS_NAME != 0) Stage.NAME else afterName()

    private fun afterName() = if (flags and HAS_COMMENT != 0) Stage.COMMENT else afterComment()

    private fun afterComment() = if (flags and HAS_HEADER_CRC != 0) Stage.HEADER_CRC else Stage.DATA

    private fun takeTrailer(byte: Int) {
        number = number or (byte.toLong() shl (8 * (seen and 3)))
        seen++
        if (seen == 4) {
            if (number != crc.value) throw BadContentException("the checksum of the gzip data is wrong")
            number = 0
        } else if (seen == 8) {
            if (number != inflater.bytesWritten and 0xffffffffL) {
                throw BadContentException("the length of the gzip data is wrong")
            }
            enter(Stage.BETWEEN)
        }
    }

    private fun enter(next: Stage) {
        stage = next
        seen = 0
        number = 0
        if (next == Stage.FIXED || next == Stage.DATA) crc.reset()
    }

    override fun close() {
        if (closed) return
        closed = true
        inflater.end()
    }

    private companion object {
        const val FIXED_SIZE = 10
        const val HAS_HEADER_CRC = 2
        const val HAS_EXTRA = 4
        const val HAS_NAME = 8
        const val HAS_COMMENT = 16
        const val RESERVED = 0xe0

        /** Each one may be empty, and costs as much as a large one. */
        const val MOST_MEMBERS = 1024
    }
}

internal val NOTHING = ByteQueue()

/** Inflates the first chunk of [input], and removes the bytes that were used. */
internal fun Inflater.inflateFrom(
    input: ByteQueue,
    output: ByteArray,
    start: Int,
    end: Int,
): Int {
    val chunk = input.first
    val size = chunk?.size ?: 0
    if (chunk != null) setInput(chunk.array, chunk.start, size) else setInput(EMPTY)
    val count =
        try {
            inflate(output, start, end - start)
        } catch (error: DataFormatException) {
            throw BadContentException(error.message ?: "the compressed data are malformed", error)
        }
    val used = size - remaining
    if (used > 0) input.skip(used)
    if (needsDictionary()) throw BadContentException("it needs a dictionary")
    val isStuck = count == 0 && used == 0 && size > 0
    if (isStuck && !finished()) throw BadContentException("the compressed data are malformed")
    return count
}

private val EMPTY = ByteArray(0)
