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
import asyncio.internal.run.EventLoopImpl
import asyncio.spi.AsyncioProvider
import java.net.URI
import java.nio.charset.Charset
import java.time.Duration
import java.util.function.Function

/** Collects the settings of a session. */
internal class ClientSessionBuilder(
    private val webSockets: WebSockets,
) : ClientSession.Builder {
    private var settings = SessionSettings()
    private val headers = RequestHeaders()
    private var jar: CookieJar? = null
    private val cookies = LinkedHashMap<String, String>()
    private var connector: Connector? = null
    private var ownsConnector = false

    /** The builder of the session's own connector; made when one of its settings is set. */
    private var ownConnector: Connector.Builder? = null
    private var mock: MockTransport? = null

    private inline fun set(change: SessionSettings.() -> SessionSettings): ClientSession.Builder =
        apply { settings = settings.change() }

    override fun baseUrl(url: String): ClientSession.Builder {
        val parsed = Url.parse(url)
        if (!parsed.path.endsWith("/")) {
            throw InvalidUrlException("Invalid base URL \"$parsed\": its path must end with a slash")
        }
        return set { copy(baseUrl = parsed) }
    }

    override fun header(
        name: String,
        value: String,
    ): ClientSession.Builder = apply { headers.add(name, value) }

    override fun skipAutoHeaders(vararg names: String): ClientSession.Builder =
        set { copy(skipped = skipped + names.map(String::lowercase)) }

    override fun secretHeaders(vararg names: String): ClientSession.Builder =
        set { copy(secretHeaders = secretHeaders + names.map(String::lowercase)) }

    override fun basicAuth(
        user: String,
        password: String,
    ): ClientSession.Builder = set { copy(authorization = BasicAuth(user, password).encode()) }

    override fun cookieJar(jar: CookieJar): ClientSession.Builder = apply { this.jar = jar }

    override fun cookie(
        name: String,
        value: String,
    ): ClientSession.Builder = apply { cookies[name] = value }

    override fun timeout(timeout: ClientTimeout): ClientSession.Builder = set { copy(timeout = timeout) }

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

    override fun proxy(proxy: Proxy): ClientSession.Builder = set { copy(proxy = proxy) }

    override fun proxy(url: String): ClientSession.Builder = proxy(Proxy.of(url))

    override fun trustEnv(on: Boolean): ClientSession.Builder = set { copy(trustEnv = on) }

    override fun middlewares(vararg middlewares: ClientMiddleware): ClientSession.Builder =
        set { copy(middlewares = middlewares.toList()) }

    override fun trace(trace: TraceConfig): ClientSession.Builder = set { copy(traces = traces + trace) }

    override fun raiseForStatus(on: Boolean): ClientSession.Builder =
        set { copy(raiseForStatus = on, responseCheck = null) }

    override fun raiseForStatus(check: ResponseCheck): ClientSession.Builder =
        set { copy(raiseForStatus = false, responseCheck = check) }

    override fun json(codec: JsonCodec): ClientSession.Builder = set { copy(givenJson = codec) }

    override fun autoDecompress(on: Boolean): ClientSession.Builder = set { copy(autoDecompress = on) }

    override fun fallbackCharset(charset: Function<in ClientResponse, out Charset>): ClientSession.Builder =
        set { copy(fallbackCharset = { charset.apply(it) }) }

    override fun maxBodySize(bytes: Long): ClientSession.Builder =
        set { copy(bodyLimit = SessionSettings.bodyLimit(bytes)) }

    override fun readBufferSize(bytes: Int): ClientSession.Builder =
        set { copy(readBufferSize = positive("readBufferSize", bytes)) }

    override fun maxLineSize(bytes: Int): ClientSession.Builder =
        set { copy(headLimits = headLimits.copy(maxLineSize = positive("maxLineSize", bytes))) }

    override fun lenientParsing(on: Boolean): ClientSession.Builder =
        set { copy(headLimits = headLimits.copy(lenient = on)) }

    override fun maxFieldSize(bytes: Int): ClientSession.Builder =
        set { copy(headLimits = headLimits.copy(maxFieldSize = positive("maxFieldSize", bytes))) }

    override fun maxHeaders(headers: Int): ClientSession.Builder =
        set { copy(headLimits = headLimits.copy(maxHeaders = positive("maxHeaders", headers))) }

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
            val base = checkNotNull(settings.baseUrl) { "Cookies of a session go to the host of its baseUrl: set one" }
            jar.updateCookies(cookies, URI.create(base.toString()))
        }
        val owns = connector !== this.connector || ownsConnector
        // The headers of the builder may change later.
        val settings = settings.copy(headers = headers.copy())
        return ClientSessionImpl(loop, connector, owns, jar, settings, webSockets, mock as Sender?)
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
}
