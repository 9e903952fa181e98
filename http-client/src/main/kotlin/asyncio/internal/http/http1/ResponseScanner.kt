package asyncio.internal.http.http1

import asyncio.internal.http.message.HeaderFields
import asyncio.internal.http.message.HttpChars
import asyncio.internal.http.message.HttpChars.CR
import asyncio.internal.http.message.HttpChars.LF
import asyncio.internal.http.wire.FramingHeaders
import asyncio.internal.http.wire.HeadLimits
import asyncio.internal.http.wire.HttpProtocol
import asyncio.internal.http.wire.MalformedResponse
import asyncio.internal.http.wire.ResponseHead
import io.netty.buffer.ByteBuf

/**
 * Reads responses of HTTP/1.1, in portions of any size, and throws [MalformedResponse] at the first byte that does not
 * belong there: bytes that two parsers may read in two ways make response smuggling possible. Where [HeadLimits.lenient] says so, a
 * lone LF stands for CR LF, and a line of the head that begins with a blank goes on with the value of the line before.
 *
 * [scan] returns at each [Event], and at the end of the response.
 *
 * ```
 * IDLE            expect()                                STATUS
 * STATUS          the byte behind the three digits        REASON
 * REASON          CR                                      REASON_LF
 * REASON_LF       LF                                      LINE_START
 * LINE_START      CR                                      LAST_LF
 *                 a blank, if that may be                 BEFORE_VALUE
 *                 another byte                            NAME
 * NAME            colon                                   BEFORE_VALUE
 * BEFORE_VALUE    not a blank                             VALUE
 * VALUE           CR                                      VALUE_LF
 * VALUE_LF        LF                                      LINE_START
 * LAST_LF         LF; an interim response has ended       STATUS
 *                 LF; no body, or the trailers end        IDLE
 *                 LF; Content-Length                      FIXED
 *                 LF; chunked                             CHUNK_SIZE
 *                 LF; neither of them                     UNTIL_CLOSE
 *                 LF; a wanted 101, or 2xx to CONNECT     OPEN: not HTTP any more
 * FIXED           the last byte of the body               IDLE
 * CHUNK_SIZE      not a digit                             AFTER_SIZE
 * AFTER_SIZE      semicolon                               EXTENSION
 *                 CR                                      CHUNK_LF
 * EXTENSION       CR                                      CHUNK_LF
 * CHUNK_LF        LF; the size is 0, trailers follow      LINE_START
 *                 LF; another size                        CHUNK
 * CHUNK           the last byte of the chunk              AFTER_CHUNK
 * AFTER_CHUNK     CR                                      AFTER_CHUNK_LF
 * AFTER_CHUNK_LF  LF                                      CHUNK_SIZE
 * ```
 *
 * Bytes are copied to a window and looked at there, because single bytes of a buffer are slow to get. A line is collected
 * only if it is in two portions.
 */
internal class ResponseScanner {
    enum class Event {
        /** All bytes were read. */
        NONE,

        /** The server has said 100 (Continue). */
        CONTINUE,

        /** The [head] of the response is there. */
        HEAD,

        /** There are [contentSize] bytes of the body at [contentAt] of the buffer. */
        CONTENT,
    }

    private enum class State {
        IDLE,
        STATUS,
        REASON,
        REASON_LF,
        LINE_START,
        NAME,
        BEFORE_VALUE,
        VALUE,
        VALUE_LF,
        LAST_LF,
        FIXED,
        UNTIL_CLOSE,
        CHUNK_SIZE,
        AFTER_SIZE,
        EXTENSION,
        CHUNK_LF,
        CHUNK,
        AFTER_CHUNK,
        AFTER_CHUNK_LF,
        OPEN,
    }

    private val shared = ScannerMemory.OF_THREAD.get()
    private val window = shared.window
    private val bytes = window.array()
    private var windowAt = 0
    private var windowSize = 0

    private var state = State.IDLE
    private var limits = HeadLimits.DEFAULT
    private var bodiless = false
    private var upgrade = false
    private var tunnel = false

    private var matched = 0
    private var status = 0
    private var http10 = false

