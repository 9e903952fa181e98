package asyncio.internal.http.wire

import asyncio.internal.http.bytes.ByteBuilder
import io.netty.buffer.Unpooled
import io.vertx.core.http.HttpHeaders

/**
 * Reads the head of the answer to CONNECT byte by byte. Bytes behind the head belong to the server, so no byte may be taken
 * before it is certain that the head goes on.
 */
internal class HeadReader {
    private val scanner = ResponseScanner()
    private val byte = ByteArray(1)
    private val buffer = Unpooled.wrappedBuffer(byte)
    private val head = ByteBuilder()
    private var size = 0

    init {
        // There is no body to read: a refusal closes the connection. A 101 is a refusal too.
        scanner.expect(HeadLimits.DEFAULT, bodiless = true, upgrade = true, tunnel = true)
    }

    /**
     * Takes the next byte, and gives whether the final head is complete.
     *
     * @throws MalformedResponse if that is not HTTP
     */
    fun take(octet: Int): Boolean {
        if (++size > MAX_SIZE) throw MalformedResponse("its head is larger than $MAX_SIZE bytes", false)
        head.reserve(1, MAX_SIZE)
        head.array[head.size++] = octet.toByte()
        byte[0] = octet.toByte()
        scanner.scan(buffer, 0, 1)
        if (scanner.isInterimEnd) head.size = 0
        return scanner.idle || scanner.open
    }

    /** The head that was read. */
    fun head(): ResponseHead {
        val lines = String(head.take(), Charsets.ISO_8859_1).split("\r\n")
        val headers = HttpHeaders.headers()
        // The scanner has checked each line. The last two are empty.
        for (line in lines.subList(1, lines.size - 2)) {
            headers.add(line.substringBefore(':'), line.substringAfter(':').trim(' ', '\t'))
        }
        val status = lines[0].substring(STATUS_START, STATUS_END).toInt()
        if (status > MAX_STATUS) throw MalformedResponse("its status is not known: $status", false)
        return ResponseHead(status, lines[0].drop(STATUS_END + 1), headers)
    }

    private companion object {
        const val MAX_SIZE = 64 * 1024
        const val MAX_STATUS = 599
        const val STATUS_START = 9
        const val STATUS_END = 12
    }
}
