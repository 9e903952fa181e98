package asyncio.internal.http.http2

import asyncio.internal.http.message.HeaderFields
import asyncio.internal.http.message.HttpChars
import asyncio.internal.http.wire.FramingHeaders
import asyncio.internal.http.wire.HeadLimits
import io.netty.handler.codec.http2.DefaultHttp2Headers
import io.netty.handler.codec.http2.Http2Headers
import io.netty.util.AsciiString

/**
 * Takes the fields of one block of headers from the decoder, and checks them as [asyncio.internal.http.http1.ResponseScanner] does with
 * HTTP/1.1, and as RFC 9113, 8.2 and 8.3 want it. The decoder has to see all of a block, whatever is wrong with it, so the
 * first fault is kept.
 */
internal class ResponseFields : DefaultHttp2Headers(false, 2) {
    private val framing = FramingHeaders()
    private var limits: HeadLimits? = null
    private var inTrailers = false
    private var count = 0

    /** The headers or trailers of the block, without the pseudo-header. */
    var headers: HeaderFields = NOTHING
        private set

    /** The status; 0 if there is none. */
    var status = 0
        private set

    /** What is wrong with the block; null if it is good. */
    var fault: String? = null
        private set

    /** The Content-Length; -1 if there is none. */
    val length: Long get() = framing.length

    /** How many headers there are; with trailers, those of the head too. */
    val total: Int get() = count

    /** The block of a stream that is not known any more. */
    fun ignoreNext() {
        limits = null
        headers = NOTHING
        fault = null
    }

    /**
     * A block begins.
     *
     * @param before how many headers the head had, if these are trailers; else -1
     */
    fun startNext(
        limits: HeadLimits,
        before: Int,
    ) {
        this.limits = limits
        inTrailers = before >= 0
        count = maxOf(before, 0)
        headers = HeaderFields()
        status = 0
        fault = null
        framing.clear()
    }

    /** The block is complete; looks at what is missing. */
    fun finish() {
        if (fault == null && !inTrailers && status == 0) fault = "it has no :status"
    }

    override fun add(
        name: CharSequence,
        value: CharSequence,
    ): Http2Headers {
        val limits = limits ?: return this
        if (fault == null) fault = faultOf(AsciiString.of(name), AsciiString.of(value), limits)
        return this
    }

    private fun faultOf(
        name: AsciiString,
        value: AsciiString,
        limits: HeadLimits,
    ): String? {
        if (name.length > 0 && name.byteAt(0).toInt() == HttpChars.COLON) return faultOfPseudo(name, value)
        if (++count > limits.maxHeaders) return "it has more than ${limits.maxHeaders} headers and trailers"
        if (name.length + value.length > limits.maxFieldSize) {
            return "a $kind is longer than ${limits.maxFieldSize} bytes"
        }
        faultOfName(name)?.let { return it }
        return takeValue(name, value)
    }

    private val kind get() = if (inTrailers) "trailer" else "header"

    private fun faultOfPseudo(
        name: AsciiString,
        value: AsciiString,
    ): String? =
        when {
            inTrailers -> "the pseudo-header ${quoted(name)} is among its trailers"
            !name.contentEquals(STATUS) -> "it has the pseudo-header ${quoted(name)}, which is not one of a response"
            status != 0 -> "it has two :status"
            count > 0 -> ":status does not come before its headers"
            else -> takeStatus(value)
        }

    private fun takeStatus(value: AsciiString): String? {
        var number = 0
        for (index in 0 until value.length) {
            val digit = value.byteAt(index) - '0'.code
            if (digit !in 0..9) number = HUGE
            if (number < HUGE) number = number * 10 + digit
        }
        if (value.length != 3 || number !in 100..999) {
            return "its status is not a number of three digits: ${quoted(value)}"
        }
        if (number > MOST_STATUS) return "its status is not known: $number"
        status = number
        return null
    }

    private fun faultOfName(name: AsciiString): String? {
        if (name.length == 0) return "a $kind has no name"
        val bytes = name.array()
        val from = name.arrayOffset()
        framing.startName()
        val end = framing.name(bytes, from, from + name.length)
        if (end < from + name.length) {
            val octet = bytes[end].toInt() and 0xff
            return "there is ${HttpChars.shown(octet)} in the name of a $kind: ${quoted(name)}"
        }
        for (index in from until end) {
            if (bytes[index] in 'A'.code..'Z'.code) {
                return "there is a capital letter in the name of a $kind: ${quoted(name)}"
            }
        }
        for (banned in OF_CONNECTION) {
            if (banned.contentEquals(name)) return "it has the $kind ${quoted(name)}, which HTTP/2 does not have"
        }
        val once = framing.endName(NO_BYTES, 0, bytes, from)
        if (inTrailers) {
            if (framing.framing) return "${quoted(name)} is among its trailers"
            framing.ignoreValue()
        }
        return if (once) null else "it has two headers ${quoted(name)}"
    }

    private fun takeValue(
        name: AsciiString,
        value: AsciiString,
    ): String? {
        val bytes = value.array()
        var start = value.arrayOffset()
        var end = start + value.length
        for (index in start until end) {
            val octet = bytes[index].toInt()
            if (octet in 0..0x1f && octet != HttpChars.TAB || octet == DEL) {
                return "there is ${HttpChars.shown(octet)} in the $kind ${quoted(name)}"
            }
        }
        // RFC 9113 allows no blanks around a value, but many a server passes on what it got over HTTP/1.1.
        while (start < end && HttpChars.isBlank(bytes[start].toInt())) start++
        while (start < end && HttpChars.isBlank(bytes[end - 1].toInt())) end--
        if (framing.watched) {
            framing.value(bytes, start, end)
            framing.endValue()?.let { return if (framing.framing) "$it: ${quoted(value)}" else it }
        }
        headers.add(name.toString(), String(bytes, start, end - start, Charsets.ISO_8859_1))
        return null
    }

    private companion object {
        const val DEL = 0x7f
        const val HUGE = 1000
        const val MOST_STATUS = 599
        const val SHOWN = 40
        val NO_BYTES = ByteArray(0)
        val NOTHING: HeaderFields = HeaderFields()
        val STATUS: AsciiString = AsciiString.cached(":status")

        /** RFC 9113, 8.2.2. */
        val OF_CONNECTION: Array<AsciiString> =
            arrayOf("connection", "proxy-connection", "keep-alive", "transfer-encoding", "upgrade")
                .map(AsciiString::cached)
                .toTypedArray()

        /** The beginning of [text], for messages. */
        fun quoted(text: AsciiString): String {
            val shown = StringBuilder("'")
            for (index in 0 until minOf(text.length, SHOWN)) {
                val octet = text.byteAt(index).toInt() and 0xff
                if (octet in 0x20..0x7e) shown.append(octet.toChar()) else shown.append("\\x%02x".format(octet))
            }
            return shown.append(if (text.length > SHOWN) "…'" else "'").toString()
        }
    }
}