    /** Whether the last head was one of HTTP/1.0. */
    val isHttp10: Boolean get() = http10

    private var interims = 0

    /** How much of the line counts so far, and how many headers came. */
    private var lineSize = 0
    private var headers = 0
    private var inTrailers = false

    /** Whether the line at hand goes on with the value of the one before. */
    private var folded = false
    private val fields = FramingHeaders()

    /** The rest of a body or chunk, in bytes; a chunk's size while that is read. */
    private var left = 0L
    private var digits = 0

    /** Where in the window the line began, and its bytes from earlier windows. */
    private var lineAt = 0
    private var kept = EMPTY
    private var keptSize = 0

    /** A line that is complete; see [completeLine]. */
    private var text = EMPTY
    private var textAt = 0

    private var reason = ""
    private var received: HeaderFields? = null

    var event: Event = Event.NONE
        private set

    var head: ResponseHead? = null
        private set

    var contentAt: Int = 0
        private set
    var contentSize: Int = 0
        private set

    /** After the end of a response: the trailers; null if there are none. */
    var trailers: HeaderFields? = null
        private set

    /** Whether no response is expected. */
    val idle: Boolean get() = state == State.IDLE

    /** Whether this is not HTTP any more. */
    val open: Boolean get() = state == State.OPEN

    /** Whether the end of the connection is the end of the body. */
    val endsWithConnection: Boolean get() = state == State.UNTIL_CLOSE

    /** How long the body is; -1 if the head does not say. */
    val length: Long get() = if (state == State.FIXED) fields.length else -1

    /**
     * A request is about to be sent.
     *
     * @param bodiless the method is HEAD: whatever the head says, no body follows
     * @param upgrade the request asks for another protocol: a 101 may come
     * @param tunnel the method is CONNECT
     */
    fun expect(
        limits: HeadLimits,
        bodiless: Boolean,
        upgrade: Boolean,
        tunnel: Boolean,
    ) {
        this.limits = limits
        this.bodiless = bodiless
        this.upgrade = upgrade
        this.tunnel = tunnel
        interims = 0
        trailers = null
        startHead()
    }

    /** Goes on at [from], up to the next event or the end of the response; at [to] at the latest. Gives where it is. */
    fun scan(
        buffer: ByteBuf,
        from: Int,
        to: Int,
    ): Int {
        var index = from
        windowSize = 0
        lineAt = 0
        event = Event.NONE
        while (index < to) {
            when (state) {
                State.FIXED, State.CHUNK, State.UNTIL_CLOSE -> {
                    return content(index, to)
                }

                else -> {
                    if (index < windowAt || index >= windowAt + windowSize) load(buffer, index, to)
                    index = windowAt + lines(index - windowAt)
                    if (event != Event.NONE || state == State.IDLE) return index
                }
            }
        }
        return to
    }

    private fun content(
        from: Int,
        to: Int,
    ): Int {
        contentAt = from
        contentSize = to - from
        if (state != State.UNTIL_CLOSE) {
            contentSize = minOf(left, contentSize.toLong()).toInt()
            left -= contentSize
            if (left == 0L) state = if (state == State.FIXED) State.IDLE else State.AFTER_CHUNK
        }
        event = Event.CONTENT
        return from + contentSize
    }

    private fun load(
        buffer: ByteBuf,
        from: Int,
        to: Int,
    ) {
        windowAt = from
        windowSize = minOf(to - from, if (inTrailers || state >= State.FIXED) SMALL else ScannerMemory.WINDOW)
        window.clear()
        window.limit(windowSize)
        buffer.getBytes(from, window)
        window.clear()
        lineAt = 0
    }

