package asyncio.internal.http.sse

import asyncio.http.LineTooLongException
import asyncio.http.ServerSentEvent
import asyncio.internal.http.bytes.ByteBuilder
import java.time.Duration

/**
 * Takes a stream of server-sent events apart (HTML, 9.2.6). Lines are put together as bytes and decoded whole, so that it
 * does not matter where the stream was cut.
 */
internal class EventParser(
    private val maxSize: Int,
    lastEventId: String = "",
) {
    private var portion = NO_BYTES
    private var at = 0

    /** The present line, as far as earlier portions had it. */
    private val line = ByteBuilder()

    /** A line has ended with CR: an LF that follows belongs to that. */
    private var afterCr = false
    private var isFirstLine = true

    private var type = ""
    private val data = StringBuilder()
    private var hasData = false

    /** How many bytes the lines of the present event have had. */
    private var eventSize = 0L

    /** The id that becomes the last one when the current event ends. */
    private var id = lastEventId

    var lastEventId = lastEventId
        private set

    var retry: Duration? = null
        private set

    /** The next portion; the one before is used up. */
    fun feed(bytes: ByteArray) {
        portion = bytes
        at = 0
    }

    /** The next event; null if it needs more bytes. */
    fun next(): ServerSentEvent? {
        while (true) {
            val end = endOfLine()
            if (end < 0) {
                keep(portion.size)
                return null
            }
            val text = takeLine(end)
            if (text.isEmpty()) {
                dispatch()?.let { return it }
            } else {
                process(text)
            }
        }
    }

    /** Where the line ends that begins here; -1 if that is not in this portion. */
    private fun endOfLine(): Int {
        if (afterCr && at < portion.size) {
            afterCr = false
            if (portion[at] == LF) at++
        }
        for (i in at until portion.size) if (portion[i] == LF || portion[i] == CR) return i
        return -1
    }

    private fun takeLine(end: Int): String {
        val text =
            if (line.size == 0) {
                checkSize(end - at)
                decoded(portion, at, end)
            } else {
                keep(end)
                decoded(line.array, 0, line.size)
            }
        eventSize += line.size.coerceAtLeast(end - at)
        line.size = 0
        at = end + 1
        afterCr = portion[end] == CR
        return text
    }

    private fun decoded(
        bytes: ByteArray,
        start: Int,
        end: Int,
    ): String {
        var from = start
        if (isFirstLine) {
            isFirstLine = false
            if (end - start >= 3 && BOM.indices.all { bytes[start + it] == BOM[it] }) from += BOM.size
        }
        return String(bytes, from, end - from, Charsets.UTF_8)
    }

    /** Keeps the beginning of a line. */
    private fun keep(end: Int) {
        val count = end - at
        checkSize(count)
        line.reserve(count, maxSize)
        portion.copyInto(line.array, line.size, at, end)
        line.size += count
        at = end
    }

    private fun checkSize(more: Int) {
        if (eventSize + line.size + more > maxSize) {
            throw LineTooLongException(
                "A server-sent event is larger than $maxSize bytes, the limit of maxEventSize",
                maxSize,
            )
        }
    }

    private fun process(line: String) {
        val colon = line.indexOf(':')
        // A comment.
        if (colon == 0) {
            if (!hasData && type.isEmpty()) eventSize = 0
            return
        }
        val name = if (colon < 0) line else line.substring(0, colon)
        var from = if (colon < 0) line.length else colon + 1
        if (from < line.length && line[from] == ' ') from++
        val value = line.substring(from)
        when (name) {
            "event" -> {
                type = value
            }

            "data" -> {
                if (hasData) data.append('\n')
                data.append(value)
                hasData = true
            }

            "id" -> {
                if ('\u0000' !in value) id = value
            }

            "retry" -> {
                if (value.isNotEmpty() && value.all { it in '0'..'9' }) {
                    retry = Duration.ofMillis(value.toLongOrNull() ?: Long.MAX_VALUE)
                }
            }
        }
    }

    /** The event that ends with an empty line; null if it has no data. */
    private fun dispatch(): ServerSentEvent? {
        lastEventId = id
        val event = if (hasData) ServerSentEvent.of(type.ifEmpty { "message" }, data.toString(), id) else null
        type = ""
        data.setLength(0)
        hasData = false
        eventSize = 0
        return event
    }

    private companion object {
        const val LF = '\n'.code.toByte()
        const val CR = '\r'.code.toByte()
        val BOM = byteArrayOf(0xEF.toByte(), 0xBB.toByte(), 0xBF.toByte())
        val NO_BYTES = ByteArray(0)
    }
}
