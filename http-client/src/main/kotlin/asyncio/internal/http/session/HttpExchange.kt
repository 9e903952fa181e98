package asyncio.internal.http.session

import asyncio.Future
import asyncio.TimerHandle
import asyncio.http.ClientConnectionException
import asyncio.http.ClientException
import asyncio.http.ClientPayloadException
import asyncio.http.ClientTimeout
import asyncio.http.ConnectionTimeoutException
import asyncio.http.SocketTimeoutException
import asyncio.internal.http.body.BodySource
import asyncio.internal.http.body.BodyStream
import asyncio.internal.http.body.ContentCodings
import asyncio.internal.http.connect.ConnectListener
import asyncio.internal.http.connect.ConnectionKey
import asyncio.internal.http.message.HeaderFields
import asyncio.internal.http.message.HeaderNames
import asyncio.internal.http.message.reason
import asyncio.internal.http.pool.ConnectionWaiter
import asyncio.internal.http.pool.PooledConnection
import asyncio.internal.http.wire.HttpStream
import asyncio.internal.http.wire.KeepAlive
import asyncio.internal.http.wire.RequestHead
import asyncio.internal.http.wire.ResponseHead
import asyncio.internal.http.wire.StreamFailure
import asyncio.internal.loop.shown
import asyncio.internal.vertx.offer
import asyncio.internal.vertx.offerException
import asyncio.kotlin.await
import io.netty.buffer.ByteBuf
import io.vertx.core.http.HttpMethod
import java.time.Duration

/**
 * One request and its response on the wire.
 *
 * ```
 * NEW --> CONNECTING --connected--> SENT --head--> RECEIVING --end--> ENDED
 *                                     \---101----> SWITCHED --channel closed--> ENDED
 *    every one of them but ENDED --fail--> FAILED
 * ```
 *
 * The connection and the timers move it, always on the context's thread. Waiting coroutines only read the phase; that is safe,
 * because a coroutine's body and the context's thread never run at the same time.
 */
