package asyncio.internal.http

import asyncio.Future
import asyncio.TimerHandle
import asyncio.http.ClientConnectionException
import asyncio.http.ClientPayloadException
import asyncio.http.ClientTimeout
import asyncio.http.ConnectionTimeoutException
import asyncio.http.SocketTimeoutException
import asyncio.kotlin.await
import io.vertx.core.Handler
import io.vertx.core.buffer.Buffer
import io.vertx.core.http.HttpClientRequest
import io.vertx.core.http.HttpClientResponse
import io.vertx.core.http.HttpMethod
import io.vertx.core.http.RequestOptions
import java.time.Duration

/**
 * One request and its response on the wire.
 *
 * ```
 * NEW --> CONNECTING --connected--> SENT --head--> RECEIVING --end--> ENDED
 *             ^------- retry --------'
 *    every one of them but ENDED --fail--> FAILED
 * ```
 *
 * Vert.x and the timers move it, always on the context's thread. Who awaits it only looks at the phase; that is safe,
 * because a coroutine's body and the context's thread never run at the same time.
 */
internal class Exchange(
    private val session: ClientSessionImpl,
    val method: HttpMethod,
    val url: Url,
    private val headers: RequestHeaders?,
    override val timeout: ClientTimeout,
) : ConnectionWaiter(),
    Handler<Buffer> {
    private enum class Phase { NEW, CONNECTING, SENT, RECEIVING, ENDED, FAILED }

    private val loop = session.loop
    private val host = session.host
    private var phase = Phase.NEW
    private var failure: Throwable? = null
    private var connection: PooledConnection? = null
    private var retried = false
    private var reusable = false

    /** Who waits: for the head, then perhaps for the end of the body. */
    private var headWaiter: Future<ClientResponseImpl>? = null
    private var bodyWaiter: Future<Unit>? = null

    private val body = BodyBuffer()
    private val bodyLimit = session.settings.bodyLimit
    private var reading = true

    private var totalTimer: TimerHandle? = null
    private var connectTimer: TimerHandle? = null
    private var silenceTimer: TimerHandle? = null
    private var lastData = Duration.ZERO

    override val origin: Origin get() = url.origin

    // ---- the two things that can be awaited

    /** Sends the request and waits for the head of the response. */
    suspend fun head(): ClientResponseImpl {
        val future = loop.createFuture<ClientResponseImpl>()
        headWaiter = future
        timeout.total?.let { limit -> totalTimer = loop.callLater(limit) { onContext { expireTotal(limit) } } }
        try {
            host.execute { start() }
            return await(future)
        } catch (error: Throwable) {
            giveUp("waiting for the response was cancelled")
            throw error
        }
    }

    /** Waits for the end of the body, of which [announced] bytes are to come, and gives it; once. */
    suspend fun body(announced: Long): ByteArray {
        if (phase == Phase.RECEIVING) {
            if (announced > bodyLimit) {
                val error = tooLarge()
                onContext { fail(error) }
                throw error
            }
            awaitEnd()
        }
        failure?.let { throw it }
        return body.take()
    }

    private suspend fun awaitEnd() {
        check(bodyWaiter == null) { "Another task is reading the body of ${describe()} already" }
        val future = loop.createFuture<Unit>()
        bodyWaiter = future
        if (!reading || timeout.sockRead != null) onContext { resumeReading() }
        try {
            await(future)
        } catch (error: Throwable) {
            giveUp("reading the body was cancelled")
            throw error
        } finally {
            bodyWaiter = null
        }
    }

    /** The user is done with the response, whether or not all of it is there. */
    fun release() {
        giveUp("the response was closed before its body ended")
        if (phase == Phase.ENDED) body.clear()
    }

    /** Nobody wants the rest. */
    private fun giveUp(why: String) {
        if (phase != Phase.ENDED && phase != Phase.FAILED) {
            onContext { fail(ClientConnectionException("${describe()}: $why")) }
        }
    }

    // ---- getting a connection

    private fun start() {
        if (phase != Phase.NEW) return
        phase = Phase.CONNECTING
        session.pool.acquire(this)
        watchConnect()
    }

    private fun watchConnect() {
        if (phase != Phase.CONNECTING) return
        timeout.connect?.let { limit -> connectTimer = loop.callLater(limit) { onContext { expireConnect(limit) } } }
    }

    /** What Vert.x throws is this request's failure, or nobody would hear of it. */
    private inline fun guarded(action: () -> Unit) {
        try {
            action()
        } catch (error: Exception) {
            fail(ClientConnectionException("${describe()}: ${reason(error)}", error))
        }
    }

    override fun connected(connection: PooledConnection) {
        connectTimer = stopped(connectTimer)
        this.connection = connection
        connection.user = this
        phase = Phase.SENT
        connection.request(RequestOptions().setMethod(method).setURI(url.target)).onComplete { request, cause ->
            if (!isUsing(connection)) {
                request?.reset()
            } else if (request == null) {
                brokeBeforeHead(connection, cause)
            } else {
                guarded { send(connection, request) }
            }
        }
    }

    override fun refused(error: Throwable): Unit = fail(error)

    override fun sessionClosed(): Unit = fail(ClientConnectionException("${describe()}: the session was closed"))

    // ---- sending, receiving

    private fun send(
        connection: PooledConnection,
        request: HttpClientRequest,
    ) {
        session.headerPlan.write(url, headers, request.headers())
        request.response().onComplete { response, cause ->
            if (!isUsing(connection)) return@onComplete
            if (response == null) brokeBeforeHead(connection, cause) else received(connection, response)
        }
        request.end()
        if (timeout.sockRead != null) watchSilence()
    }

    private fun isUsing(connection: PooledConnection) = phase == Phase.SENT && this.connection === connection

    private fun brokeBeforeHead(
        connection: PooledConnection,
        cause: Throwable,
    ) {
        // The server may have closed a kept connection just when the request was on its way.
        if (connection.used && !retried && isBrokenConnection(cause) && isIdempotent()) {
            retried = true
            phase = Phase.CONNECTING
            this.connection = null
            session.pool.replace(connection, this)
            watchConnect()
        } else {
            fail(responseFailure(describe(), url, cause))
        }
    }

    private fun isIdempotent() = method == HttpMethod.GET

    private fun received(
        connection: PooledConnection,
        response: HttpClientResponse,
    ) {
        phase = Phase.RECEIVING
        reusable = Reuse.allows(method, response, connection)
        response.handler(this)
        response.exceptionHandler { cause -> brokeInBody(cause) }
        response.endHandler { ended() }
        touch()
        val waiter = headWaiter!!
        if (!waiter.done()) waiter.setResult(ClientResponseImpl(this, session, response))
    }

    /** The next portion of the body. */
    override fun handle(portion: Buffer) {
        if (phase != Phase.RECEIVING) return
        touch()
        body.add(portion)
        if (body.size > bodyLimit) {
            fail(tooLarge())
        } else if (bodyWaiter == null && reading && body.size >= HIGH_WATER) {
            reading = false
            connection!!.reading(false)
        }
    }

    private fun tooLarge() =
        ClientPayloadException("${describe()}: the body is larger than $bodyLimit bytes, the limit of maxBodySize")

    private fun resumeReading() {
        if (phase != Phase.RECEIVING) return
        if (!reading) {
            reading = true
            connection!!.reading(true)
        }
        if (timeout.sockRead != null) watchSilence()
    }

    private fun ended() {
        if (phase != Phase.RECEIVING) return
        phase = Phase.ENDED
        stopTimers()
        val connection = connection!!
        this.connection = null
        if (!reading) connection.reading(true)
        bodyWaiter?.let { if (!it.done()) it.setResult(Unit) }
        session.pool.release(connection, reusable)
    }

    private fun brokeInBody(cause: Throwable) {
        if (phase != Phase.RECEIVING) return
        val what =
            if (isBrokenConnection(cause)) "the connection ended before the body did" else "the body is malformed"
        fail(ClientPayloadException("${describe()}: $what, after ${body.size} bytes: ${reason(cause)}", cause))
    }

    private fun fail(error: Throwable) {
        val before = phase
        if (before == Phase.ENDED || before == Phase.FAILED) return
        phase = Phase.FAILED
        failure = error
        stopTimers()
        body.clear()
        val connection = connection
        this.connection = null
        when {
            connection != null -> session.pool.release(connection, reusable = false)
            before == Phase.CONNECTING -> session.pool.withdraw(this)
        }
        headWaiter?.let { if (!it.done() && !loop.isClosed) it.setException(error) }
        bodyWaiter?.let { if (!it.done() && !loop.isClosed) it.setException(error) }
    }

    // ---- time

    private fun expireTotal(limit: Duration) {
        val doing =
            when (phase) {
                Phase.NEW, Phase.CONNECTING -> "no connection"
                Phase.SENT -> "no response"
                else -> "no end of the body"
            }
        fail(asyncio.TimeoutException("${describe()}: $doing within the total of ${shown(limit)}"))
    }

    private fun expireConnect(limit: Duration) {
        if (phase == Phase.CONNECTING) {
            fail(
                ConnectionTimeoutException(
                    "${describe()}: no free connection to $origin within connect, ${shown(limit)}",
                ),
            )
        }
    }

    /** Data came, or is waited for from now on. */
    private fun touch() {
        if (timeout.sockRead != null) lastData = loop.time()
    }

    private fun watchSilence() {
        touch()
        if (silenceTimer == null) checkSilenceAfter(timeout.sockRead!!)
    }

    private fun checkSilenceAfter(delay: Duration) {
        silenceTimer = loop.callLater(delay) { onContext(::checkSilence) }
    }

    private fun checkSilence() {
        silenceTimer = null
        // A body that nobody is reading may be silent: perhaps it is held back here.
        if (phase != Phase.SENT && !(phase == Phase.RECEIVING && bodyWaiter != null)) return
        val limit = timeout.sockRead!!
        val left = limit - (loop.time() - lastData)
        if (left > Duration.ZERO) {
            checkSilenceAfter(left)
        } else {
            fail(SocketTimeoutException("${describe()}: no data from $origin for sockRead, ${shown(limit)}"))
        }
    }

    private fun stopTimers() {
        totalTimer = stopped(totalTimer)
        connectTimer = stopped(connectTimer)
        silenceTimer = stopped(silenceTimer)
    }

    private fun stopped(timer: TimerHandle?): TimerHandle? {
        timer?.cancel()
        return null
    }

    private fun onContext(action: Runnable): Unit = host.execute(action)

    private fun describe() = "$method $url"

    private companion object {
        /** How much of a body is received before somebody reads it; aiohttp's read_bufsize. */
        const val HIGH_WATER = 256 * 1024
    }
}
