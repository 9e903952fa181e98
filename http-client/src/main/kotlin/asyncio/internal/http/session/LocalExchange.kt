package asyncio.internal.http.session

import asyncio.Future
import asyncio.Task
import asyncio.TimeoutException
import asyncio.TimerHandle
import asyncio.http.ClientConnectionException
import asyncio.http.ClientPayloadException
import asyncio.http.ClientResponse
import asyncio.http.MockResponse
import asyncio.http.SocketTimeoutException
import asyncio.internal.http.body.BodySource
import asyncio.internal.http.body.BodyStream
import asyncio.internal.http.body.ContentCodings
import asyncio.internal.http.connect.timeoutRaising
import asyncio.internal.http.message.HeaderFields
import asyncio.internal.http.message.HeaderNames
import asyncio.internal.http.message.HeaderText
import asyncio.internal.http.payload.Portions
import asyncio.internal.http.payload.bytesAtHand
import asyncio.internal.http.payload.open
import asyncio.internal.http.wire.HttpProtocol
import asyncio.internal.http.wire.ResponseHead
import asyncio.internal.loop.shown
import asyncio.internal.vertx.offer
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import asyncio.kotlin.sleep
import io.vertx.core.http.HttpMethod
import java.time.Duration

/**
 * A request and a response that comes over no connection: that of a mock transport, or of a cache.
 *
 * ```
 * HEAD --answered--> BODY --its end--> OVER      and OVER from everywhere when it fails
 * ```
 */
