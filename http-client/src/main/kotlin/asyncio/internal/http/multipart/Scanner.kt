package asyncio.internal.http.multipart

import asyncio.http.ClientPayloadException
import asyncio.http.MultipartLimits
import asyncio.internal.http.message.HttpChars
import java.util.Map.entry

/** Where a multipart body comes from. */
internal fun interface ByteSource {
    /** The next portion; null at the end. */
    suspend fun next(): ByteArray?
}

/**
 * Finds the parts in a multipart body: reading goes forward only, and each byte is looked at a bounded number of
 * times, however the body is cut into portions.
 *
 * ```
 * PREAMBLE --boundary--> HEADERS --empty line--> BODY --boundary--> HEADERS ...
 *                                                   '--last boundary--> END
 * ```
 */
internal class Scanner(
    private val source: ByteSource,
    boundary: String,
    private val limits: MultipartLimits,
) {
    private enum class Phase { PREAMBLE, HEADERS, BODY, END }

    private enum class Match { NO, UNDECIDED, NEXT, LAST }

    /** The end of a part. Its only CR is at its start, so that a search never has to look back. */
    private val delimiter = "\r\n--$boundary".toByteArray(Charsets.ISO_8859_1)

    private var phase = Phase.PREAMBLE
    private var busy = false
    private var total = 0L
    private var sourceEnded = false

    // The received bytes that were not taken: window[start, end); [start, clear) of them is content.
    private var window = ByteArray(0)
    private var start = 0
    private var clear = 0
    private var end = 0

    /** Whether the window is our own array, which may be written to. */
    private var owned = false

    /** Whether the content begins here: a boundary then needs no line end before it. */
    private var atStart = true
    private var matchEnd = 0

    // The headers of the part that begins, kept for the next read if the wait for more is cancelled.
    private var fields = ArrayList<Map.Entry<String, String>>(3)
    private var field: StringBuilder? = null

    private var failure: ClientPayloadException? = null

    val ended: Boolean get() = phase == Phase.END

    val inBody: Boolean get() = phase == Phase.BODY

    /** Goes to the next part, past the unread rest of this one; null after the last one. */
    suspend fun nextPart(): PartHeaders? =
        exclusively {
            while (phase == Phase.PREAMBLE || phase == Phase.BODY) skip()
            if (phase == Phase.END) null else headers()
        }

    /** At most [max] bytes of the part; null at its end. */
    suspend fun portion(max: Int): ByteArray? =
        exclusively {
            if (phase != Phase.BODY || !hasContent()) return@exclusively null
            val to = minOf(clear, start + max)
            window.copyOfRange(start, to).also { start = to }
        }

    suspend fun skipPart(): Unit = exclusively { if (phase == Phase.BODY) skip() }

    private suspend fun skip() {
        while (hasContent()) start = clear
    }

    private inline fun <T> exclusively(action: () -> T): T {
        check(!busy) { "Another task is reading this multipart body already" }
        failure?.let { throw it }
        busy = true
        try {
            return action()
        } catch (error: ClientPayloadException) {
            failure = error
            throw error
        } finally {
            busy = false
        }
    }

    // ---- content

    /** Whether there is content at [start], up to [clear]; if there is none, the boundary behind it is passed. */
    private suspend fun hasContent(): Boolean {
        while (true) {
            if (start < clear) return true
            if (atStart) {
                when (match(start, from = 2)) {
                    Match.NO -> atStart = false
                    Match.UNDECIDED -> fill()
                    Match.NEXT -> return passed(Phase.HEADERS)
                    Match.LAST -> return passed(Phase.END)
                }
                continue
            }
            scan()
            if (start < clear) return true
            when (if (start < end) match(start, from = 0) else Match.UNDECIDED) {
                Match.NEXT -> return passed(Phase.HEADERS)
                Match.LAST -> return passed(Phase.END)
                Match.UNDECIDED -> fill()
                Match.NO -> error("content was overlooked")
            }
        }
    }

    private fun passed(next: Phase): Boolean {
        start = matchEnd
        clear = start
        phase = next
        return false
    }

    /** Moves [clear] to what is, or may become, a boundary. */
    private fun scan() {
        var i = start
        while (i < end) {
            if (window[i] == CR && match(i, from = 0) != Match.NO) break
            i++
        }
        clear = i
    }

    /** Whether the delimiter, from its byte [from] on, stands at [at]: as a whole line. */
    private fun match(
        at: Int,
        from: Int,
    ): Match {
        var i = at
        for (k in from until delimiter.size) {
            if (i == end) return Match.UNDECIDED
            if (window[i++] != delimiter[k]) return Match.NO
        }
        if (i < end && window[i] == DASH) {
            if (i + 1 == end) return Match.UNDECIDED
            return if (window[i + 1] == DASH) lineEnd(i + 2, Match.LAST) else Match.NO
        }
        return lineEnd(i, Match.NEXT)
    }

    private fun lineEnd(
        at: Int,
        match: Match,
    ): Match {
        var i = at
        while (i < end && i < at + MAX_PADDING && (window[i] == SPACE || window[i] == TAB)) i++
        matchEnd = minOf(i + 2, end)
        if (i < end && window[i] != CR || i + 1 < end && window[i + 1] != LF) return Match.NO
        if (i + 1 < end) return match
        // The very last line may lack its end.
        return if (sourceEnded && match == Match.LAST) match else Match.UNDECIDED
    }

    // ---- headers

    private suspend fun headers(): PartHeaders {
        while (true) {
            val line = line()
            if (line.isNotEmpty() && (line[0] == ' ' || line[0] == '\t')) {
                // Mail programs fold long headers.
                val folded = field ?: refuse("its first header begins with a space")
                if (folded.length + line.length > limits.maxFieldSize()) refuseLong()
                folded.append(' ').append(line.trim())
                continue
            }
            field?.let { fields.add(entry(it.toString())) }
            field = null
            if (line.isEmpty()) break
            if (fields.size == limits.maxHeaders()) refuse("it has more than ${limits.maxHeaders()} headers")
            field = StringBuilder(line)
        }
        phase = Phase.BODY
        clear = start
        atStart = true
        return PartHeaders(fields).also { fields = ArrayList(3) }
    }

    private fun entry(field: String): Map.Entry<String, String> {
        val colon = field.indexOf(':')
        if (colon <= 0 || !field.substring(0, colon).all(HttpChars::isTokenChar)) {
            refuse("it has a line that is not a header")
        }
        return entry(field.substring(0, colon), field.substring(colon + 1).trim(' ', '\t'))
    }

    /** A line without its end. */
    private suspend fun line(): String {
        var i = start
        while (true) {
            while (i < end && window[i] != LF) {
                val byte = window[i]
                if (i > start && window[i - 1] == CR || byte in 0..31 && byte != CR && byte != TAB || byte == DEL) {
                    refuse("a header has a control character")
                }
                if (i - start > limits.maxFieldSize()) refuseLong()
                i++
            }
            if (i < end) break
            val seen = i - start
            fill()
            i = start + seen
        }
        if (i == start || window[i - 1] != CR) refuse("a header ends with LF instead of CR LF")
        val bytes = window.copyOfRange(start, i - 1)
        if (bytes.size > limits.maxFieldSize()) refuseLong()
        if (isBoundary(bytes)) refuse("it ends within its headers")
        start = i + 1
        return HeaderParameters.decodeStrictly(bytes, Charsets.UTF_8) ?: String(bytes, Charsets.ISO_8859_1)
    }

    private fun isBoundary(line: ByteArray): Boolean {
        if (line.size < delimiter.size - 2) return false
        for (k in 2 until delimiter.size) if (line[k - 2] != delimiter[k]) return false
        return true
    }

    private fun refuse(why: String): Nothing =
        throw ClientPayloadException("A part of the multipart body is malformed: $why")

    private fun refuseLong(): Nothing = refuse("a header is longer than ${limits.maxFieldSize()} bytes")

    // ---- input

    /** Receives more; once at the end nothing comes, the second time it is an error. */
    private suspend fun fill() {
        if (sourceEnded) {
            throw ClientPayloadException(
                if (phase == Phase.PREAMBLE) {
                    "The multipart body has no boundary in it"
                } else {
                    "The multipart body ended before its last boundary"
                },
            )
        }
        val portion = source.next()
        if (portion == null) {
            sourceEnded = true
            return
        }
        total += portion.size
        if (limits.maxSize() in 1 until total) {
            throw ClientPayloadException(
                "The multipart body is larger than ${limits.maxSize()} bytes, the limit of maxSize",
            )
        }
        append(portion)
    }

    private fun append(portion: ByteArray) {
        val left = end - start
        val ahead = clear - start
        if (left == 0) {
            window = portion
            owned = false
            end = portion.size
        } else {
            val size = left + portion.size
            val target = if (owned && size <= window.size) window else ByteArray(maxOf(2 * size, 64))
            System.arraycopy(window, start, target, 0, left)
            System.arraycopy(portion, 0, target, left, portion.size)
            window = target
            owned = true
            end = size
        }
        start = 0
        clear = ahead
    }

    private companion object {
        const val CR = '\r'.code.toByte()
        const val LF = '\n'.code.toByte()
        const val DASH = '-'.code.toByte()
        const val SPACE = ' '.code.toByte()
        const val TAB = '\t'.code.toByte()
        const val DEL: Byte = 0x7F

        /** Spaces that mail gateways may have put behind a boundary. */
        const val MAX_PADDING = 64
    }
}
