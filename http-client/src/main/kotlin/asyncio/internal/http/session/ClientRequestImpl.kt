package asyncio.internal.http.session

import asyncio.AsyncIterable
import asyncio.Awaitable
import asyncio.ExceptionContext
import asyncio.http.BasicAuth
import asyncio.http.ClientMiddleware
import asyncio.http.ClientRequest
import asyncio.http.ClientResponse
import asyncio.http.ClientTimeout
import asyncio.http.Cookie
import asyncio.http.FormData
import asyncio.http.Payload
import asyncio.http.Proxy
import asyncio.http.ResponseCheck
import asyncio.http.Tls
import asyncio.http.UploadProgress
import asyncio.internal.http.body.ContentCoding
import asyncio.internal.http.body.requestCoding
import asyncio.internal.http.cookie.CookieHeader
import asyncio.internal.http.message.HeaderNames
import asyncio.internal.http.message.RequestHeaders
import asyncio.internal.http.message.Url
import asyncio.internal.http.wire.HeadLimits
import asyncio.kotlin.coroutine
import io.vertx.core.http.HttpMethod
import java.nio.file.Path
import java.time.Duration
import java.util.function.Consumer

/** A request as its user builds it. Only the user, in the session's loop, touches it. */
internal class ClientRequestImpl(
    val session: ClientSessionImpl,
    val httpMethod: HttpMethod,
    private val url: String,
    isOfUser: Boolean = true,
) : RequestCoroutine<ClientResponse>("ClientSession.${verb(httpMethod)}", isOfUser),
    ClientRequest {
    private val settings = session.settings
    private var headers: RequestHeaders? = null
    private var params: StringBuilder? = null
    private var skipped: HashSet<String>? = null
    private var sent: ClientResponse? = null

    /** In debug mode where it was sent. */
    var madeAt: List<StackTraceElement>? = null
        private set

    var cookies: LinkedHashMap<String, String>? = null
        private set
    private var authorization: String? = null

    var payload: Payload? = null
        private set
    var progress: UploadProgress? = null
        private set
    var compress: ContentCoding? = null
        private set
    var chunked = false
        private set
    var expect100 = false
        private set

    var timeout: ClientTimeout = settings.timeout
        private set
    var allowRedirects = httpMethod != HttpMethod.HEAD
        private set
    var maxRedirects = 10
        private set
    var raiseForStatus = settings.raiseForStatus
        private set
    var responseCheck: ResponseCheck? = settings.responseCheck
        private set
    var middlewares: List<ClientMiddleware> = settings.middlewares
        private set
    private var traceContext: Any? = null

    /** Bodies that middlewares put in. */
    private var others: ArrayList<Payload>? = null
    var traces: Traces? = null
        private set

    /** How often it was handed to a connection, or to what answers in its place. */
    var sendings = 0

    var proxy: Proxy? = settings.proxy
        private set
    var proxyIsSaid = settings.proxy != null
        private set
    var tls: Tls? = null
        private set
    var serverHostname: String? = null
        private set

    var autoDecompress = settings.autoDecompress
        private set
    var bodyLimit = settings.bodyLimit
        private set
    var readBufferSize = settings.readBufferSize
        private set
    var headLimits: HeadLimits = settings.headLimits
        private set

    /** Whether the session is only for this request. */
    var closesSession = false

    /** Whether `with` holds the response, and will close it. */
    var inBlock = false
        private set

    override fun header(
        name: String,
        value: String,
    ): ClientRequest = changing { ownHeaders().add(name, value) }

    override fun headers(headers: Map<String, String>): ClientRequest =
        changing { headers.forEach { (name, value) -> ownHeaders().add(name, value) } }

    override fun skipAutoHeaders(vararg names: String): ClientRequest =
        changing {
            val skipped = skipped ?: HashSet<String>().also { skipped = it }
            names.forEach { skipped.add(it.lowercase()) }
        }

    override fun param(
        name: String,
        value: String,
    ): ClientRequest =
        changing {
            val params = params?.append('&') ?: StringBuilder().also { params = it }
            Url.encodeParam(name, params)
            params.append('=')
            Url.encodeParam(value, params)
        }

    override fun params(params: Map<String, String>): ClientRequest =
        changing { params.forEach { (name, value) -> param(name, value) } }

    override fun cookie(
        name: String,
        value: String,
    ): ClientRequest =
        changing {
            // Refuses a cookie that could not be sent later.
            CookieHeader.pair(Cookie.of(name, value), quote = true)
            val cookies = cookies ?: LinkedHashMap<String, String>().also { cookies = it }
            cookies[name] = value
        }

    override fun basicAuth(
        user: String,
        password: String,
    ): ClientRequest = changing { authorization = BasicAuth(user, password).encode() }

    override fun bearerAuth(token: String): ClientRequest =
        changing {
            RequestHeaders.checkValue("Authorization", token)
            authorization = "Bearer $token"
        }

    override fun body(bytes: ByteArray): ClientRequest = body(Payload.ofBytes(bytes))

    override fun body(payload: Payload): ClientRequest =
        changing {
            check(this.payload == null) { "$this has a body already" }
            this.payload = payload
        }

    override fun text(text: String): ClientRequest = body(Payload.ofText(text))

    override fun json(value: Any?): ClientRequest =
        body(Payload.ofBytes(settings.json.write(value)).withContentType("application/json"))

    override fun form(fields: Map<String, String>): ClientRequest = body(Payload.ofForm(fields))

    override fun form(fields: Collection<Map.Entry<String, String>>): ClientRequest = body(Payload.ofForm(fields))

    override fun multipart(form: Consumer<FormData>): ClientRequest {
        val data = FormData.create().multipart()
        form.accept(data)
        return body(data)
    }

    override fun file(path: Path): ClientRequest = body(Payload.ofFile(path))

    override fun stream(portions: AsyncIterable<ByteArray>): ClientRequest = body(Payload.ofStream(portions))

    override fun uploadProgress(progress: UploadProgress): ClientRequest = changing { this.progress = progress }

    override fun compress(coding: String): ClientRequest =
        changing {
            compress = requestCoding(coding)
        }

    override fun chunked(on: Boolean): ClientRequest = changing { chunked = on }

    override fun expect100(on: Boolean): ClientRequest = changing { expect100 = on }

    override fun allowRedirects(on: Boolean): ClientRequest = changing { allowRedirects = on }

    override fun maxRedirects(redirects: Int): ClientRequest =
        changing {
            require(redirects >= 0) { "maxRedirects is negative: $redirects" }
            maxRedirects = redirects
        }

    override fun timeout(total: Duration): ClientRequest = changing { timeout = timeout.withTotal(total) }

    override fun timeout(timeout: ClientTimeout): ClientRequest = changing { this.timeout = timeout }

    override fun raiseForStatus(on: Boolean): ClientRequest =
        changing {
            raiseForStatus = on
            responseCheck = null
        }

    override fun raiseForStatus(check: ResponseCheck): ClientRequest =
        changing {
            raiseForStatus = false
            responseCheck = check
        }

    override fun proxy(url: String): ClientRequest = proxy(Proxy.of(url))

    override fun proxy(proxy: Proxy?): ClientRequest =
        changing {
            this.proxy = proxy
            proxyIsSaid = true
        }

    override fun tls(tls: Tls): ClientRequest = changing { this.tls = tls }

    override fun serverHostname(name: String): ClientRequest = changing { serverHostname = name }

    override fun middlewares(vararg middlewares: ClientMiddleware): ClientRequest =
        changing { this.middlewares = middlewares.toList() }

    override fun traceContext(context: Any): ClientRequest = changing { traceContext = context }

    override fun autoDecompress(on: Boolean): ClientRequest = changing { autoDecompress = on }

    override fun maxBodySize(bytes: Long): ClientRequest = changing { bodyLimit = SessionSettings.bodyLimit(bytes) }

    override fun readBufferSize(bytes: Int): ClientRequest =
        changing { readBufferSize = positive("readBufferSize", bytes) }

    override fun maxLineSize(bytes: Int): ClientRequest =
        changing { headLimits = headLimits.copy(maxLineSize = positive("maxLineSize", bytes)) }

    override fun maxFieldSize(bytes: Int): ClientRequest =
        changing { headLimits = headLimits.copy(maxFieldSize = positive("maxFieldSize", bytes)) }

    override fun maxHeaders(headers: Int): ClientRequest =
        changing { headLimits = headLimits.copy(maxHeaders = positive("maxHeaders", headers)) }

    private fun ownHeaders() = headers ?: RequestHeaders().also { headers = it }

    private inline fun changing(change: () -> Unit): ClientRequest {
        checkMayChange()
        change()
        return this
    }

    fun skips(name: String) =
        settings.skipped.let { it.isNotEmpty() && name.lowercase() in it } ||
            skipped.let { it != null && name.lowercase() in it }

    /** The value of Authorization for [attempt]; null for none. */
    fun authorizationFor(attempt: RequestAttempt): String? {
        if (attempt.carriesSecrets) authorization?.let { return it }
        return settings.authorizationFor(attempt)
    }

    /** Whether there is something to do at its end. */
    val hasEnd: Boolean get() = payload != null || others != null || closesSession

    /** Closes [body] at the end too: a middleware has put it in the place of another one. */
    fun alsoClose(body: Payload) {
        (others ?: ArrayList<Payload>(1).also { others = it }).add(body)
    }

    /** Nothing of it is on its way any more. */
    fun end() {
        payload?.let(::close)
        others?.forEach(::close)
        if (closesSession) session.close()
    }

    private fun close(body: Payload) {
        try {
            body.close()
        } catch (error: Exception) {
            session.loop.callExceptionHandler(
                ExceptionContext.of("A request's body could not be closed").withException(error),
            )
        }
    }

    // ---- being awaited

    override suspend fun perform(): ClientResponse = perform(null)

    override fun aenter(): Awaitable<ClientResponse> =
        coroutine {
            inBlock = true
            perform().also { sent = it }
        }

    override fun aexit(error: Throwable?): Awaitable<Boolean> =
        coroutine {
            sent?.release()
            false
        }

    override fun giveUp(): Unit = end()

    override fun onceOnly(): String = "a request is sent once. Make another one with session.${verb(httpMethod)}(…)"

    suspend fun perform(upgrade: Upgrade?): ClientResponse {
        checkCreated()
        session.checkLoop("A request")
        if (session.closed()) {
            end()
            throw IllegalStateException("Session is closed")
        }
        markAwaited()
        madeAt = session.loop.stackInDebugMode()
        val attempt =
            try {
                firstAttempt()
            } catch (error: Throwable) {
                end()
                throw error
            }
        return Call(this, upgrade).run(attempt)
    }

    private fun firstAttempt(): RequestAttempt {
        val parsed = session.urls.parse(url)
        val params = params
        val target = if (params == null) parsed else parsed.withParams(params)
        val own = headers
        val hasOwn = target.credentials != null || own != null && HeaderNames.AUTHORIZATION in own
        require(authorization == null || !hasOwn) {
            "$this has credentials twice: in the URL or a header, and with basicAuth or bearerAuth. Leave one of them out"
        }
        require(target.credentials == null || !hasHeader(HeaderNames.AUTHORIZATION)) {
            "$this has credentials twice: in the URL and in a header Authorization. Leave one of them out"
        }
        require(compress == null || own?.contains(HeaderNames.CONTENT_ENCODING) != true) {
            "$this has a Content-Encoding already: do not use compress(…) for an encoded body"
        }
        if (settings.traces.isNotEmpty()) traces = Traces(session, settings.traces, traceContext)
        return RequestAttempt(this, httpMethod, target, own, session.currentHeaders(), payload, carriesSecrets = true)
    }

    private fun hasHeader(name: String) = headers?.contains(name) == true || name in session.currentHeaders()

    override fun toString(): String = "<ClientRequest $httpMethod ${Url.shown(url)}>"

    private companion object {
        /** The method of a session that makes such a request. */
        fun verb(method: HttpMethod) = VERBS[method] ?: "request"

        private val VERBS =
            listOf("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
                .associate { HttpMethod.valueOf(it) to it.lowercase() }
    }
}