    /** Scans the window up to its end, or to where something else begins than lines. */
    private fun lines(from: Int): Int {
        var index = from
        while (index < windowSize) {
            when (state) {
                State.STATUS -> index = statusLine(index)
                State.REASON -> index = reason(index)
                State.REASON_LF -> index = endOfReason(index)
                State.LINE_START -> index = lineStart(index)
                State.NAME -> index = name(index)
                State.BEFORE_VALUE -> index = beforeValue(index)
                State.VALUE -> index = value(index)
                State.VALUE_LF -> index = endOfField(index)
                State.LAST_LF -> return lastLine(index)
                State.CHUNK_SIZE -> index = chunkSize(index)
                State.AFTER_SIZE -> index = afterSize(index)
                State.EXTENSION -> index = extension(index)
                State.CHUNK_LF -> return endOfSize(index)
                State.AFTER_CHUNK -> index = afterChunk(index)
                State.AFTER_CHUNK_LF -> index = afterChunkLf(index)
                State.IDLE, State.FIXED, State.UNTIL_CLOSE, State.CHUNK, State.OPEN -> return index
            }
        }
        keep(index)
        return index
    }

    private fun octet(index: Int) = bytes[index].toInt() and 0xff

    /** Whether [octet] is an LF that does without a CR. */
    private fun endsLine(octet: Int) = octet == LF && limits.lenient

    // ---- the status line

    private fun startHead() {
        state = State.STATUS
        matched = 0
        status = 0
        headers = 0
        inTrailers = false
        folded = false
        digits = 0
        keptSize = 0
        fields.clear()
        received = null
    }

    private fun statusLine(from: Int): Int {
        var index = from
        if (matched == 0) {
            lineAt = index
            keptSize = 0
        }
        if (matched == 0 && windowSize - index >= HTTP_11.length && window.getLong(index) == HTTP_11_WORD) {
            matched = HTTP_11.length
            index += matched
            http10 = false
        }
        while (index < windowSize) {
            val octet = octet(index)
            when (matched) {
                5 -> {
                    if (octet != '1'.code) notHttp(index)
                }

                7 -> {
                    if (octet != '0'.code && octet != '1'.code) notHttp(index)
                    http10 = octet == '0'.code
                }

                9, 10, 11 -> {
                    if (octet !in 0x30..0x39 || matched == 9 && octet == 0x30) badStatus(index)
                    status = status * 10 + octet - 0x30
                }

                12 -> {
                    // RFC 9112 wants a space even where no reason follows, but many a server leaves it out.
                    if (octet != HttpChars.SPACE && octet != CR && !endsLine(octet)) badStatus(index)
                    lineSize = matched
                    state = State.REASON
                    return index
                }

                else -> {
                    // All but the digits, which were looked at above, and the space.
                    if (octet != if (matched == 8) HttpChars.SPACE else HTTP_11[matched].code) notHttp(index)
                }
            }
            matched++
            index++
        }
        return index
    }

    private fun notHttp(index: Int): Nothing {
        if (matched == 0 && octet(index) == TLS_ALERT) bad("it is TLS: perhaps the URL is to begin with https")
        bad("its status line does not begin with HTTP/1.0 or HTTP/1.1: ${line(index)}")
    }

    private fun badStatus(index: Int): Nothing = bad("its status is not a number of three digits: ${line(index)}")

    private fun reason(from: Int): Int {
        val index = HttpChars.indexOfControl(window, from, windowSize)
        lineSize += index - from
        if (lineSize > limits.maxLineSize) bad("its status line is longer than ${limits.maxLineSize} bytes")
        if (index == windowSize) return index
        val octet = octet(index)
        when {
            octet == CR -> state = State.REASON_LF
            octet == HttpChars.TAB -> lineSize++
            endsLine(octet) -> return endOfReason(index, 0)
            else -> bad("its status line has ${HttpChars.shown(octet)} in it: ${line(index)}")
        }
        return index + 1
    }

    /** The LF is there, behind [cr] CRs. */
    private fun endOfReason(
        index: Int,
        cr: Int = 1,
    ): Int {
        if (octet(index) != LF) bareCr("its status line")
        val size = completeLine(index, cr)
        reason = trimmed(minOf(REASON_AT, size), size, shared::reason)
        received = HeaderFields()
        state = State.LINE_START
        return index + 1
    }

    private fun bareCr(where: String): Nothing = bad("$where has a CR in it that no LF follows")

    // ---- headers and trailers

