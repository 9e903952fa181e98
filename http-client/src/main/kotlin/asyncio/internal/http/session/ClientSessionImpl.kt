package asyncio.internal.http.session

import asyncio.ExceptionContext
import asyncio.http.ClientRequest
import asyncio.http.ClientResponse
import asyncio.http.ClientSession
import asyncio.http.ClientTimeout
import asyncio.http.Connector
import asyncio.http.CookieJar
import asyncio.http.MutableHttpHeaders
import asyncio.http.WebSocketRequest
import asyncio.internal.http.connect.ConnectionKey
import asyncio.internal.http.connector.ConnectorImpl
import asyncio.internal.http.message.HttpChars
import asyncio.internal.http.message.RequestHeaders
import asyncio.internal.http.message.UrlCache
import asyncio.internal.loop.HostThread
import asyncio.internal.run.EventLoopImpl
import asyncio.spi.AsyncioProvider
import io.vertx.core.http.HttpMethod

/** A session, on the loop that it was made in. */
internal class ClientSessionImpl(
    val loop: EventLoopImpl,
    private val ownConnector: ConnectorImpl?,
    private val ownsConnector: Boolean,
    val jar: CookieJar,
    val settings: SessionSettings,
    private val webSockets: WebSockets,
    val transport: Sender? = null,
) : ClientSession {
    val hostThread: HostThread = ownConnector?.host ?: loop.host as? HostThread ?: HostThread.Inline
    val host get() = connector.host
    val connector: ConnectorImpl get() =
        checkNotNull(ownConnector) { "A session with a mock transport has no connector" }
    val pool get() = connector.pool
    val forcesClose: Boolean get() = ownConnector?.settings?.forceClose == true

    val urls = UrlCache(settings.baseUrl)

    private val environment = if (settings.trustEnv) SessionEnvironment() else null

    @Volatile private var closed = false
    private var headersMayChange = false

    /** The requests and WebSockets that close with this session; on the context's thread. */
    private val users = LinkedHashSet<AutoCloseable>()
    private val unclosed = AutoCloseable { leftOpen() }
    private val madeAt = loop.stackInDebugMode()

    init {
        hostThread.execute { if (!closed) hostThread.register(unclosed) }
    }

    override fun get(url: String): ClientRequest = ClientRequestImpl(this, HttpMethod.GET, url)

    override fun post(url: String): ClientRequest = ClientRequestImpl(this, HttpMethod.POST, url)

    override fun put(url: String): ClientRequest = ClientRequestImpl(this, HttpMethod.PUT, url)

    override fun patch(url: String): ClientRequest = ClientRequestImpl(this, HttpMethod.PATCH, url)

    override fun delete(url: String): ClientRequest = ClientRequestImpl(this, HttpMethod.DELETE, url)

    override fun head(url: String): ClientRequest = ClientRequestImpl(this, HttpMethod.HEAD, url)

    override fun options(url: String): ClientRequest = ClientRequestImpl(this, HttpMethod.OPTIONS, url)

    override fun request(
        method: String,
        url: String,
    ): ClientRequest {
        require(HttpChars.isToken(method)) {
            "A method may have only ${HttpChars.TOKEN_CHARS} in it: \"${HttpChars.printable(method)}\""
        }
        val upper = method.uppercase()
        require(upper != "CONNECT") { "CONNECT opens a tunnel through a proxy: give the request a proxy(…) instead" }
        return ClientRequestImpl(this, HttpMethod.valueOf(upper), url)
    }

    override fun wsConnect(url: String): WebSocketRequest = webSockets.request(this, url)

    override fun cookieJar(): CookieJar = jar

    override fun connector(): Connector = connector

    override fun timeout(): ClientTimeout = settings.timeout

    override fun headers(): MutableHttpHeaders {
        headersMayChange = true
        return settings.headers
    }

    /** For a request that begins now; later changes are not for it. */
    fun currentHeaders(): RequestHeaders = if (headersMayChange) settings.headers.copy() else settings.headers

    override fun closed(): Boolean = closed

    override fun close() {
        if (closed) return
        closed = true
        hostThread.execute {
            hostThread.unregister(unclosed)
            // A WebSocket came after the exchange that it grew out of, and may have last words.
            users.toList().asReversed().forEach(AutoCloseable::close)
        }
        if (ownsConnector) ownConnector?.close()
    }

    /** Registers [user]: close() of the session closes it. On the context's thread. */
    fun enter(user: AutoCloseable) {
        users.add(user)
    }

    fun leave(user: AutoCloseable) {
        users.remove(user)
    }

    /** The loop ends, and the session was not closed. */
    private fun leftOpen() {
        if (closed) return
        val message = "Unclosed client session: close it, best with try-with-resources"
        loop.callExceptionHandler(madeAt(ExceptionContext.of(message).withDetail("session", this), madeAt))
        close()
    }

    val trustsEnvironment: Boolean get() = environment != null

    /** Sets the proxy and the credentials of the environment in [attempt], if the session trusts the environment. */
    suspend fun prepare(attempt: RequestAttempt) {
        environment?.prepare(attempt)
    }

    fun keyFor(attempt: RequestAttempt): ConnectionKey {
        val url = attempt.target
        val request = attempt.request
        val proxy =
            when {
                request.proxyIsSaid -> request.proxy
                connector.settings.unixSocket == null -> attempt.environmentProxy
                else -> null
            }
        val name = if (attempt.carriesSecrets) request.serverHostname else null
        return ConnectionKey(
            url.ssl,
            url.host,
            url.port,
            request.tls,
            name,
            proxy,
            attempt.upgrade != null,
            connector.speaksHttp1(url.origin),
        )
    }

    /** @throws IllegalStateException if the caller runs in another loop than the session's */
    fun checkLoop(what: String) {
        check(AsyncioProvider.get().runningLoop() === loop) {
            "$what of a session belongs to the loop in which the session was made, and can be awaited only there"
        }
    }

    override fun toString(): String = "<ClientSession${if (closed) " closed" else ""}>"
}
