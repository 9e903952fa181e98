package asyncio.internal.http.ws

import asyncio.AsyncIterator
import asyncio.Awaitable
import asyncio.Coroutine
import asyncio.Future
import asyncio.StopAsyncIteration
import asyncio.TimeoutException
import asyncio.http.ClientConnectionException
import asyncio.http.ClientConnectionResetException
import asyncio.http.ClientOSException
import asyncio.http.ClientResponse
import asyncio.http.ClientWebSocket
import asyncio.http.ServerTimeoutException
import asyncio.http.TypeRef
import asyncio.http.WSCloseCode
import asyncio.http.WSMessage
import asyncio.http.WSMessageTypeException
import asyncio.http.WSMsgType
import asyncio.http.WebSocketException
import asyncio.internal.http.message.reason
import asyncio.internal.http.session.ClientSessionImpl
import asyncio.internal.loop.shown
import asyncio.internal.vertx.offer
import asyncio.internal.vertx.offerException
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import io.netty.buffer.ByteBuf
import java.nio.ByteBuffer
import java.time.Duration

/**
 * aiohttp's WebSocket.
 *
 * Two things go on at once. The connection comes to its end, on the context's thread: by a CLOSE of the server, by a mistake
 * of the server's, by silence, or by being lost. The program hears of it when it has received all that came before. What it
 * was told is in [closed] and [closing]:
 *
 * ```
 * open --receives CLOSE or CLOSING--> closing --close()--> closed
 *   \---------close(), or there is nothing more to receive----^
 * ```
 */