internal class HttpExchange(
    override val attempt: RequestAttempt,
    private val outgoing: OutgoingBody,
    override val key: ConnectionKey,
    private val total: TotalTimer?,
    /** A connection that was kept would be a second chance to meet a dead one. */
    override val wantsNew: Boolean,
) : ConnectionWaiter(),
    Exchange,
    BodySource,
    Upload.Listener,
    TotalTimer.Target,
    HttpStream.Listener {
    private enum class Phase { NEW, CONNECTING, SENT, RECEIVING, SWITCHED, ENDED, FAILED }

    private val request = attempt.request
    private val session = request.session
    private val loop = session.loop
    private val host = session.host
    private val pool = session.pool
    private val method = attempt.httpMethod
    override val timeout: ClientTimeout = request.timeout

    private var phase = Phase.NEW
    private var connection: PooledConnection? = null
    private var stream: HttpStream? = null
    private var upload: Upload? = null

    /** What carries another protocol over HTTP/2. */
    private var streamPipe: StreamPipe? = null
    private var bodySent = false
    private var reusable = false

    /** Whether a connection that was kept has failed before a response came: the server may have closed it just then. */
    var diedBeforeHead = false
        private set

    /** Why the server certainly has not processed the request; null if it may have. */
    var refusal: StreamFailure? = null
        private set

    /** How many bytes of the body were handed to the connection. */
    override var bytesSent = 0L
        private set

    private var headWaiter: Future<ClientResponseImpl>? = null
    private var uploadWaiters: ArrayList<Future<Unit>>? = null
    private var body: BodyStream? = null

    /** Its Content-Length, for a message. */
    private var announced: String? = null

    /** The trailers, which came after the body. */
    override var trailers: HeaderFields? = null
        private set

    /** The response is with its user: from now on this exchange alone stands for the request. */
    private var isFinal = false
    private var atEnd: ArrayList<Runnable>? = null

    /** The request was given up; perhaps before it began. */
    private var givenUp = false

    private var connectTimer: TimerHandle? = null
    private var poolTimer: TimerHandle? = null
    private var silenceTimer: TimerHandle? = null
    private var lastData = Duration.ZERO
    private var readerWaits = false

    /** Whether the body wants data, and whether it has to wait for trace configs. */
    private var bodyReads = true
    private var heldBack = false

    override val isLeftOpen: Boolean get() = isFinal && phase == Phase.RECEIVING && !readerWaits

    override val madeAt: List<StackTraceElement>? get() = request.madeAt

    override val connectListener: ConnectListener? get() = attempt.traces?.connectListener(attempt)

    /** Sends the request and waits for the head of the response. */
    suspend fun head(): ClientResponseImpl {
        val future = loop.createFuture<ClientResponseImpl>()
        headWaiter = future
        try {
            val response = if (total == null) awaitHead(future) else total.tells(this) { awaitHead(future) }
            // Not kept here, or a user could not lose it.
            headWaiter = null
            total?.tellsFromNowOn(this)
            return response
        } catch (error: Throwable) {
            giveUp("waiting for the response was cancelled")
            if (upload == null) outgoing.portions?.close()
            throw error
        }
    }

    private suspend fun awaitHead(future: Future<ClientResponseImpl>): ClientResponseImpl {
        begin()
        return await(future)
    }

    /**
     * A fiber starts the exchange in a turn of the loop, which runs on the context's thread. A post to that thread from
     * another one wakes its selector up, which costs more than all else here.
     */
    private fun begin() {
        if (host.isHostThread()) host.execute(::start) else loop.callSoon { host.execute(::start) }
    }

    /** Says that the response of this exchange is the one that the user gets. */
    override fun becomeFinal() {
        isFinal = true
        if (isOver) total?.stop() else total?.tellsFromNowOn(this)
    }

    override val isOver: Boolean get() = phase == Phase.ENDED || phase == Phase.FAILED

    /** Runs [action] on the context's thread at the end of the exchange; at once if the exchange is over already. */
    override fun whenOver(action: Runnable) {
        if (isOver) action.run() else (atEnd ?: ArrayList<Runnable>(1).also { atEnd = it }).add(action)
    }

    /** Whether the whole body of the request was handed to the connection. */
    override val isUploaded: Boolean get() = bodySent

    /** Waits for [isUploaded], or for the end of the exchange without. */
    override suspend fun awaitUpload() {
        if (bodySent || isOver) return
        val future = loop.createFuture<Unit>()
        (uploadWaiters ?: ArrayList<Future<Unit>>(1).also { uploadWaiters = it }).add(future)
        await(future)
    }

    /** The user is done with the response, whether or not all of it is there. */
    override fun release(): Unit = giveUp("the response was closed before its body ended")

    /** The rest is not needed. */
    override fun giveUp(why: String) {
        givenUp = true
        if (!isOver) onContext { fail(ClientConnectionException("${describe()}: $why")) }
    }

    // ---- getting a connection

    private fun start() {
        if (phase != Phase.NEW || givenUp) return
        phase = Phase.CONNECTING
        // Before the pool is asked: it may answer at once.
        timeout.connect()?.let { limit -> connectTimer = loop.callLater(limit) { onContext { expireConnect(limit) } } }
        guarded { pool.acquire(this) }
    }

    override fun queued() {
        total?.pause()
        timeout.pool()?.let { limit -> poolTimer = loop.callLater(limit) { onContext { expirePool(limit) } } }
        attempt.traces?.tell(attempt) { onConnectionQueuedStart(it) }
    }

    override fun dequeued() {
        total?.resume()
        poolTimer = stopped(poolTimer)
        attempt.traces?.tell(attempt) { onConnectionQueuedEnd(it) }
    }

    override fun connecting() {
        attempt.traces?.tell(attempt) { onConnectionCreateStart(it) }
    }

    /** Makes an exception of the connection the failure of this request; otherwise it would be lost. */
    private inline fun guarded(action: () -> Unit) {
        try {
            action()
        } catch (error: Exception) {
            fail(
                error as? ClientConnectionException
                    ?: ClientConnectionException("${describe()}: ${reason(error)}", error),
            )
        }
    }

    override fun connected(connection: PooledConnection) {
        connectTimer = stopped(connectTimer)
        this.connection = connection
        phase = Phase.SENT
        attempt.traces?.tell(attempt) { if (connection.used) onConnectionReuseconn(it) else onConnectionCreateEnd(it) }
        whenTold { openStream(connection) }
    }

    /** Runs [action] as soon as the trace configs that await have heard of all events. */
    private inline fun whenTold(crossinline action: () -> Unit) {
        val awaited = attempt.traces?.awaited
        if (awaited == null || awaited.isSettled) action() else awaited.whenSettled { action() }
    }

    private fun openStream(connection: PooledConnection) {
        // Told of the connection, a trace config may have taken its time.
        if (phase != Phase.SENT || this.connection !== connection) return
        connection.http.openStream { stream, cause ->
            if (phase != Phase.SENT || this.connection !== connection) {
                stream?.cancel()
            } else if (stream == null) {
                broke(cause!!)
            } else {
                guarded { send(connection, stream) }
            }
        }
    }

    override fun refused(error: Throwable): Unit = fail(error)

    override fun sessionClosed(): Unit = fail(ClientConnectionException("${describe()}: the session was closed"))

    // ---- sending

    private fun send(
        connection: PooledConnection,
        stream: HttpStream,
    ) {
        this.stream = stream
        stream.listen(this)
        val head = requestHead(connection)
        when {
            outgoing.portions != null -> {
                stream.writeHead(head, chunked = outgoing.length == RequestAttempt.CHUNKED)
                upload = Upload(loop, host, outgoing.portions, stream, this)
                if (request.expect100) stream.onContinue(::startUpload) else startUpload()
            }

            outgoing.bytes != null -> {
                val bytes = outgoing.bytes
                if (request.expect100) {
                    stream.writeHead(head, chunked = false)
                    stream.onContinue { sendBytes(stream, bytes) }
                } else {
                    stream.writeAll(head, bytes)
                    wroteBytes(bytes.size)
                }
            }

            head.protocol != null -> {
                stream.writeHead(head, chunked = false)
                bodySent = true
            }

            else -> {
                stream.writeHead(head)
                bodySent = true
            }
        }
        attempt.traces?.tell(attempt) { onRequestHeadersSent(it) }
        if (timeout.sockRead() != null && bodySent) watchSilence()
    }

    private fun requestHead(connection: PooledConnection): RequestHead {
        val headers = HeaderFields()
        attempt.writeHeaders(outgoing.length, connection.multiplexed) { name, value -> headers.add(name, value) }
        if (key.viaProxy) for (header in key.proxyHeaders()) headers.add(header.key, header.value)
        attempt.proxyAnswer?.let { headers.add(HeaderNames.PROXY_AUTHORIZATION, it.header) }
        val url = attempt.target
        val target = if (key.viaProxy) url.toString() else url.target
        val protocol = if (connection.multiplexed) attempt.upgrade?.protocol else null
        return RequestHead(
            if (protocol == null) method else HttpMethod.CONNECT,
            url.ssl,
            attempt.host,
            target,
            headers,
            limits = request.headLimits,
            upgrade = attempt.upgrade != null,
            protocol = protocol,
        )
    }

    private fun startUpload() {
        val upload = upload ?: return
        if (phase == Phase.SENT && !isOver) upload.start("upload of ${describe()}")
    }

    private fun sendBytes(
        stream: HttpStream,
        bytes: ByteArray,
    ) {
        if (phase != Phase.SENT || bodySent) return
        stream.write(bytes, isLast = true)
        wroteBytes(bytes.size)
    }

    private fun wroteBytes(count: Int) {
        portionSent(count)
        uploadEnded()
    }

    override fun portionSent(bytes: Int) {
        bytesSent += bytes
        attempt.traces?.tell(attempt) { onRequestChunkSent(it, bytes) }
    }

    override suspend fun told() {
        attempt.traces?.awaited?.settle()
    }

    override fun uploadEnded() {
        bodySent = true
        wakeUploadWaiters()
        if (phase == Phase.SENT && timeout.sockRead() != null) watchSilence()
    }

    private fun wakeUploadWaiters() {
        uploadWaiters?.forEach { loop.offer(it, Unit) }
        uploadWaiters = null
    }

    override fun uploadFailed(error: Throwable) {
        val told =
            error as? ClientException
                ?: ClientConnectionException("${describe()}: the request's body failed: ${reason(error)}", error)
        fail(told)
    }

    // ---- receiving

    override fun received(head: ResponseHead) {
        if (phase != Phase.SENT) return
        val connection = connection!!
        val upgrade = attempt.upgrade
        if (upgrade != null && isAgreed(connection, head.status)) {
            guarded { switch(connection, upgrade, head) }
        } else {
            phase = Phase.RECEIVING
            announced = head.headers.get(HeaderNames.CONTENT_LENGTH)
            if (connection.multiplexed) {
                reusable = true
            } else {
                reusable = KeepAlive.allows(method, head, attempt.asksToClose)
                KeepAlive.idleLimit(head)?.let { connection.idleLimit = minOf(connection.idleLimit, it) }
            }
            val codings = if (request.autoDecompress) ContentCodings.of(method, head.headers) else null
            body = BodyStream(loop, this, codings, request.readBufferSize, request.bodyLimit)
            touch()
        }
        val waiter = headWaiter ?: return
        loop.offer(waiter, ClientResponseImpl(this, head, body))
    }

    /** Whether the server speaks the other protocol from here on; over HTTP/2 any 2xx says so. */
    private fun isAgreed(
        connection: PooledConnection,
        status: Int,
    ) = if (connection.multiplexed) status in OK else status == SWITCHING

    private fun switch(
        connection: PooledConnection,
        upgrade: Upgrade,
        response: ResponseHead,
    ) {
        phase = Phase.SWITCHED
        total?.stop()
        if (connection.multiplexed) {
            val pipe = StreamPipe(stream!!) { channelClosed() }
            streamPipe = pipe
            upgrade.switched(response, pipe)
        } else {
            val channel = connection.http.takeChannel()
            channel.closeFuture().addListener { channelClosed() }
            upgrade.switched(response, ChannelPipe(channel))
        }
    }

    private fun channelClosed() {
        if (phase != Phase.SWITCHED) return
        phase = Phase.ENDED
        leaveConnection(reusable = false)
        over()
    }

    /** The next portion of the body. */
    override fun received(
        buffer: ByteBuf,
        from: Int,
        size: Int,
    ) {
        streamPipe?.received(buffer, from, size)
        if (phase != Phase.RECEIVING) return
        touch()
        attempt.traces?.tell(attempt) { onResponseChunkReceived(it, size) }
        body!!.feed(buffer, from, size)
        if (attempt.traces?.awaited?.isSettled == false) holdBack()
    }

    override fun ended(trailers: HeaderFields?) {
        streamPipe?.let {
            // The close of the WebSocket itself came before; this is only the end of the stream.
            stream?.end()
            it.ended(null)
            channelClosed()
        }
        if (phase != Phase.RECEIVING) return
        phase = Phase.ENDED
        this.trailers = trailers
        if (!bodySent) upload?.stop()
        // First the body, which may hold the connection back: the next one is to be able to read.
        if (heldBack) stream?.reading(true)
        body!!.end()
        leaveConnection(reusable && bodySent)
        over()
    }

    override fun broke(cause: Throwable) {
        when (phase) {
            Phase.SENT -> {
                val kept = connection!!.used
                diedBeforeHead = kept && isBrokenConnection(cause)
                refusal = (cause as? StreamFailure)?.takeIf { it.isUnprocessed }
                fail(responseFailure(describe(), attempt.target, cause))
            }

            Phase.RECEIVING -> {
                val what =
                    when {
                        cause is StreamFailure -> "the stream ended before the body did"
                        isBrokenConnection(cause) -> "the connection ended before the body did"
                        else -> "the body is malformed"
                    }
                val received = listOfNotNull(body!!.received, announced).joinToString(" of ")
                fail(ClientPayloadException("${describe()}: $what, after $received bytes: ${reason(cause)}", cause))
            }

            else -> {
                streamPipe?.ended(cause)
                channelClosed()
            }
        }
    }

    /** Ends this without a response, or without the rest of one. */
    override fun fail(error: Throwable) {
        val before = phase
        if (isOver) return
        phase = Phase.FAILED
        if (connection == null) pool.withdraw(this)
        leaveConnection(reusable = false)
        upload?.stop()
        body?.let { if (error is ClientPayloadException) it.fail(error) else it.abort(error) }
        streamPipe?.ended(error)
        headWaiter?.let { loop.offerException(it, error) }
        if (before == Phase.SWITCHED) headWaiter = null
        over()
    }

    private fun leaveConnection(reusable: Boolean) {
        val connection = connection ?: return
        this.connection = null
        val stream = stream
        this.stream = null
        if (connection.multiplexed) {
            // The request of a protocol has no end of its own.
            if (!reusable || attempt.upgrade != null) stream?.cancel()
            pool.release(connection, this, connection.open)
        } else {
            pool.release(connection, this, reusable && connection.http.isReusable)
        }
    }

    private fun over() {
        connectTimer = stopped(connectTimer)
        poolTimer = stopped(poolTimer)
        silenceTimer = stopped(silenceTimer)
        if (isFinal) total?.stop()
        wakeUploadWaiters()
        attempt.traces?.tell(attempt) { onResponseEnd(it) }
        atEnd?.forEach(Runnable::run)
        atEnd = null
    }

    // ---- flow control, for the reader of the body

    override fun reading(on: Boolean) {
        if (connection == null) return
        bodyReads = on
        if (!heldBack) stream?.reading(on)
        if (on && timeout.sockRead() != null) watchSilence()
    }

    /** The next portion comes when trace configs have heard of this one. */
    private fun holdBack() {
        if (heldBack) return
        heldBack = true
        stream?.reading(false)
        whenTold {
            heldBack = false
            if (bodyReads && connection != null) stream?.reading(true)
        }
    }

    override fun waiting(on: Boolean) {
        readerWaits = on
        if (on && timeout.sockRead() != null) onContext(::watchSilence)
    }

    override fun malformed(error: Throwable): Unit = fail(error)

    override fun onContext(action: Runnable): Unit = host.execute(action)

    override fun describe(): String = attempt.describe()

    // ---- time

    override fun expireTotal(limit: Duration): Unit =
        onContext {
            val doing =
                when (phase) {
                    Phase.NEW, Phase.CONNECTING -> "no connection"
                    Phase.SENT -> if (stream == null) NO_STREAM else sending()
                    else -> "no end of the body"
                }
            fail(asyncio.TimeoutException("${describe()}: $doing within the total of ${shown(limit)}"))
        }

    private fun sending() = if (bodySent) "no response" else "the body was not sent"

    private fun expireConnect(limit: Duration) {
        if (phase != Phase.CONNECTING) return
        fail(
            ConnectionTimeoutException(
                "${describe()}: no free connection to ${attempt.origin} within connect, ${shown(limit)}",
            ),
        )
    }

    private fun expirePool(limit: Duration) {
        if (phase != Phase.CONNECTING || poolTimer == null) return
        fail(ConnectionTimeoutException("${describe()}: no connection became free within pool, ${shown(limit)}"))
    }

    /** Data came, or is waited for from now on. */
    private fun touch() {
        if (timeout.sockRead() != null) lastData = loop.time()
    }

    private fun watchSilence() {
        touch()
        if (silenceTimer == null && !isOver) checkSilenceAfter(timeout.sockRead()!!)
    }

    private fun checkSilenceAfter(delay: Duration) {
        silenceTimer = loop.callLater(delay) { onContext(::checkSilence) }
    }

    private fun checkSilence() {
        silenceTimer = null
        // A body that is not being read may be silent: perhaps reading is paused here.
        if (phase != Phase.SENT && !(phase == Phase.RECEIVING && readerWaits)) return
        val limit = timeout.sockRead()!!
        val left = limit - (loop.time() - lastData)
        if (left > Duration.ZERO) {
            checkSilenceAfter(left)
        } else {
            fail(SocketTimeoutException("${describe()}: no data from ${attempt.origin} for sockRead, ${shown(limit)}"))
        }
    }

    private fun stopped(timer: TimerHandle?): TimerHandle? {
        timer?.cancel()
        return null
    }

    private companion object {
        val OK = 200..299
        const val SWITCHING = 101
        const val NO_STREAM = "the server allowed no more requests on the connection (MAX_CONCURRENT_STREAMS)"
    }
}
