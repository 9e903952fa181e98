package asyncio.internal.http.ws

import asyncio.Awaitable
import asyncio.http.ClientMiddleware
import asyncio.http.ClientTimeout
import asyncio.http.ClientWebSocket
import asyncio.http.Proxy
import asyncio.http.Tls
import asyncio.http.WSServerHandshakeException
import asyncio.http.WebSocketRequest
import asyncio.internal.http.message.HttpChars
import asyncio.internal.http.message.RequestHeaders
import asyncio.internal.http.message.Url
import asyncio.internal.http.session.ClientRequestImpl
import asyncio.internal.http.session.ClientSessionImpl
import asyncio.internal.http.session.RequestCoroutine
import asyncio.internal.http.session.Upgrade
import asyncio.internal.http.wire.Pipe
import asyncio.internal.http.wire.ResponseHead
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import io.vertx.core.http.HttpMethod
import java.time.Duration

/** A WebSocket as its user asks for it. */
internal class WebSocketRequestImpl(
    private val session: ClientSessionImpl,
    private val url: String,
) : RequestCoroutine<ClientWebSocket>("ClientSession.wsConnect", isOfUser = true),
    WebSocketRequest {
    private val settings = WebSocketSettings()
    private val request = ClientRequestImpl(session, HttpMethod.GET, asHttp(url), isOfUser = false)
    private var protocols = emptyList<String>()
    private var origin: String? = null
    private var windowBits = 0
    private var entered: ClientWebSocket? = null

    init {
        // Any status but 101 is refused, and by an exception of its own.
        request.raiseForStatus(false)
    }

    override fun protocols(vararg protocols: String): WebSocketRequest =
        changing {
            val given = protocols.toList()
            for (protocol in given) {
                require(HttpChars.isToken(protocol)) {
                    "A protocol may have only ${HttpChars.TOKEN_CHARS} in its name: \"$protocol\""
                }
            }
            require(given.distinct().size == given.size) { "A protocol is there twice: $given" }
            this.protocols = given
        }

    override fun header(
        name: String,
        value: String,
    ): WebSocketRequest =
        changing {
            require(!Handshake.owns(name)) {
                "$name is set by the handshake itself: see protocols(…) and compress(…)"
            }
            request.header(name, value)
        }

    override fun param(
        name: String,
        value: String,
    ): WebSocketRequest = changing { request.param(name, value) }

    override fun cookie(
        name: String,
        value: String,
    ): WebSocketRequest = changing { request.cookie(name, value) }

    override fun basicAuth(
        user: String,
        password: String,
    ): WebSocketRequest = changing { request.basicAuth(user, password) }

    override fun bearerAuth(token: String): WebSocketRequest = changing { request.bearerAuth(token) }

    override fun origin(origin: String): WebSocketRequest =
        changing {
            RequestHeaders.checkValue("Origin", origin)
            this.origin = origin
        }

    override fun compress(windowBits: Int): WebSocketRequest =
        changing {
            require(windowBits == 0 || windowBits in LEAST_BITS..Compression.MOST_BITS) {
                "compress has to be from $LEAST_BITS to ${Compression.MOST_BITS}, or 0 for no compression: $windowBits"
            }
            this.windowBits = windowBits
        }

    override fun maxMessageSize(bytes: Int): WebSocketRequest =
        changing {
            require(bytes >= 0) { "maxMessageSize is negative: $bytes" }
            settings.maxMessageSize = bytes
        }

    override fun heartbeat(silence: Duration): WebSocketRequest =
        changing { settings.heartbeat = limitOf("heartbeat", silence) }

    override fun receiveTimeout(limit: Duration): WebSocketRequest =
        changing { settings.receiveTimeout = limitOf("receiveTimeout", limit) }

    override fun closeTimeout(limit: Duration): WebSocketRequest =
        changing { settings.closeTimeout = limitOf("closeTimeout", limit) }

    override fun autoClose(on: Boolean): WebSocketRequest = changing { settings.autoClose = on }

    override fun autoPing(on: Boolean): WebSocketRequest = changing { settings.autoPing = on }

    override fun decodeText(on: Boolean): WebSocketRequest = changing { settings.decodeText = on }

    override fun timeout(total: Duration): WebSocketRequest = changing { request.timeout(total) }

    override fun timeout(timeout: ClientTimeout): WebSocketRequest = changing { request.timeout(timeout) }

    override fun proxy(url: String): WebSocketRequest = changing { request.proxy(url) }

    override fun proxy(proxy: Proxy?): WebSocketRequest = changing { request.proxy(proxy) }

    override fun tls(tls: Tls): WebSocketRequest = changing { request.tls(tls) }

    override fun serverHostname(name: String): WebSocketRequest = changing { request.serverHostname(name) }

    override fun middlewares(vararg middlewares: ClientMiddleware): WebSocketRequest =
        changing { request.middlewares(*middlewares) }

    private inline fun changing(change: () -> Unit): WebSocketRequest {
        checkMayChange()
        change()
        return this
    }

    override fun giveUp(): Unit = request.close()

    override fun onceOnly(): String = "it opens one WebSocket. Make another one with session.wsConnect(…)"

    override suspend fun perform(): ClientWebSocket {
        checkCreated()
        markAwaited()
        val handshake = Handshake(protocols, origin, windowBits)
        handshake.headers { name, value -> request.header(name, value) }
        val taken = TakenChannel()
        try {
            val response = request.perform(taken)
            val agreement =
                try {
                    handshake.agreement(response)
                } catch (refusal: WSServerHandshakeException) {
                    response.release()
                    throw refusal
                }
            val channel = checkNotNull(taken.channel) { "A 101 that came over no connection: $response" }
            val webSocket = ClientWebSocketImpl(session, response, channel, settings, agreement)
            session.host.execute(webSocket::start)
            return webSocket
        } catch (error: Throwable) {
            taken.channel?.let { session.host.execute(it::abort) }
            throw error
        }
    }

    /** Keeps what comes until there is a WebSocket to receive it. */
    private inner class TakenChannel : Upgrade {
        override val protocol: String get() = "websocket"
        var channel: FrameChannel? = null
            private set

        override fun switched(
            response: ResponseHead,
            pipe: Pipe,
        ) {
            channel = FrameChannel(session.loop, session.host, pipe)
        }
    }

    override fun aenter(): Awaitable<ClientWebSocket> = coroutine { perform().also { entered = it } }

    override fun aexit(error: Throwable?): Awaitable<Boolean> = coroutine { await(entered!!.aexit(error)) }

    override fun toString(): String = "<WebSocketRequest ${Url.shown(url)}>"

    private companion object {
        const val LEAST_BITS = 9

        fun limitOf(
            name: String,
            time: Duration,
        ): Duration? {
            require(!time.isNegative) { "$name is negative: $time" }
            return time.takeUnless { it.isZero }
        }

        /** The handshake is an HTTP request. */
        fun asHttp(url: String): String =
            when {
                url.startsWith("ws:", ignoreCase = true) -> "http:" + url.substring(3)
                url.startsWith("wss:", ignoreCase = true) -> "https:" + url.substring(4)
                else -> url
            }
    }
}
