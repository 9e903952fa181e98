package asyncio.internal.http.http1

import asyncio.internal.http.wire.HeadLimits
import asyncio.internal.http.wire.MalformedResponse
import asyncio.internal.http.wire.ResponseHead
import io.netty.buffer.Unpooled

/**
 * Reads the head of the answer to CONNECT byte by byte. Bytes behind the head belong to the server, so no byte may be taken
 * before it is certain that the head goes on.
 */
internal class HeadReader {
    private val scanner = ResponseScanner()
    private val byte = ByteArray(1)
    private val buffer = Unpooled.wrappedBuffer(byte)
    private var size = 0

    init {
        // There is no body to read: a refusal closes the connection. A 101 is a refusal too.
        scanner.expect(HeadLimits.DEFAULT, bodiless = true, upgrade = true, tunnel = true)
    }

    /**
     * Takes the next byte. Gives the final head when it is complete, and null before.
     *
     * @throws MalformedResponse if that is not HTTP
     */
    fun take(octet: Int): ResponseHead? {
        if (++size > MAX_SIZE) throw MalformedResponse("its head is larger than $MAX_SIZE bytes", false)
        byte[0] = octet.toByte()
        scanner.scan(buffer, 0, 1)
        if (scanner.event != ResponseScanner.Event.HEAD) return null
        val head = scanner.head!!
        if (head.status > MAX_STATUS) throw MalformedResponse("its status is not known: ${head.status}", false)
        return head
    }

    private companion object {
        const val MAX_SIZE = 64 * 1024
        const val MAX_STATUS = 599
    }
}
