package asyncio.internal.http.http2

import asyncio.internal.http.message.HttpChars
import asyncio.internal.http.wire.ConnectionEnded
import asyncio.internal.http.wire.HttpConnection
import asyncio.internal.http.wire.HttpConnection.Listener
import asyncio.internal.http.wire.HttpConnection.StreamHandler
import asyncio.internal.http.wire.MalformedResponse
import asyncio.internal.http.wire.RequestHead
import asyncio.internal.http.wire.StreamFailure
import asyncio.internal.loop.shown
import asyncio.internal.vertx.VertxHost
import io.netty.buffer.ByteBuf
import io.netty.channel.Channel
import io.netty.channel.ChannelHandlerContext
import io.netty.handler.codec.http2.Http2CodecUtil
import io.netty.handler.codec.http2.Http2Error
import io.netty.handler.codec.http2.Http2Settings
import io.netty.util.collection.IntObjectHashMap
import io.vertx.core.Future
import io.vertx.core.Promise
import java.io.IOException
import java.time.Duration
import java.util.concurrent.TimeUnit
import java.util.concurrent.Future as JavaFuture

/**
 * A connection of HTTP/2 (RFC 9113): what its streams share. [Http2Handler] feeds it; everything is on the context's thread.
 *
 * ```
 * STARTING --SETTINGS--> READY --GOAWAY, REFUSED_STREAM, no answer to a PING--> RETIRED: no more requests
 *    \_______________________\________________________________________________________\--> ENDED
 * ```
 *
 * The window of the connection is given back when data comes, that of a stream when its reader has read it: a response that nobody
 * reads holds no other one up, and holds no more bytes than the window of its stream.
 */
