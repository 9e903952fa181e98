package asyncio.internal.file

import asyncio.file.Newline
import asyncio.file.TextOptions
import asyncio.file.UnicodeDecodeException
import java.nio.ByteBuffer
import java.nio.CharBuffer
import java.nio.charset.CharsetDecoder
import java.nio.charset.CoderResult

/**
 * The text of a file: bytes are decoded portion by portion, and wait as chars until they are taken. The chars are those of the file; line
 * ends are translated when they are taken, so that the position can be told from how many were.
 */
internal class TextInput(
    private val core: FileCore,
    private val options: TextOptions,
) {
    private var decoder = newDecoder()
    private var chars = CharArray(0)
    private var begin = 0
    private var end = 0

    /** The byte order mark of the file, as far as is known: what comes behind a seek is decoded as if it had come first. */
    private var mark = ByteArray(0)

    /** Nothing was decoded since [drop]. */
    private var isFresh = true

    /** Bytes of a character that is not complete. */
    private var tail = ByteArray(0)

    /** What the chars from [begin] on were decoded from. */
    private val segments = ArrayDeque<Segment>()

    private var isAtEnd = false
    private var mistake: UnicodeDecodeException? = null

    private val isUniversal = options.newline() == Newline.UNIVERSAL

    val isEmpty: Boolean get() = begin == end && tail.isEmpty()

    private fun newDecoder(): CharsetDecoder =
        options
            .encoding()
            .newDecoder()
            .onMalformedInput(options.errors())
            .onUnmappableCharacter(options.errors())

    /** Forgets all: the position of the file is the place to go on. */
    fun drop() {
        decoder.reset()
        isFresh = true
        begin = 0
        end = 0
        tail = ByteArray(0)
        segments.clear()
        isAtEnd = false
        mistake = null
    }

    // ---- bytes to chars

    /** Decodes some more; does nothing but to note it at the end. */
    private suspend fun more() {
        raiseMistake()
        val bytes = core.read1Now(PORTION) ?: core.read1(PORTION)
        if (bytes.isEmpty()) isAtEnd = true
        val at = core.position - bytes.size - tail.size
        decode(if (tail.isEmpty()) bytes else tail + bytes, at)
    }

    private fun raiseMistake() {
        mistake?.let { throw it }
    }

    private fun decode(
        bytes: ByteArray,
        at: Long,
    ) {
        if (at == 0L) {
            mark = Marks.of(bytes, options.encoding())
        } else if (isFresh) {
            Marks.tell(decoder, mark)
        }
        isFresh = false
        val input = ByteBuffer.wrap(bytes)
        val first = makeRoom((bytes.size * decoder.maxCharsPerByte().toDouble()).toInt() + SPARE)
        val output = CharBuffer.wrap(chars, end, chars.size - end)
        val result = decoder.decode(input, output, isAtEnd)
        if (isAtEnd && result.isUnderflow) {
            decoder.flush(output)
            decoder.reset()
        }
        check(!result.isOverflow) { "no room for the text" }
        end = output.position()
        if (result.isError) mistake = mistakeAt(input, at, result)
        val used = input.position()
        tail = bytes.copyOfRange(used, bytes.size)
        if (end > first) segments.addLast(Segment(bytes, used, at, end - first))
    }

    /** Moves what there is to the begin, for so many more; gives where those will be. */
    private fun makeRoom(count: Int): Int {
        val left = end - begin
        if (chars.size - end < count) {
            val target = if (chars.size - left >= count) chars else CharArray(maxOf(left + count, 2 * left))
            chars.copyInto(target, 0, begin, end)
            chars = target
            begin = 0
            end = left
        }
        return end
    }

    private fun mistakeAt(
        input: ByteBuffer,
        at: Long,
        result: CoderResult,
    ): UnicodeDecodeException {
        val wrong = ByteArray(result.length())
        input.get(input.position(), wrong)
        return UnicodeDecodeException(options.encoding(), at + input.position(), wrong)
    }

    // ---- taking

    suspend fun readAll(): String {
        isAtEnd = false
        while (!isAtEnd) more()
        raiseMistake()
        return take(end - begin)
    }

    /** At most [count] code points; fewer only at the end. */
    suspend fun read(count: Int): String {
        isAtEnd = false
        var size = 0
        var left = count
        while (true) {
            while (left > 0) {
                val next = widthAt(begin + size)
                if (next == 0) break
                size += next
                left--
            }
            if (left == 0) return take(size)
            raiseMistake()
            if (isAtEnd) return take(size)
            more()
        }
    }

    /** How many chars the character at [i] is; 0 if it is not there, or not as a whole. */
    private fun widthAt(i: Int): Int {
        if (i >= end) return 0
        val char = chars[i]
        val isPair = char.isHighSurrogate() || isUniversal && char == '\r'
        if (!isPair) return 1
        if (i + 1 == end) return if (isAtEnd) 1 else 0
        return if (if (char == '\r') chars[i + 1] == '\n' else chars[i + 1].isLowSurrogate()) 2 else 1
    }

    /** Null if it is not there as a whole. */
    fun readLineNow(): String? {
        val size = lineEnd(0)
        return if (size < 0) null else take(size)
    }

    suspend fun readLine(limit: Int): String {
        isAtEnd = false
        var searched = 0
        while (true) {
            val size = lineEnd(searched)
            if (size >= 0) return take(if (limit < 0) size else limited(size, limit))
            if (limit >= 0 && end - begin > 2L * limit) return take(limited(end - begin, limit))
            raiseMistake()
            if (isAtEnd) return take(if (limit < 0) end - begin else limited(end - begin, limit))
            // The last one may be the first half of a line end.
            searched = maxOf(0, end - begin - 1)
            more()
        }
    }

    /** The chars of the first [limit] characters of [size] chars. */
    private fun limited(
        size: Int,
        limit: Int,
    ): Int {
        var used = 0
        repeat(limit) {
            if (used >= size) return used
            used += maxOf(1, widthAt(begin + used))
        }
        return used
    }

    /** How many chars the line has, with its end; negative if that is not there. The search begins at [from]. */
    private fun lineEnd(from: Int): Int {
        val endsWithLf = options.newline() != Newline.CR
        for (i in begin + from until end) {
            val char = chars[i]
            if (char > '\r') continue
            if (char == '\n' && endsWithLf) {
                if (options.newline() != Newline.CRLF) return i + 1 - begin
                if (i > begin && chars[i - 1] == '\r') return i + 1 - begin
            } else if (char == '\r') {
                when (options.newline()) {
                    Newline.CR -> {
                        return i + 1 - begin
                    }

                    Newline.UNIVERSAL, Newline.UNTRANSLATED -> {
                        if (i + 1 < end) return i + (if (chars[i + 1] == '\n') 2 else 1) - begin
                        return if (isAtEnd) i + 1 - begin else -1
                    }

                    else -> {}
                }
            }
        }
        return -1
    }

    private fun take(size: Int): String {
        val text = if (isUniversal) LineEnds.toLf(chars, begin, begin + size) else String(chars, begin, size)
        begin += size
        var left = size
        while (left > 0) {
            val segment = segments.first()
            val part = minOf(left, segment.count - segment.taken)
            segment.taken += part
            left -= part
            if (segment.taken == segment.count) segments.removeFirst()
        }
        if (begin == end) {
            begin = 0
            end = 0
        }
        return text
    }

    /** The position in bytes of the next char. */
    fun position(): Long {
        val segment = segments.firstOrNull() ?: return core.position - tail.size
        if (segment.taken == 0) return segment.at
        val input = ByteBuffer.wrap(segment.bytes, 0, segment.size)
        val decoder = newDecoder()
        if (segment.at > 0) Marks.tell(decoder, mark)
        decoder.decode(input, CharBuffer.allocate(segment.taken), true)
        return segment.at + input.position()
    }

    /** The first [size] of [bytes], which begin at [at], and are [count] chars. */
    private class Segment(
        val bytes: ByteArray,
        val size: Int,
        val at: Long,
        val count: Int,
    ) {
        var taken = 0
    }

    private companion object {
        const val PORTION = 32 * 1024
        const val SPARE = 16
    }
}