    private fun kind() = if (inTrailers) "trailer" else "header"

    private fun lineStart(index: Int): Int {
        lineAt = index
        keptSize = 0
        val octet = octet(index)
        if (octet == CR) {
            state = State.LAST_LF
            return index + 1
        }
        if (HttpChars.isBlank(octet)) {
            val first = (received?.size ?: 0) == 0
            if (limits.lenient && !first) return fold(index)
            bad(
                if (first) "there is a space before its first ${kind()}" else "a ${kind()} goes on in a second line",
            )
        }
        if (octet == LF) {
            if (!limits.lenient) bad("a line ends with LF alone, not with CR LF")
            state = State.LAST_LF
            return index
        }
        if (++headers > limits.maxHeaders) bad("it has more than ${limits.maxHeaders} headers and trailers")
        lineSize = 0
        fields.startName()
        state = State.NAME
        return index
    }

    /** A line goes on with the last header, whose size it is a part of. */
    private fun fold(index: Int): Int {
        if (fields.framing) bad("a ${kind()} that says where the response ends goes on in a second line")
        fields.startName()
        folded = true
        state = State.BEFORE_VALUE
        return index
    }

    private fun name(from: Int): Int {
        val index = fields.name(bytes, from, windowSize)
        lineSize += index - from
        checkField()
        if (index == windowSize) return index
        val octet = octet(index)
        if (octet != HttpChars.COLON || lineSize == 0) {
            val line = begin(keptSize + index + 1 - lineAt)
            bad(
                when {
                    octet == HttpChars.COLON -> "a ${kind()} has no name"
                    HttpChars.isBlank(octet) -> "there is a space in the name of a ${kind()}: $line"
                    octet == CR || octet == LF -> "a line is not a ${kind()}, it has no colon: $line"
                    else -> "there is ${HttpChars.shown(octet)} in the name of a ${kind()}: $line"
                },
            )
        }
        val once = fields.endName(kept, keptSize, bytes, lineAt)
        if (inTrailers) {
            if (fields.framing) bad("${fieldName()} is among its trailers")
            fields.ignoreValue()
        }
        if (!once) bad("it has two headers ${fieldName()}")
        state = State.BEFORE_VALUE
        return index + 1
    }

    private fun checkField() {
        if (lineSize > limits.maxFieldSize) bad("a ${kind()} is longer than ${limits.maxFieldSize} bytes")
    }

    private fun beforeValue(from: Int): Int {
        var index = from
        while (index < windowSize && HttpChars.isBlank(octet(index))) index++
        lineSize += index - from
        if (index < windowSize) {
            // The space that everybody writes is not counted.
            if (lineSize > fields.nameSize) lineSize--
            state = State.VALUE
            checkField()
        } else if (lineSize - 1 > limits.maxFieldSize) {
            lineSize--
            checkField()
        }
        return index
    }

    private fun value(from: Int): Int {
        val index = HttpChars.indexOfControl(window, from, windowSize)
        lineSize += index - from
        checkField()
        if (fields.watched) fields.value(bytes, from, index)
        if (index == windowSize) return index
        val octet = octet(index)
        when (octet) {
            CR -> {
                state = State.VALUE_LF
            }

            HttpChars.TAB -> {
                lineSize++
                if (fields.watched) fields.value(bytes, index, index + 1)
            }

            LF -> {
                if (limits.lenient) return endOfField(index, 0)
                bad("the ${kind()} ${fieldName()} ends with LF alone, not with CR LF")
            }

            else -> {
                bad("there is ${HttpChars.shown(octet)} in the ${kind()} ${fieldName()}")
            }
        }
        return index + 1
    }

    /** The LF is there, behind [cr] CRs. */
    private fun endOfField(
        index: Int,
        cr: Int = 1,
    ): Int {
        if (octet(index) != LF) bareCr("the ${kind()} ${fieldName()}")
        if (fields.watched) {
            // The CR is not shown.
            fields.endValue()?.let {
                bad(
                    if (fields.framing) "$it: ${begin(keptSize + index - cr - lineAt)}" else it,
                )
            }
        }
        addField(completeLine(index, cr))
        state = State.LINE_START
        return index + 1
    }