internal class Http2Connection(
    private val host: VertxHost,
    private val pingInterval: Duration? = null,
) : HttpConnection {
    private lateinit var context: ChannelHandlerContext
    private lateinit var writer: FrameWriter
    private val started = Promise.promise<HttpConnection>()
    private var listener: Listener? = null

    private val streams = IntObjectHashMap<Http2Stream>()
    private var nextId = 1

    /** Requests that wait for a stream, because the server has lowered its limit to none. */
    private val waiting = ArrayDeque<StreamHandler>(0)

    // ---- what the server has said
    private var isReady = false
    private var streamWindow = Http2CodecUtil.DEFAULT_WINDOW_SIZE

    /** The last stream that the server has processed, or will; and why it goes. */
    private var lastProcessed = Int.MAX_VALUE
    private var goodbye: String? = null

    /** Whether that is because it wants HTTP/1.1. */
    private var wantsHttp1 = false

    // ---- flow control
    private var sendWindow = Http2CodecUtil.DEFAULT_WINDOW_SIZE
    private val sendable = ArrayDeque<Http2Stream>(0)
    private var isSending = false
    private var receiveWindow = CONNECTION_WINDOW
    private var taken = 0

    /** How many bytes may still come on streams that were reset. */
    private var late = 0L

    private val fields = ResponseFields()
    private val view = RequestFields()
    private val guard = FloodGuard()
    private var framesAtUpdate = -1L

    private var reads = 0L

    /** How many frames of responses have come. */
    var answers = 0L
        private set
    private var readsAtPing = 0L
    private var timeout: JavaFuture<*>? = null
    private var readsAtTick = 0L
    private var ticker: JavaFuture<*>? = null
    private var isTickUnanswered = false

    private var isEnded = false
    private var failure: Throwable? = null

    override val isMultiplexed: Boolean get() = true

    override var concurrency: Long = Http2CodecUtil.MAX_UNSIGNED_INT
        private set
    override val isActive: Boolean get() = !isEnded && context.channel().isActive

    override var isRetired = false
        private set
    override val isReusable: Boolean get() = true

    override var isChecking = false
        private set

    override var takesProtocols = false
        private set

    val channel: Channel get() = context.channel()

    /** Ends when the server has sent its settings. */
    val ready: Future<HttpConnection> get() = started.future()

    val isWritable: Boolean get() = writer.hasRoom

    override fun listen(listener: Listener) {
        this.listener = listener
    }

    override fun afterArrivals(action: Runnable): Unit = action.run()

    override fun takeChannel(): Channel = error("A connection of HTTP/2 is never one of another protocol")

    // ---- streams

    override fun openStream(handler: StreamHandler) {
        when {
            isEnded -> handler.opened(null, failure ?: ConnectionEnded())
            isRetired -> handler.opened(null, unprocessed())
            streams.size >= concurrency -> waiting.addLast(handler)
            else -> handler.opened(Http2Stream(this), null)
        }
    }

    private fun openWaiting() {
        while (waiting.isNotEmpty() && streams.size < concurrency) openStream(waiting.removeFirst())
    }

    private fun refuseWaiting(cause: () -> Throwable) {
        while (waiting.isNotEmpty()) waiting.removeFirst().opened(null, cause())
    }

    /** Sends the head of a request; gives the number of its stream. */
    fun begin(
        stream: Http2Stream,
        head: RequestHead,
        isLast: Boolean,
    ): Int {
        val id = nextId
        nextId += 2
        stream.sendWindow = streamWindow
        streams.put(id, stream)
        val scheme = if (head.ssl) "https" else "http"
        view.show(head.method.name(), scheme, head.host, head.target, head.protocol, head.headers)
        writer.headers(id, view, isLast)
        guard.allow(USELESS_FOR_A_REQUEST)
        if (nextId > LAST_ID) retire()
        return id
    }

    /** The stream has ended for both sides. */
    fun closed(stream: Http2Stream) {
        streams.remove(stream.id)
        if (stream.isQueued) sendable.remove(stream)
        if (waiting.isNotEmpty() && !isRetired && !isEnded) openWaiting()
    }

    fun reset(
        stream: Http2Stream,
        error: Http2Error,
    ) {
        late += maxOf(stream.receiveWindow, 0)
        writer.reset(stream.id, error)
        stream.close()
    }

    // ---- sending

    fun sendData(
        stream: Http2Stream,
        bytes: ByteArray,
        from: Int,
        size: Int,
        isLast: Boolean,
    ) {
        sendWindow -= size
        writer.data(stream.id, bytes, from, size, isLast)
    }

    /** The stream has data; it sends when it is its turn and the windows allow it. */
    fun sendSoon(stream: Http2Stream) {
        if (!stream.canSend) return
        if (!stream.isQueued) {
            stream.isQueued = true
            sendable.addLast(stream)
        }
        send()
    }

    /** One frame of each stream in turn, so that a large body does not hold the others up. */
    private fun send() {
        if (isSending) return
        isSending = true
        try {
            while (sendWindow > 0 && writer.hasRoom) {
                val stream = sendable.removeFirstOrNull() ?: break
                stream.isQueued = false
                if (!stream.canSend) continue
                stream.sendFrame(minOf(sendWindow, MAX_FRAME, writer.maxFrameSize))
                if (stream.canSend) {
                    stream.isQueued = true
                    sendable.addLast(stream)
                }
            }
        } finally {
            isSending = false
        }
    }

    /** There is room in the socket, or in a window. */
    fun roomCame() {
        if (isEnded) return
        send()
        // The listeners may open and close streams.
        for (stream in streams.values.toTypedArray()) stream.tellRoom()
    }

    // ---- what the server sends

    fun start(context: ChannelHandlerContext) {
        this.context = context
        writer = FrameWriter(context)
        writer.start(STREAM_WINDOW, CONNECTION_WINDOW, MAX_HEADER_LIST)
        pingInterval?.let { tickAfter(it) }
    }

    fun readBegins() {
        reads++
        writer.isReading = true
    }

    fun readEnds() {
        writer.isReading = false
        writer.flush()
    }

    private fun checkReady() {
        if (!isReady) throw ConnectionError(Http2Error.PROTOCOL_ERROR, "its first frame is not SETTINGS")
    }

    /** A frame that brings nothing. */
    fun useless() {
        checkReady()
        if (guard.isFlood()) {
            throw ConnectionError(
                Http2Error.ENHANCE_YOUR_CALM,
                "the server floods the connection with frames that say nothing",
            )
        }
    }

    /** The open stream of this number; null if it is closed. */
    private fun known(id: Int): Http2Stream? {
        checkReady()
        streams.get(id)?.let { return it }
        if (id % 2 == 0) {
            throw ConnectionError(
                Http2Error.PROTOCOL_ERROR,
                "the server opened a stream, $id, which was not allowed",
            )
        }
        if (id >= nextId) {
            throw ConnectionError(Http2Error.PROTOCOL_ERROR, "the server uses a stream, $id, that was not opened")
        }
        return null
    }

    /** A block of headers is about to be decoded. */
    fun expectFields(id: Int): ResponseFields {
        val stream = streams.get(id)
        if (stream == null) fields.ignoreNext() else stream.expectFields(fields)
        return fields
    }

    fun receivedFields(
        id: Int,
        isLast: Boolean,
    ) {
        val stream = known(id)
        answers++
        if (stream == null) useless() else stream.receivedFields(fields, isLast)
    }

    fun receivedData(
        id: Int,
        data: ByteBuf,
        padding: Int,
        isLast: Boolean,
    ) {
        val stream = known(id)
        answers++
        val flow = data.readableBytes() + padding
        receiveWindow -= flow
        if (receiveWindow < 0) {
            throw ConnectionError(
                Http2Error.FLOW_CONTROL_ERROR,
                "the server sent more than the window of the connection",
            )
        }
        taken += flow
        if (taken >= CONNECTION_WINDOW / 2) {
            writer.windowUpdate(0, taken)
            receiveWindow += taken
            taken = 0
        }
        if (stream == null) {
            late -= flow
            if (late < 0) {
                throw ConnectionError(Http2Error.STREAM_CLOSED, "the server sent data on a stream, $id, that had ended")
            }
        }
        if (data.isReadable) {
            guard.allow(1)
        } else if (!isLast) {
            useless()
        }
        stream?.receivedData(data, flow, isLast)
    }

    /** The reader of the stream has read so many bytes. */
    fun giveBack(
        stream: Http2Stream,
        bytes: Int,
    ): Unit = writer.windowUpdate(stream.id, bytes)

    fun receivedReset(
        id: Int,
        code: Long,
    ) {
        val stream = known(id) ?: return useless()
        answers++
        val isRefused = code == Http2Error.REFUSED_STREAM.code() && stream.isUnanswered
        val wantsHttp1 = code == Http2Error.HTTP_1_1_REQUIRED.code() && stream.isUnanswered
        if (isRefused) retire()
        stream.close()
        stream.broke(
            if (isRefused) {
                StreamFailure("the server refused the stream (REFUSED_STREAM)", isUnprocessed = true)
            } else {
                StreamFailure(
                    "the server reset the stream (${nameOf(code)})",
                    isUnprocessed = wantsHttp1,
                    wantsHttp1 = wantsHttp1,
                )
            },
        )
    }

    fun receivedSettings(settings: Http2Settings) {
        if (settings.pushEnabled() == true) {
            throw ConnectionError(Http2Error.PROTOCOL_ERROR, "its settings allow push, which only a client can")
        }
        val isFirst = !isReady
        isReady = true
        if (!isFirst) useless()
        settings.headerTableSize()?.let { writer.maxHeaderTableSize(it) }
        settings.maxFrameSize()?.let { writer.maxFrameSize = it }
        val window = settings.initialWindowSize()
        if (window != null) {
            val more = window - streamWindow
            streamWindow = window
            for (stream in streams.values) addWindow(stream, more)
        }
        if (settings.connectProtocolEnabled() == true) takesProtocols = true
        writer.settingsAck()
        val most = settings.maxConcurrentStreams()
        if (most != null) concurrency = most
        if (isFirst) started.tryComplete(this)
        if (window != null) resumeSending()
        if (most != null) {
            openWaiting()
            listener?.concurrencyChanged()
        }
    }

    private fun addWindow(
        stream: Http2Stream,
        more: Int,
    ) {
        val window = stream.sendWindow.toLong() + more
        if (window > Int.MAX_VALUE) {
            throw ConnectionError(Http2Error.FLOW_CONTROL_ERROR, "the server's window is larger than ${Int.MAX_VALUE}")
        }
        stream.sendWindow = window.toInt()
    }

    private fun resumeSending() {
        for (stream in streams.values.toTypedArray()) stream.sendPending()
        roomCame()
    }

    fun receivedWindow(
        id: Int,
        more: Int,
    ) {
        checkReady()
        // Where nothing was sent there is nothing to allow.
        if (writer.dataFrames == framesAtUpdate) useless()
        framesAtUpdate = writer.dataFrames
        if (id == 0) {
            if (sendWindow.toLong() + more > Int.MAX_VALUE) {
                throw ConnectionError(
                    Http2Error.FLOW_CONTROL_ERROR,
                    "the server's window is larger than ${Int.MAX_VALUE}",
                )
            }
            sendWindow += more
            roomCame()
            return
        }
        val stream = known(id) ?: return
        if (stream.sendWindow.toLong() + more > Int.MAX_VALUE) {
            return stream.malformed("its window is larger than ${Int.MAX_VALUE}", Http2Error.FLOW_CONTROL_ERROR)
        }
        stream.sendWindow += more
        stream.sendPending()
        stream.tellRoom()
    }

    fun receivedPing(data: Long) {
        useless()
        writer.ping(data, isAck = true)
    }

    fun receivedPush(): Nothing =
        throw ConnectionError(
            Http2Error.PROTOCOL_ERROR,
            "the server pushes a response, which the settings do not allow",
        )

    fun receivedGoAway(
        last: Int,
        code: Long,
        debug: ByteBuf,
    ) {
        useless()
        // RFC 9113, 6.8: it may only become smaller.
        lastProcessed = minOf(lastProcessed, last)
        val text = HttpChars.printableAscii(debug.toString(Charsets.ISO_8859_1))
        goodbye = "GOAWAY, ${nameOf(code)}" + if (text.isEmpty()) "" else ": $text"
        wantsHttp1 = code == Http2Error.HTTP_1_1_REQUIRED.code()
        retire()
        // In their order, so that they are sent again in it.
        for (stream in streams.values.filter { it.id > lastProcessed }.sortedBy { it.id }) {
            if (stream.isClosed) continue
            stream.close()
            stream.broke(unprocessed())
        }
    }

    private fun unprocessed() =
        StreamFailure(
            "the server closed the connection before it processed the request" + goodbye?.let { " ($it)" }.orEmpty(),
            isUnprocessed = true,
            wantsHttp1 = wantsHttp1,
            servedOthers = lastProcessed in 1 until Int.MAX_VALUE,
        )

    /** A frame of a stream is malformed. */
    fun streamMalformed(
        id: Int,
        what: String,
    ) {
        val stream = known(id)
        if (stream == null) useless() else stream.malformed(what)
    }

    // ---- whether the server still answers

    /** A request was given up before its response came. If none of another one has come meanwhile the server may be gone. */
    fun missedAnswer(stream: Http2Stream) {
        if (stream.answersBefore == answers) check()
    }

    private fun check() {
        if (isChecking || isRetired || isEnded) return
        isChecking = true
        readsAtPing = reads
        writer.ping(CHECK, isAck = false)
        timeout = after(patience.toMillis(), ::doubt)
    }

    fun receivedPingAck(data: Long) {
        if (data == TICK && isTickUnanswered) {
            isTickUnanswered = false
            return
        }
        if (data != CHECK || !isChecking) return useless()
        isChecking = false
        timeout?.cancel(false)
        listener?.concurrencyChanged()
    }

    /** Requests go to another connection from now on; those that are under way may still be answered. */
    private fun doubt() {
        timeout = after(MORE_PATIENCE * patience.toMillis(), ::despair)
        retire()
    }

    private fun despair() {
        if (reads == readsAtPing) silent(shown(patience.multipliedBy(MORE_PATIENCE + 1)))
    }

    private fun silent(time: String) {
        end(IOException("the server has not answered a PING for $time"))
        context.close()
    }

    private fun after(
        millis: Long,
        action: () -> Unit,
    ): JavaFuture<*> = schedule(millis) { if (isChecking) action() }

    private fun schedule(
        millis: Long,
        action: () -> Unit,
    ): JavaFuture<*> =
        context.executor().schedule({ if (!isEnded) host.execute(action) }, millis, TimeUnit.MILLISECONDS)

    /** Sends a PING after each [interval] in which nothing came; the one before has to be answered by then. */
    private fun tickAfter(interval: Duration) {
        ticker = schedule(maxOf(interval.toMillis(), 1)) { tick(interval) }
    }

    private fun tick(interval: Duration) {
        val isSilent = reads == readsAtTick
        if (isSilent && isTickUnanswered) return silent(shown(interval))
        readsAtTick = reads
        isTickUnanswered = isSilent
        if (isSilent) writer.ping(TICK, isAck = false)
        tickAfter(interval)
    }

    // ---- the end

    private fun retire() {
        if (isRetired || isEnded) return
        isRetired = true
        refuseWaiting(::unprocessed)
        listener?.retired()
    }

    /** The server broke the rules, so that nothing on the connection can be trusted. */
    fun fail(
        error: Http2Error,
        message: String,
    ) {
        if (isEnded) return
        writer.goAway(error)
        writer.flush()
        end(MalformedResponse(message, false))
        context.close()
    }

    /** The connection is closed, or is about to be. */
    fun end(cause: Throwable?) {
        if (isEnded) return
        isEnded = true
        failure = cause ?: ConnectionEnded()
        timeout?.cancel(false)
        ticker?.cancel(false)
        writer.close()
        started.tryFail(failure)
        // First the pool, so that no request that is sent again gets this connection.
        listener?.closed()
        for (stream in streams.values.sortedBy { it.id }) {
            if (stream.isClosed) continue
            stream.close()
            stream.broke(causeFor(stream))
        }
        refuseWaiting { failure!! }
    }

    private fun causeFor(stream: Http2Stream): Throwable {
        val failure = failure!!
        return when {
            failure is MalformedResponse -> MalformedResponse(failure.message!!, inBody = !stream.isUnanswered)

            // The server has said that it processes it, so it is not sent again.
            goodbye != null -> StreamFailure("the server closed the connection ($goodbye)", isUnprocessed = false)

            else -> failure
        }
    }

    override fun close() {
        if (isEnded) return
        writer.goAway(Http2Error.NO_ERROR)
        writer.flush()
        end(null)
        context.close()
    }

    companion object {
        /** How much of a body a server may send before it is read. Large bodies are slow with the default of 64 KiB. */
        const val STREAM_WINDOW = 1024 * 1024

        /** The window of all streams together, which is given back when half of it is used. */
        const val CONNECTION_WINDOW = 16 * STREAM_WINDOW

        /** The limit of all headers of a response; the limits of the request are lower unless its user has raised them. */
        const val MAX_HEADER_LIST = 4 * 1024 * 1024

        private const val MAX_FRAME = 16 * 1024
        private const val LAST_ID = Int.MAX_VALUE - 2
        private const val CHECK = 0x6173_796e_6369_6f34L
        private const val TICK = CHECK + 1

        private const val USELESS_FOR_A_REQUEST = 10

        /** How long new requests wait for the answer to a PING. Tests set others. */
        @JvmStatic
        @Volatile
        var patience: Duration = Duration.ofSeconds(1)

        /** How many times longer the requests wait that were sent before. */
        private const val MORE_PATIENCE = 9L
    }
}