internal class LocalExchange(
    override val attempt: RequestAttempt,
    private val total: TotalTimer?,
) : Exchange,
    BodySource,
    TotalTimer.Target,
    AutoCloseable {
    private val request = attempt.request
    private val session = request.session
    val loop = session.loop
    private val sockRead = request.timeout.sockRead()

    override var isOver = false
        private set
    override val trailers: HeaderFields? get() = null
    override var bytesSent = 0L
        private set
    override var isUploaded = false
        private set

    private var isFinal = false
    private var body: BodyStream? = null
    private var pump: Task<Unit>? = null
    private var atEnd: ArrayList<Runnable>? = null
    private var silenceTimer: TimerHandle? = null

    /** Set while the body's reader has enough. */
    private var held: Future<Unit>? = null

    fun portionSent(bytes: Int) {
        bytesSent += bytes
        attempt.traces?.tell(attempt) { onRequestChunkSent(it, bytes) }
    }

    fun uploadEnded() {
        isUploaded = true
    }

    override suspend fun awaitUpload() {
        // The request is taken before the response is there.
    }

    // ---- the head

    /** Waits for the response that [answer] gives, as long as it may take. */
    suspend fun head(answer: suspend () -> MockResponse): ClientResponse {
        try {
            val silence = { _: TimeoutException -> SocketTimeoutException(silence()) }
            val response =
                if (sockRead == null) within(answer) else timeoutRaising(silence, sockRead) { within(answer) }
            return received(response)
        } catch (error: Throwable) {
            end()
            throw error
        }
    }

    private suspend fun within(answer: suspend () -> MockResponse): MockResponse =
        if (total == null) answer() else total.limits(::describe, answer)

    private fun silence() = "${describe()}: no data from ${attempt.origin} for sockRead, ${shown(sockRead!!)}"

    private suspend fun received(response: MockResponse): ClientResponse {
        val headers = HeaderFields()
        for ((name, value) in response.headers()) headers.add(name, HeaderText.toWire(value))
        val payload = response.body()
        val type = payload?.contentType()
        if (type != null && HeaderNames.CONTENT_TYPE !in headers) {
            headers.add(HeaderNames.CONTENT_TYPE, HeaderText.toWire(type))
        }
        val length = if (payload == null) 0L else payload.size()
        val bodiless = attempt.httpMethod == HttpMethod.HEAD || response.status() == 204 || response.status() == 304
        if (HeaderNames.CONTENT_LENGTH !in headers && length != null && (payload != null || !bodiless)) {
            headers.add(HeaderNames.CONTENT_LENGTH, length.toString())
        }
        val codings = if (request.autoDecompress) ContentCodings.of(attempt.httpMethod, headers) else null
        val stream = BodyStream(loop, this, codings, request.readBufferSize, request.bodyLimit)
        body = stream
        total?.tellsFromNowOn(this)
        val head = ResponseHead(HttpProtocol.HTTP_1_1, response.status(), response.reason(), headers)
        val result = ClientResponseImpl(this, head, stream)
        onContext { session.enter(this) }
        val bytes = payload?.bytesAtHand
        when {
            payload == null || bodiless -> feedAll(null)
            bytes != null -> feedAll(bytes)
            else -> pump = loop.createTask(coroutine { run(payload.open()) }, "body of ${describe()}")
        }
        return result
    }

    // ---- the body

    private fun feedAll(bytes: ByteArray?) {
        if (bytes != null && bytes.isNotEmpty()) feed(bytes)
        complete()
    }

    private fun feed(bytes: ByteArray) {
        attempt.traces?.tell(attempt) { onResponseChunkReceived(it, bytes.size) }
        body!!.feed(bytes)
        if (silenceTimer != null) waiting(true)
    }

    private fun complete() {
        body!!.end()
        end()
    }

    private suspend fun run(portions: Portions) {
        try {
            while (!isOver) {
                val portion = portions.next() ?: break
                onContext { if (!isOver) feed(portion) }
                // As with a connection, the reader runs between two portions.
                sleep(kotlin.time.Duration.ZERO)
                held?.let { await(it) }
            }
            onContext { if (!isOver) complete() }
        } catch (error: Exception) {
            // As if the connection had broken there.
            onContext { if (!isOver) fail(error) }
        } finally {
            portions.close()
        }
    }

    override fun reading(on: Boolean) {
        val before = held
        held = if (on) null else before ?: loop.createFuture<Unit>()
        if (on && before != null) loop.offer(before, Unit)
    }

    override fun waiting(on: Boolean) {
        silenceTimer?.cancel()
        silenceTimer = null
        if (on && sockRead != null && !isOver) {
            silenceTimer = loop.callLater(sockRead) { onContext { fail(SocketTimeoutException(silence())) } }
        }
    }

    override fun malformed(error: Throwable): Unit = fail(error)

    // ---- the end

    override fun fail(error: Throwable) {
        if (isOver) return
        body?.let { if (error is ClientConnectionException) it.abort(error) else it.fail(error) }
        end()
    }

    private fun end() {
        if (isOver) return
        isOver = true
        silenceTimer?.cancel()
        silenceTimer = null
        pump?.cancel()
        if (isFinal) total?.stop()
        onContext { session.leave(this) }
        attempt.traces?.tell(attempt) { onResponseEnd(it) }
        atEnd?.forEach(Runnable::run)
        atEnd = null
    }

    override fun whenOver(action: Runnable) {
        if (isOver) action.run() else (atEnd ?: ArrayList<Runnable>(1).also { atEnd = it }).add(action)
    }

    override fun becomeFinal() {
        isFinal = true
        if (isOver) total?.stop() else total?.tellsFromNowOn(this)
    }

    override fun release(): Unit = giveUp("the response was closed before its body ended")

    override fun giveUp(why: String) {
        if (!isOver) onContext { fail(ClientConnectionException("${describe()}: $why")) }
    }

    override fun expireTotal(limit: Duration): Unit =
        onContext { fail(TimeoutException("${describe()}: no end of the body within the total of ${shown(limit)}")) }

    /** The session is closed. */
    override fun close(): Unit = fail(ClientConnectionException("${describe()}: the session was closed"))

    override fun onContext(action: Runnable): Unit = session.hostThread.execute(action)

    override fun describe(): String = attempt.describe()
}
