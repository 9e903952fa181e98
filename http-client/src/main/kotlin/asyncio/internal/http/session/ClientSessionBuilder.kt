package asyncio.internal.http.session

import asyncio.http.BasicAuth
import asyncio.http.ClientMiddleware
import asyncio.http.ClientRequest
import asyncio.http.ClientResponse
import asyncio.http.ClientSession
import asyncio.http.ClientTimeout
import asyncio.http.Connector
import asyncio.http.CookieJar
import asyncio.http.InvalidUrlException
import asyncio.http.JsonCodec
import asyncio.http.MockTransport
import asyncio.http.Proxy
import asyncio.http.ResponseCheck
import asyncio.http.Tls
import asyncio.http.TraceConfig
import asyncio.internal.http.connector.ConnectorImpl
import asyncio.internal.http.message.RequestHeaders
import asyncio.internal.http.message.Url
import asyncio.internal.http.wire.HeadLimits
import asyncio.internal.loop.EventLoopImpl
import asyncio.spi.AsyncioProvider
import java.net.URI
import java.nio.charset.Charset
import java.time.Duration
import java.util.function.Function

/** Collects the settings of a session. */
internal class ClientSessionBuilder(
    private val webSockets: WebSockets,
) : ClientSession.Builder {
    private var baseUrl: Url? = null
    private val headers = RequestHeaders()
    private val skipped = HashSet<String>()
    private val secretHeaders = HashSet<String>()
    private var authorization: String? = null
    private var jar: CookieJar? = null
    private val cookies = LinkedHashMap<String, String>()
    private var timeout = ClientTimeout.DEFAULT
    private var connector: Connector? = null
    private var ownsConnector = false

    /** Of the session's own connector; made when the first of them is said. */
    private var ownConnector: Connector.Builder? = null
    private var mock: MockTransport? = null
    private var proxy: Proxy? = null
    private var trustEnv = false
    private var middlewares: Array<out ClientMiddleware> = emptyArray()
    private val traces = ArrayList<TraceConfig>()
    private var raiseForStatus = false
    private var responseCheck: ResponseCheck? = null
    private var json: JsonCodec? = null
    private var fallbackCharset: (ClientResponse) -> Charset = { Charsets.UTF_8 }
    private var autoDecompress = true
    private var bodyLimit = SessionSettings.bodyLimit(64L * 1024 * 1024)
    private var readBufferSize = 256 * 1024
    private var headLimits = HeadLimits.DEFAULT

    override fun baseUrl(url: String): ClientSession.Builder {
        val parsed = Url.parse(url)
        if (!parsed.path.endsWith("/")) {
            throw InvalidUrlException("Invalid base URL \"$parsed\": its path must end with a slash")
        }
        baseUrl = parsed
        return this
    }

    override fun header(
        name: String,
        value: String,
    ): ClientSession.Builder = apply { headers.add(name, value) }

    override fun skipAutoHeaders(vararg names: String): ClientSession.Builder =
        apply { names.forEach { skipped.add(it.lowercase()) } }

    override fun secretHeaders(vararg names: String): ClientSession.Builder =
        apply { names.forEach { secretHeaders.add(it.lowercase()) } }

    override fun basicAuth(
        user: String,
        password: String,
    ): ClientSession.Builder = apply { authorization = BasicAuth(user, password).encode() }

    override fun cookieJar(jar: CookieJar): ClientSession.Builder = apply { this.jar = jar }

    override fun cookie(
        name: String,
        value: String,
    ): ClientSession.Builder = apply { cookies[name] = value }

    override fun timeout(timeout: ClientTimeout): ClientSession.Builder = apply { this.timeout = timeout }

    override fun connector(connector: Connector): ClientSession.Builder = apply { this.connector = connector }

    override fun connectorOwner(on: Boolean): ClientSession.Builder = apply { ownsConnector = on }

    override fun transport(transport: MockTransport): ClientSession.Builder = apply { mock = transport }

    override fun limit(connections: Int): ClientSession.Builder = ofConnector { limit(connections) }

    override fun limitPerHost(connections: Int): ClientSession.Builder = ofConnector { limitPerHost(connections) }

    override fun keepAlive(idle: Duration): ClientSession.Builder = ofConnector { keepAlive(idle) }

    override fun tls(tls: Tls): ClientSession.Builder = ofConnector { tls(tls) }

    private inline fun ofConnector(say: Connector.Builder.() -> Unit): ClientSession.Builder {
        val builder = ownConnector ?: Connector.builder().also { ownConnector = it }
        builder.say()
        return this
    }

    override fun proxy(proxy: Proxy): ClientSession.Builder = apply { this.proxy = proxy }

    override fun proxy(url: String): ClientSession.Builder = proxy(Proxy.of(url))

    override fun trustEnv(on: Boolean): ClientSession.Builder = apply { trustEnv = on }

    override fun middlewares(vararg middlewares: ClientMiddleware): ClientSession.Builder =
        apply { this.middlewares = middlewares.clone() }

    override fun trace(trace: TraceConfig): ClientSession.Builder = apply { traces.add(trace) }

    override fun raiseForStatus(on: Boolean): ClientSession.Builder =
        apply {
            raiseForStatus = on
            responseCheck = null
        }

    override fun raiseForStatus(check: ResponseCheck): ClientSession.Builder =
        apply {
            raiseForStatus = false
            responseCheck = check
        }

    override fun json(codec: JsonCodec): ClientSession.Builder = apply { json = codec }

    override fun autoDecompress(on: Boolean): ClientSession.Builder = apply { autoDecompress = on }

    override fun fallbackCharset(charset: Function<in ClientResponse, out Charset>): ClientSession.Builder =
        apply { fallbackCharset = { charset.apply(it) } }

    override fun maxBodySize(bytes: Long): ClientSession.Builder =
        apply { bodyLimit = SessionSettings.bodyLimit(bytes) }

    override fun readBufferSize(bytes: Int): ClientSession.Builder =
        apply { readBufferSize = positive("readBufferSize", bytes) }

    override fun maxLineSize(bytes: Int): ClientSession.Builder =
        apply { headLimits = headLimits.copy(maxLineSize = positive("maxLineSize", bytes)) }

    override fun maxFieldSize(bytes: Int): ClientSession.Builder =
        apply { headLimits = headLimits.copy(maxFieldSize = positive("maxFieldSize", bytes)) }

    override fun maxHeaders(headers: Int): ClientSession.Builder =
        apply { headLimits = headLimits.copy(maxHeaders = positive("maxHeaders", headers)) }

    fun requestOnce(
        method: String,
        url: String,
    ): ClientRequest {
        ofConnector { forceClose(true) }
        val session = build()
        try {
            return (session.request(method, url) as ClientRequestImpl).also { it.closesSession = true }
        } catch (error: IllegalArgumentException) {
            session.close()
            throw error
        }
    }

    override fun build(): ClientSession {
        val loop =
            AsyncioProvider.get().runningLoop() as EventLoopImpl? ?: throw IllegalStateException(
                "No running event loop in thread ${Thread.currentThread().name}: a ClientSession belongs to the loop" +
                    " in which it is made. Make it in a coroutine, for example inside Asyncio.run(() -> …)",
            )
        val connector = if (mock == null) connector() else noConnector()
        check(connector == null || connector.loop === loop) {
            "The connector belongs to another loop. Make it in the loop of its sessions"
        }
        val jar = jar ?: CookieJar.create()
        if (cookies.isNotEmpty()) {
            val base = checkNotNull(baseUrl) { "Cookies of a session go to the host of its baseUrl: set one" }
            jar.updateCookies(cookies, URI.create(base.toString()))
        }
        val owns = connector !== this.connector || ownsConnector
        return ClientSessionImpl(loop, connector, owns, jar, settings(), webSockets, mock as Sender?)
    }

    private fun noConnector(): ConnectorImpl? {
        check(connector == null && ownConnector == null) {
            "A session with a mock transport makes no connections: leave out connector, limit, limitPerHost, keepAlive and tls"
        }
        return null
    }

    private fun connector(): ConnectorImpl {
        val given = connector
        if (given != null) {
            check(ownConnector == null) {
                "limit, limitPerHost, keepAlive and tls are settings of a connector: set them on the one that is given"
            }
            return given as ConnectorImpl
        }
        return (ownConnector ?: Connector.builder()).build() as ConnectorImpl
    }

    // What is changed in the builder from now on is for the next session.
    private fun settings() =
        SessionSettings(
            baseUrl,
            headers.copy(),
            skipped.toSet(),
            secretHeaders.toSet(),
            authorization,
            timeout,
            proxy,
            trustEnv,
            middlewares,
            traces.toList(),
            raiseForStatus,
            responseCheck,
            json,
            fallbackCharset,
            autoDecompress,
            bodyLimit,
            readBufferSize,
            headLimits,
        )
}