internal class ClientWebSocketImpl(
    private val session: ClientSessionImpl,
    /** Held until the end: the connection of a response that everybody has forgotten is closed. */
    private val response: ClientResponse,
    private val channel: FrameChannel,
    private val settings: WebSocketSettings,
    agreement: Handshake.Agreement,
) : ClientWebSocket,
    FrameChannel.User,
    Heartbeat.Connection {
    private val loop = session.loop
    private val host = session.host
    private val protocol = agreement.protocol
    private val compression = agreement.compression
    private val deflater = compression?.let { MessageDeflater(it.windowBits, it.clientKeepsContext) }
    private val inflater = compression?.let { MessageInflater(it.serverKeepsContext) }
    private val decoder = MessageDecoder(settings.maxMessageSize, settings.decodeText, inflater)
    private val codec = session.settings.json
    private val encoder = FrameEncoder()
    private val heartbeat = settings.heartbeat?.let { Heartbeat(loop, it, this) }

    /** The messages that were not received by the program yet, and about how much memory they take. */
    private val messages = ArrayDeque<WSMessage>()
    private var memory = 0L

    /** The server will send nothing more, or its data is ignored. */
    private var over = false

    /** So many messages wait that reading is paused. */
    private var full = false

    private var closed = false
    private var closing = false
    private var closeCode: Int? = null
    private var exception: Throwable? = null

    /** The future of the receiving task; true: there is something to look at, false: another task closes. */
    private var receiver: Future<Boolean>? = null

    /** The future of the task that waits for the server's CLOSE. */
    private var closer: Future<Unit>? = null

    /** The answer to a ping that came while the one before had not been sent yet. */
    private var pongDue: ByteArray? = null

    private val closeable = AutoCloseable(::sessionClosed)

    /** On the context's thread. */
    fun start() {
        session.enter(closeable)
        heartbeat?.start()
        channel.start(this)
        if (session.closed()) sessionClosed()
    }

    override fun closed(): Boolean = closed || over && !channel.isOpen && messages.isEmpty()

    override fun closeCode(): Int? = closeCode

    override fun protocol(): String? = protocol

    override fun compress(): Int = compression?.windowBits ?: 0

    override fun clientNotakeover(): Boolean = compression != null && !compression.clientKeepsContext

    override fun exception(): Throwable? = exception

    override fun toString(): String = "<ClientWebSocket ${response.url()} ${if (closed()) "closed" else "open"}>"

    // ---- sending

    override fun ping(): Coroutine<Void?> = ping(EMPTY)

    override fun ping(message: ByteArray): Coroutine<Void?> = sendFrame(message, WSMsgType.PING)

    override fun pong(): Coroutine<Void?> = pong(EMPTY)

    override fun pong(message: ByteArray): Coroutine<Void?> = sendFrame(message, WSMsgType.PONG)

    override fun sendStr(data: String): Coroutine<Void?> = sendStr(data, true)

    override fun sendStr(
        data: String,
        compress: Boolean,
    ): Coroutine<Void?> = coroutine { send(Opcode.TEXT, utf8(data), compress) }

    override fun sendBytes(data: ByteArray): Coroutine<Void?> = sendBytes(data, true)

    override fun sendBytes(
        data: ByteArray,
        compress: Boolean,
    ): Coroutine<Void?> = coroutine { send(Opcode.BINARY, data, compress) }

    override fun sendJson(value: Any?): Coroutine<Void?> = coroutine { send(Opcode.TEXT, codec.write(value), true) }

    override fun sendJsonBytes(value: Any?): Coroutine<Void?> =
        coroutine { send(Opcode.BINARY, codec.write(value), true) }

    override fun sendFrame(
        message: ByteArray,
        opcode: WSMsgType,
    ): Coroutine<Void?> =
        coroutine {
            when (opcode) {
                WSMsgType.TEXT, WSMsgType.BINARY -> Unit
                WSMsgType.PING, WSMsgType.PONG -> checkControl(message)
                WSMsgType.CLOSE -> throw IllegalArgumentException("A CLOSE is sent by close(code, message)")
                else -> throw IllegalArgumentException("A frame of type $opcode cannot be sent")
            }
            send(opcode.value(), message, true)
        }

    private fun checkControl(message: ByteArray) {
        require(message.size <= Opcode.MAX_CONTROL) {
            "A ping or pong has at most ${Opcode.MAX_CONTROL} bytes, not ${message.size}"
        }
    }

    private suspend fun send(
        opcode: Int,
        payload: ByteArray,
        compress: Boolean,
    ): Void? {
        session.checkLoop("A WebSocket")
        checkCanSend()
        sendNow(opcode, payload, compress)
        if (channel.isSlow) awaitFaster()
        return null
    }

    private fun checkCanSend() {
        if (closed || !channel.isOpen) throw ClientConnectionResetException(cannotSend(), exception)
    }

    private fun cannotSend() = "$this: nothing can be sent any more, it is closed"

    private fun sendNow(
        opcode: Int,
        payload: ByteArray,
        compress: Boolean,
    ) {
        val deflater = if (compress && payload.isNotEmpty() && !Opcode.isControl(opcode)) deflater else null
        val sent = if (deflater == null) payload else deflater.deflate(payload)
        channel.write(encoder.encode(opcode, sent, deflater != null))
    }

    private suspend fun awaitFaster() {
        val faster = channel.whenFaster()
        try {
            await(faster)
        } catch (gone: FrameChannel.ConnectionGone) {
            throw ClientConnectionResetException(
                "$this: the connection was closed while data was to be sent",
                exception,
            )
        } finally {
            channel.forget(faster)
        }
    }

    // ---- receiving

    override fun aiter(): AsyncIterator<WSMessage> = Messages()

    override fun receive(): Coroutine<WSMessage> = coroutine { next(settings.receiveTimeout) }

    override fun receive(timeout: Duration): Coroutine<WSMessage> = coroutine { next(limitOf(timeout)) }

    override fun receiveStr(): Coroutine<String> = coroutine { textOf(next(settings.receiveTimeout)) }

    override fun receiveStr(timeout: Duration): Coroutine<String> = coroutine { textOf(next(limitOf(timeout))) }

    override fun receiveBytes(): Coroutine<ByteArray> = coroutine { bytesOf(next(settings.receiveTimeout)) }

    override fun receiveBytes(timeout: Duration): Coroutine<ByteArray> = coroutine { bytesOf(next(limitOf(timeout))) }

    override fun <T : Any> receiveJson(type: Class<T>): Coroutine<T> =
        coroutine { codec.read(utf8Of(next(settings.receiveTimeout)), type) }

    override fun <T> receiveJson(type: TypeRef<T>): Coroutine<T> =
        coroutine { codec.read(utf8Of(next(settings.receiveTimeout)), type) }

    override fun <T : Any> receiveJson(
        type: Class<T>,
        timeout: Duration,
    ): Coroutine<T> = coroutine { codec.read(utf8Of(next(limitOf(timeout))), type) }

    override fun <T> receiveJson(
        type: TypeRef<T>,
        timeout: Duration,
    ): Coroutine<T> = coroutine { codec.read(utf8Of(next(limitOf(timeout))), type) }

    private suspend fun next(limit: Duration?): WSMessage {
        session.checkLoop("A WebSocket")
        while (true) {
            check(
                receiver == null,
            ) { "Another task is receiving from $this already: concurrent receives are not allowed" }
            if (closed) return CLOSED
            if (closing) {
                close(WSCloseCode.OK, closePayload(WSCloseCode.OK, EMPTY))
                return CLOSED
            }
            val message = take()
            if (message != null) return told(message)
            if (over) {
                closed = true
                return CLOSED
            }
            if (!awaitMessage(limit)) return CLOSING
        }
    }

    private fun take(): WSMessage? {
        val message = messages.removeFirstOrNull() ?: return null
        memory -= memoryOf(message)
        if (full && memory <= LOW_WATER) host.execute(::readOn)
        return message
    }

    private suspend fun awaitMessage(limit: Duration?): Boolean {
        val future = loop.createFuture<Boolean>()
        receiver = future
        val timer =
            limit?.let {
                loop.callLater(it) {
                    if (!future.done()) {
                        future.setException(TimeoutException("$this: no message within ${shown(it)}"))
                    }
                }
            }
        try {
            return await(future)
        } finally {
            timer?.cancel()
            receiver = null
        }
    }

    private suspend fun told(message: WSMessage): WSMessage {
        if (message.type() == WSMsgType.CLOSE) {
            closing = true
            closeCode = message.closeCode()
            if (settings.autoClose) answerClose(message.closeCode())
        } else if (message.type() == WSMsgType.ERROR) {
            closed = true
        }
        return message
    }

    private suspend fun answerClose(code: Int) {
        close(code, if (code == WSCloseCode.NO_STATUS) EMPTY else closePayload(code, EMPTY))
    }

    private fun wakeReceiver(what: Boolean) {
        receiver?.let { loop.offer(it, what) }
    }

    private inner class Messages : AsyncIterator<WSMessage> {
        override fun anext(): Coroutine<WSMessage> =
            coroutine {
                val message = next(settings.receiveTimeout)
                when (message.type()) {
                    WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED -> throw StopAsyncIteration()
                    else -> message
                }
            }
    }

    // ---- receiving

    override fun received(data: ByteBuf) {
        heartbeat?.sign()
        try {
            while (!over && !full) {
                val message = decoder.next(data) ?: return
                arrived(message)
            }
        } catch (violation: WebSocketException) {
            violated(violation)
        }
        if (over) data.skipBytes(data.readableBytes())
    }

    private fun arrived(message: WSMessage) {
        when (message.type()) {
            WSMsgType.PING -> if (settings.autoPing) answerPing(message.bytes()) else add(message)
            WSMsgType.PONG -> if (!settings.autoPing) add(message)
            WSMsgType.CLOSE -> serverCloses(message)
            else -> add(message)
        }
    }

    private fun add(message: WSMessage) {
        if (closed) return
        messages.addLast(message)
        memory += memoryOf(message)
        wakeReceiver(true)
        if (memory > HIGH_WATER) {
            full = true
            channel.reading(false)
        }
    }

    private fun readOn() {
        if (!full || memory > LOW_WATER) return
        full = false
        channel.deliver()
        if (!full) channel.reading(true)
    }

    private fun answerPing(message: ByteArray) {
        // A server that pings without taking the answers gets the last one only, RFC 6455, 5.5.3.
        pongDue = message
        if (!channel.isSlow) sendDuePong()
    }

    override fun faster(): Unit = sendDuePong()

    private fun sendDuePong() {
        val message = pongDue ?: return
        pongDue = null
        if (channel.isOpen && !closed) sendNow(Opcode.PONG, message, false)
    }

    private fun serverCloses(message: WSMessage) {
        end()
        if (closed) {
            closeCode = message.closeCode()
            closer?.let { loop.offer(it, Unit) }
        } else {
            add(message)
        }
    }

    /** The server violated the protocol: it gets a CLOSE, and the program an error after the good messages. */
    private fun violated(violation: WebSocketException) {
        end()
        if (channel.isOpen && !closed) sendNow(Opcode.CLOSE, closePayload(violation.code(), EMPTY), false)
        channel.finish(settings.closeTimeout, lingers = true)
        failed(violation, violation.code())
    }

    override fun isDead(silence: Duration) {
        if (over) return
        end()
        host.execute(channel::abort)
        val error =
            ServerTimeoutException("$this: no PONG and nothing else received for ${shown(silence)} after a ping")
        failed(error, WSCloseCode.ABNORMAL_CLOSURE)
    }

    private fun failed(
        error: Throwable,
        code: Int,
    ) {
        exception = error
        closeCode = code
        if (closed) failCloser(error) else add(WSMessage.of(WSMsgType.ERROR, error, null))
    }

    private fun failCloser(error: Throwable) {
        closer?.let { loop.offerException(it, error) }
    }

    override fun lost(cause: Throwable?) {
        session.leave(closeable)
        deflater?.close()
        inflater?.close()
        if (over) return
        end()
        if (cause != null) exception = ClientOSException("$this: the connection broke: ${reason(cause)}", cause)
        if (closeCode == null) closeCode = WSCloseCode.ABNORMAL_CLOSURE
        failCloser(exception ?: ClientConnectionException("$this: the server closed the connection without saying so"))
        wakeReceiver(true)
    }

    /** Nothing that comes from now on is of interest. */
    private fun end() {
        over = true
        full = false
        heartbeat?.stop()
    }

    // ---- heartbeat

    override val isReadPaused: Boolean get() = full

    override fun sendPing() {
        if (channel.isOpen && !closed) sendNow(Opcode.PING, EMPTY, false)
    }

    // ---- closing

    override fun close(): Coroutine<Boolean> = close(WSCloseCode.OK, "")

    override fun close(
        code: Int,
        message: String,
    ): Coroutine<Boolean> =
        coroutine {
            require(CloseCodes.maySend(code)) {
                "$code may not be sent as a close code: take one of WSCloseCode, or from 3000 to 4999"
            }
            val reason = utf8(message)
            require(reason.size <= MAX_REASON) {
                "The reason of a close has at most $MAX_REASON bytes, not ${reason.size}"
            }
            session.checkLoop("A WebSocket")
            close(code, closePayload(code, reason))
        }

    private suspend fun close(
        code: Int,
        payload: ByteArray,
    ): Boolean {
        if (closed) return false
        if (receiver != null && !closing) {
            closing = true
            wakeReceiver(false)
        }
        closed = true
        heartbeat?.stop()
        if (!channel.isOpen) {
            forgetMessages()
            return true
        }
        sendNow(Opcode.CLOSE, payload, false)
        val close = messages.lastOrNull { it.type() == WSMsgType.CLOSE }
        if (close != null) closeCode = close.closeCode()
        forgetMessages()
        if (closeCode == null) awaitClose() else finish()
        return true
    }

    private suspend fun awaitClose() {
        val future = loop.createFuture<Unit>()
        closer = future
        val limit = settings.closeTimeout
        val timer =
            limit?.let {
                loop.callLater(it) {
                    if (!future.done()) {
                        future.setException(TimeoutException("$this: no answer to the CLOSE within ${shown(it)}"))
                    }
                }
            }
        // Data that waits for a receiver hides the server's answer.
        host.execute(::readOn)
        try {
            await(future)
            finish()
        } catch (error: Throwable) {
            if (closeCode == null) closeCode = WSCloseCode.ABNORMAL_CLOSURE
            host.execute(channel::abort)
            if (error !is Exception) throw error
            exception = error
        } finally {
            timer?.cancel()
            closer = null
        }
    }

    private fun finish() {
        host.execute { channel.finish(settings.closeTimeout, lingers = false) }
    }

    private fun forgetMessages() {
        messages.clear()
        memory = 0
    }

    /** Closes without waiting for an answer, or until everything is sent. On the context's thread. */
    private fun sessionClosed() {
        if (!over) {
            if (channel.isOpen && !closed) {
                sendNow(Opcode.CLOSE, closePayload(WSCloseCode.GOING_AWAY, EMPTY), false)
            }
            val error = ClientConnectionException("$this: the session was closed")
            end()
            exception = error
            closeCode = WSCloseCode.ABNORMAL_CLOSURE
            failCloser(error)
            wakeReceiver(true)
        }
        channel.abort()
    }

    override fun aenter(): Awaitable<ClientWebSocket> = coroutine { this }

    override fun aexit(error: Throwable?): Awaitable<Boolean> =
        coroutine {
            close(WSCloseCode.OK, closePayload(WSCloseCode.OK, EMPTY))
            false
        }

    private companion object {
        val CLOSING = WSMessage.of(WSMsgType.CLOSING, null, null)
        val CLOSED = WSMessage.of(WSMsgType.CLOSED, null, null)
        val EMPTY = ByteArray(0)
        const val MAX_REASON = Opcode.MAX_CONTROL - 2

        // aiohttp's: twice 64 KiB, and half of that.
        const val HIGH_WATER = 128L * 1024
        const val LOW_WATER = 64L * 1024
        const val OVERHEAD = 64

        fun memoryOf(message: WSMessage): Int =
            OVERHEAD +
                when (val data = message.data()) {
                    is String -> data.length
                    is ByteArray -> data.size
                    else -> 0
                }

        fun closePayload(
            code: Int,
            reason: ByteArray,
        ): ByteArray =
            ByteBuffer
                .allocate(2 + reason.size)
                .putShort(code.toShort())
                .put(reason)
                .array()

        fun limitOf(timeout: Duration): Duration? {
            require(!timeout.isNegative) { "timeout is negative: $timeout" }
            return timeout.takeUnless { it.isZero }
        }

        fun utf8(text: String): ByteArray {
            val bytes = text.toByteArray()
            // A lone surrogate has become a question mark: other text than the program's must not be sent.
            var i = 0
            while (i < text.length) {
                val char = text[i++]
                if (!char.isSurrogate()) continue
                require(char.isHighSurrogate() && i < text.length && text[i].isLowSurrogate()) {
                    "Half of a surrogate pair is missing at index ${i - 1} of the text: it cannot be sent as UTF-8"
                }
                i++
            }
            return bytes
        }

        fun bytesOf(message: WSMessage): ByteArray =
            if (message.type() == WSMsgType.BINARY) {
                message.bytes()
            } else {
                throw WSMessageTypeException("Received message $message is not BINARY")
            }

        fun utf8Of(message: WSMessage): ByteArray =
            if (message.type() == WSMsgType.TEXT && message.data() is ByteArray) {
                message.bytes()
            } else {
                textOf(message).toByteArray()
            }

        fun textOf(message: WSMessage): String =
            if (message.type() == WSMsgType.TEXT) {
                message.text()
            } else {
                throw WSMessageTypeException("Received message $message is not TEXT")
            }
    }
}
