package asyncio.internal.http.http2

import asyncio.internal.http.message.HeaderFields
import asyncio.internal.http.wire.HeadLimits
import asyncio.internal.http.wire.HttpProtocol
import asyncio.internal.http.wire.HttpStream
import asyncio.internal.http.wire.HttpStream.Listener
import asyncio.internal.http.wire.MalformedResponse
import asyncio.internal.http.wire.RequestHead
import asyncio.internal.http.wire.ResponseHead
import io.netty.buffer.ByteBuf
import io.netty.handler.codec.http.HttpResponseStatus
import io.netty.handler.codec.http2.Http2Error
import io.vertx.core.http.HttpMethod

/**
 * A request and its response on a connection of HTTP/2.
 *
 * ```
 *           HEADERS         END_STREAM
 * HEAD -----------> BODY ------------> ENDED      the response
 *   \------------ END_STREAM ----------^
 * ```
 *
 * It is open until both sides have ended, or one has reset it. A response that breaks a rule ends the stream, not the connection.
 */
internal class Http2Stream(
    private val connection: Http2Connection,
) : HttpStream {
    private enum class Phase { HEAD, BODY, ENDED }

    /** 0 before the request has begun. */
    var id = 0
        private set
    private var listener: Listener? = null
    private var continued: Runnable? = null
    private var drained: Runnable? = null

    private var phase = Phase.HEAD
    private var isRequestEnded = false

    /** Nothing is sent or received any more. */
    var isClosed = false
        private set

    // ---- what is known of the response
    private var isHead = false
    private var limits = HeadLimits.DEFAULT
    private var headers = 0
    private var interims = 0
    private var status = 0
    private var length = -1L
    private var received = 0L

    // ---- flow control

    /** How many bytes the server may send. */
    var receiveWindow = Http2Connection.STREAM_WINDOW
        private set

    /** How many bytes it has sent that were not given back to its window. */
    private var taken = 0
    private var isReading = true

    /** How many bytes the server takes; negative after it has lowered its limit. */
    var sendWindow = 0

    /** Portions that wait for the server's window; the first one from [sent] on. */
    private val pending = ArrayDeque<ByteArray>(0)
    private var sent = 0
    private var pendingSize = 0L
    private var endsAfterPending = false

    /** Whether it is among the streams that have something to send. */
    var isQueued = false
    private var isFull = false

    /** How many frames of responses had come on the connection when the request was sent. */
    var answersBefore = 0L
        private set

    override val isWritable: Boolean get() = pendingSize < LOW_WATER && connection.isWritable

    /** Whether no head of a response has come. */
    val isUnanswered: Boolean get() = phase == Phase.HEAD

    override fun listen(listener: Listener) {
        this.listener = listener
    }

    override fun onContinue(action: Runnable) {
        continued = action
    }

    override fun onDrain(action: Runnable) {
        drained = action
    }

    // ---- sending

    override fun writeHead(head: RequestHead): Unit = begin(head, isLast = true)

    override fun writeHead(
        head: RequestHead,
        chunked: Boolean,
    ): Unit = begin(head, isLast = false)

    override fun writeAll(
        head: RequestHead,
        body: ByteArray,
    ) {
        begin(head, isLast = body.isEmpty())
        if (body.isNotEmpty()) write(body, isLast = true)
    }

    private fun begin(
        head: RequestHead,
        isLast: Boolean,
    ) {
        isHead = head.method == HttpMethod.HEAD
        limits = head.limits
        isRequestEnded = isLast
        answersBefore = connection.answers
        id = connection.begin(this, head, isLast)
    }

    override fun write(
        bytes: ByteArray,
        isLast: Boolean,
    ) {
        if (isClosed || isRequestEnded || endsAfterPending) return
        if (bytes.isNotEmpty()) {
            pending.addLast(bytes)
            pendingSize += bytes.size
        }
        if (isLast) endsAfterPending = true
        sendPending()
    }

    override fun end(): Unit = write(NO_BYTES, isLast = true)

    /** Sends what waits, as far as the windows allow it. */
    fun sendPending() {
        if (isClosed) return
        if (pendingSize == 0L) {
            if (!endsAfterPending || isRequestEnded) return
            connection.sendData(this, NO_BYTES, 0, 0, isLast = true)
            requestEnded()
        } else {
            connection.sendSoon(this)
            if (!isWritable) isFull = true
        }
    }

    /** Whether the window of this stream lets bytes through. */
    val canSend: Boolean get() = !isClosed && pendingSize > 0 && sendWindow > 0

    /** Sends one frame of at most [most] bytes; there are some, and the window is not empty. */
    fun sendFrame(most: Int) {
        val first = pending.first()
        val size = minOf(most, sendWindow, first.size - sent)
        val isLast = endsAfterPending && size.toLong() == pendingSize
        connection.sendData(this, first, sent, size, isLast)
        sendWindow -= size
        pendingSize -= size
        sent += size
        if (sent == first.size) {
            pending.removeFirst()
            sent = 0
        }
        if (isLast) requestEnded()
    }

    private fun requestEnded() {
        isRequestEnded = true
        if (phase == Phase.ENDED) close()
    }

    /** There may be room again. */
    fun tellRoom() {
        if (!isFull || isClosed || !isWritable) return
        isFull = false
        drained?.run()
    }

    // ---- receiving

    /** A block of headers begins. */
    fun expectFields(fields: ResponseFields): Unit = fields.startNext(limits, if (phase == Phase.HEAD) -1 else headers)

    fun receivedFields(
        fields: ResponseFields,
        isLast: Boolean,
    ) {
        fields.finish()
        val fault = fields.fault
        when {
            phase == Phase.ENDED -> goesOn()
            fault != null -> malformed(fault)
            phase != Phase.HEAD -> receivedTrailers(fields, isLast)
            fields.status < OK -> receivedInterim(fields.status, isLast)
            else -> receivedHead(fields, isLast)
        }
    }

    private fun goesOn() = malformed("it goes on behind its end", Http2Error.STREAM_CLOSED)

    private fun receivedInterim(
        status: Int,
        isLast: Boolean,
    ) {
        when {
            status == SWITCHING -> malformed("its status is 101, which HTTP/2 does not have")
            isLast -> malformed("it ends with an interim response, $status")
            ++interims > MAX_INTERIMS -> malformed("there are more than $MAX_INTERIMS interim responses")
            status == CONTINUE -> continued?.run()
        }
    }

    private fun receivedHead(
        fields: ResponseFields,
        isLast: Boolean,
    ) {
        status = fields.status
        headers = fields.total
        length = fields.length
        if (isLast && length > 0 && !isBodiless) {
            return malformed("it has no body, but its Content-Length is $length")
        }
        phase = Phase.BODY
        val reason = HttpResponseStatus.valueOf(status).reasonPhrase()
        listener?.received(ResponseHead(HttpProtocol.HTTP_2, status, reason, fields.headers))
        if (isLast && !isClosed) ended(null)
    }

    /** Whether it has no body, whatever its head says. */
    private val isBodiless: Boolean get() = isHead || status == NO_CONTENT || status == NOT_MODIFIED

    private fun receivedTrailers(
        fields: ResponseFields,
        isLast: Boolean,
    ) {
        if (!isLast) return malformed("there are headers in its body")
        if (checkLength()) ended(fields.headers)
    }

    /** [flow] is what counts in the window: the bytes and the padding. */
    fun receivedData(
        data: ByteBuf,
        flow: Int,
        isLast: Boolean,
    ) {
        receiveWindow -= flow
        if (receiveWindow < 0) return malformed("it is larger than its window", Http2Error.FLOW_CONTROL_ERROR)
        taken += flow
        val size = data.readableBytes()
        if (phase == Phase.HEAD) return malformed("its body begins before its head")
        if (phase == Phase.ENDED) return goesOn()
        received += size
        if (size > 0) {
            if (isBodiless) {
                return malformed(
                    "it has a body, although ${if (isHead) "the method is HEAD" else "its status is $status"}",
                )
            }
            if (length in 0 until received) return malformed("its body is longer than its Content-Length, $length")
            listener?.received(data, data.readerIndex(), size)
        }
        if (isClosed) return
        if (isLast) {
            if (checkLength()) ended(null)
        } else if (isReading) {
            giveBack()
        }
    }

    private fun checkLength(): Boolean {
        if (length < 0 || isBodiless || received == length) return true
        malformed("its body has $received bytes, and its Content-Length is $length")
        return false
    }

    private fun ended(trailers: HeaderFields?) {
        // Before the listener, which may begin another request.
        phase = Phase.ENDED
        if (isRequestEnded) {
            close()
        } else if (endsAfterPending) {
            // The server does not want the rest of the request.
            connection.reset(this, Http2Error.CANCEL)
        }
        listener?.ended(trailers)
    }

    override fun reading(on: Boolean) {
        isReading = on
        if (on && !isClosed) giveBack()
    }

    private fun giveBack() {
        if (taken < Http2Connection.STREAM_WINDOW / 2 || phase == Phase.ENDED) return
        connection.giveBack(this, taken)
        receiveWindow += taken
        taken = 0
    }

    // ---- the end

    override fun cancel() {
        if (isClosed) return
        if (id == 0) return close()
        connection.reset(this, Http2Error.CANCEL)
        if (isUnanswered) connection.missedAnswer(this)
    }

    /** Nothing comes after this but what the listener is told. */
    fun close() {
        isClosed = true
        pending.clear()
        pendingSize = 0
        if (id != 0) connection.closed(this)
    }

    fun malformed(
        what: String,
        error: Http2Error = Http2Error.PROTOCOL_ERROR,
    ) {
        if (isClosed) return
        connection.reset(this, error)
        broke(MalformedResponse(what, phase != Phase.HEAD))
    }

    /** For the listener; the stream is closed. */
    fun broke(cause: Throwable) {
        listener?.broke(cause)
    }

    private companion object {
        const val OK = 200
        const val CONTINUE = 100
        const val SWITCHING = 101
        const val NO_CONTENT = 204
        const val NOT_MODIFIED = 304

        /** As with HTTP/1.1. */
        const val MAX_INTERIMS = 100

        /** With less waiting than this, more may be written. */
        const val LOW_WATER = 32 * 1024
        val NO_BYTES = ByteArray(0)
    }
}