    private fun addField(size: Int) {
        val received = received ?: HeaderFields().also { received = it }
        if (folded) {
            folded = false
            return received.extendLast(trimmed(0, size, ScannerMemory::text))
        }
        val name = shared.name(text, textAt, fields.nameSize)
        received.add(name, trimmed(fields.nameSize + 1, size, ScannerMemory::text))
    }

    /** What the line at hand has from [start] to [end], without blanks around it. */
    private inline fun trimmed(
        start: Int,
        end: Int,
        make: (ByteArray, Int, Int) -> String,
    ): String {
        var from = textAt + start
        var to = textAt + end
        while (from < to && HttpChars.isBlank(text[from].toInt())) from++
        while (to > from && HttpChars.isBlank(text[to - 1].toInt())) to--
        return make(text, from, to - from)
    }

    /** Has the line at hand in one piece: [text] from [textAt] on. Gives its size without the [cr] CRs before [index]. */
    private fun completeLine(
        index: Int,
        cr: Int,
    ): Int {
        val size = keptSize + index - lineAt - cr
        if (keptSize == 0) {
            text = bytes
            textAt = lineAt
        } else {
            keep(index)
            text = kept
            textAt = 0
        }
        return size
    }

    private fun lastLine(index: Int): Int {
        if (octet(index) != LF) bareCr("the end of its ${kind()}s")
        if (inTrailers) {
            trailers = received
            state = State.IDLE
        } else {
            endOfHead(index)
        }
        return index + 1
    }

    private fun endOfHead(index: Int) {
        val opensTunnel = tunnel && status in 200..299
        // RFC 9110, 9.3.6: a tunnel begins behind the head, whatever the head says about a body.
        if (fields.coded && !opensTunnel) {
            if (fields.length >= 0) bad("it has both Content-Length and Transfer-Encoding")
            if (http10 && fields.chunked) bad("it has Transfer-Encoding, which HTTP/1.0 does not know")
        }
        when {
            status == 101 -> {
                if (!upgrade) bad("its status is 101, but only wsConnect can go on with another protocol")
                state = State.OPEN
            }

            status < 200 -> {
                if (++interims > MAX_INTERIMS) bad("there are more than $MAX_INTERIMS interim responses")
                if (status == 100) event = Event.CONTINUE
                startHead()
                return
            }

            opensTunnel -> {
                state = State.OPEN
            }

            bodiless || status == 204 || status == 304 || fields.length == 0L -> {
                state = State.IDLE
            }

            fields.chunked -> {
                startSize()
            }

            fields.length > 0 -> {
                left = fields.length
                state = State.FIXED
            }

            else -> {
                state = State.UNTIL_CLOSE
            }
        }
        event = Event.HEAD
        head = ResponseHead(if (http10) HttpProtocol.HTTP_1_0 else HttpProtocol.HTTP_1_1, status, reason, received!!)
        received = null
    }

    /** The name of the header at hand. */
    private fun fieldName() = begin(fields.nameSize)

    // ---- chunks

    private fun startSize() {
        left = 0
        digits = 0
        keptSize = 0
        lineSize = 0
        state = State.CHUNK_SIZE
    }

    private fun chunkSize(from: Int): Int {
        var index = from
        if (lineSize == 0) {
            lineAt = index
            keptSize = 0
        }
        while (index < windowSize) {
            val octet = octet(index)
            val digit = HttpChars.hex(octet)
            if (digit < 0) {
                if (digits == 0) bad("the size of a chunk is not a hexadecimal number: ${line(index)}")
                state = State.AFTER_SIZE
                return index
            }
            digits++
            countChunkLine(1)
            left = left * 16 + digit
            if (left > Int.MAX_VALUE) bad("a chunk is larger than ${Int.MAX_VALUE} bytes: ${line(index)}")
            index++
        }
        return index
    }

    private fun countChunkLine(more: Int) {
        lineSize += more
        if (lineSize > limits.maxLineSize) {
            bad("the line with the size of a chunk is longer than ${limits.maxLineSize} bytes")
        }
    }

    private fun afterSize(index: Int): Int {
        when (val octet = octet(index)) {
            CR -> {
                state = State.CHUNK_LF
            }

            HttpChars.SEMICOLON -> {
                countChunkLine(1)
                state = State.EXTENSION
            }

            // Some servers fill up with spaces.
            HttpChars.SPACE, HttpChars.TAB -> {
                countChunkLine(1)
            }

            LF -> {
                if (!limits.lenient) bad("the size of a chunk ends with LF alone, not with CR LF")
                state = State.CHUNK_LF
                return index
            }

            else -> {
                bad("there is ${HttpChars.shown(octet)} after the size of a chunk: ${line(index)}")
            }
        }
        return index + 1
    }

    private fun extension(from: Int): Int {
        val index = HttpChars.indexOfControl(window, from, windowSize)
        countChunkLine(index - from)
        if (index == windowSize) return index
        val octet = octet(index)
        when {
            octet == CR -> {
                state = State.CHUNK_LF
            }

            octet == HttpChars.TAB -> {
                countChunkLine(1)
            }

            endsLine(octet) -> {
                state = State.CHUNK_LF
                return index
            }

            else -> {
                bad("there is ${HttpChars.shown(octet)} in the extension of a chunk: ${line(index)}")
            }
        }
        return index + 1
    }

    private fun endOfSize(index: Int): Int {
        if (octet(index) != LF) bareCr("the size of a chunk")
        if (left == 0L) {
            inTrailers = true
            state = State.LINE_START
        } else {
            state = State.CHUNK
        }
        return index + 1
    }

    private fun afterChunk(index: Int): Int {
        state = State.AFTER_CHUNK_LF
        if (endsLine(octet(index))) return index
        if (octet(index) != CR) chunkTooLong()
        return index + 1
    }

    private fun afterChunkLf(index: Int): Int {
        if (octet(index) != LF) chunkTooLong()
        startSize()
        return index + 1
    }

    private fun chunkTooLong(): Nothing = bad("a chunk is longer than its size says")

    // ---- messages

    private fun bad(what: String): Nothing = throw MalformedResponse(what, inTrailers || state >= State.FIXED)

    /** Keeps the current line as far as it is known, before the window gets other bytes. */
    private fun keep(to: Int) {
        // Of the line with a chunk's size only messages need something.
        val most = if (state >= State.CHUNK_SIZE) KEPT else Int.MAX_VALUE
        val more = minOf(to - lineAt, most - keptSize)
        if (more <= 0) return
        if (kept.size < keptSize + more) kept = kept.copyOf(maxOf(2 * kept.size, keptSize + more, KEPT))
        System.arraycopy(bytes, lineAt, kept, keptSize, more)
        keptSize += more
    }

    /** The current line as far as it is known, for messages. */
    private fun line(index: Int): String {
        var end = index
        while (end < windowSize && octet(end) != CR && octet(end) != LF) end++
        return begin(keptSize + end - lineAt)
    }

    /** The first [size] bytes of the line at hand. */
    private fun begin(size: Int): String {
        val text = StringBuilder("'")
        for (index in 0 until minOf(size, SHOWN)) {
            val octet = if (index < keptSize) kept[index].toInt() and 0xff else octet(lineAt + index - keptSize)
            if (octet in 0x20..0x7e) text.append(octet.toChar()) else text.append("\\x%02x".format(octet))
        }
        return text.append(if (size > SHOWN) "…'" else "'").toString()
    }

    private companion object {
        const val HTTP_11 = "HTTP/1.1"
        val HTTP_11_WORD = HTTP_11.foldRight(0L) { letter, word -> (word shl 8) or letter.code.toLong() }
        const val TLS_ALERT = 0x15
        const val SMALL = 256
        const val KEPT = 64
        const val SHOWN = 40

        /** Where in the status line the reason begins. */
        const val REASON_AT = 13

        /** Progress that is told for an hour still gets through, but not without end. */
        const val MAX_INTERIMS = 100

        val EMPTY = ByteArray(0)
    }
}
