package asyncio.internal.http.session

import asyncio.http.ClientSession
import asyncio.http.MutableHttpHeaders
import asyncio.http.OutgoingRequest
import asyncio.http.Payload
import asyncio.http.Proxy
import asyncio.internal.http.body.AcceptEncoding
import asyncio.internal.http.connect.ProxyDigests
import asyncio.internal.http.cookie.CookieHeader
import asyncio.internal.http.message.HeaderNames
import asyncio.internal.http.message.HeaderText
import asyncio.internal.http.message.Origin
import asyncio.internal.http.message.RequestHeaders
import asyncio.internal.http.message.Url
import asyncio.internal.http.wire.KeepAlive
import io.vertx.core.http.HttpMethod

/**
 * One request to one URL: the first one of a user's request, or one that a redirect led to.
 *
 * @property request the user's request
 * @property own the headers of the user that apply here; null for none
 * @property defaults the session's headers that apply here
 * @property carriesSecrets whether the origin is still the one that the user has given credentials and cookies for
 */
internal class RequestAttempt(
    val request: ClientRequestImpl,
    val httpMethod: HttpMethod,
    val target: Url,
    private val own: RequestHeaders?,
    private val defaults: RequestHeaders,
    private var payload: Payload?,
    val carriesSecrets: Boolean,
) : OutgoingRequest {
    private val session = request.session
    private val original = payload

    /** All headers, after they were asked for, to be read or changed. */
    private var all: RequestHeaders? = null

    /** Takes the socket over after an upgrade to another protocol. */
    var upgrade: Upgrade? = null

    /** The user's limit for all of the request; null for none. */
    var total: TotalTimer? = null

    /** The credentials of the user's .netrc for this host. */
    var netrcAuthorization: String? = null

    /** The answer to a proxy that asks for Digest, if it has asked. */
    var proxyAnswer: ProxyDigests.Answer? = null

    /** The proxy of the environment variables; a proxy that the user has set comes before it. */
    var environmentProxy: Proxy? = null

    /** Hears the events of this attempt. */
    var traces: Traces? = request.traces

    /** Sees the body go out; null for nobody. */
    var bodyTap: OutgoingTap? = null

    /** Whether a cache has added its conditions to the headers. */
    var hasCacheConditions = false

    /** Whether the request is sent again, so that this attempt's failure is not its user's. */
    var isRepeated = false

    val origin: Origin get() = target.origin

    /** Whether its user wants the connection closed behind it. */
    val asksToClose: Boolean
        get() = given(HeaderNames.CONNECTION)?.let { KeepAlive.hasToken(it, "close") } ?: false

    /** The value of the header Host: the user's, or the URL's. */
    val host: String get() = given(HeaderNames.HOST) ?: target.authority

    private fun given(name: String): String? {
        all?.let { return it.get(name) }
        return own?.get(name) ?: defaults.get(name)
    }

    override fun session(): ClientSession = session

    override fun method(): String = httpMethod.name()

    override fun url(): String = target.toString()

    override fun headers(): MutableHttpHeaders = allHeaders()

    override fun resendCount(): Int = request.sendings

    override fun body(): Payload? = payload

    override fun updateBody(payload: Payload?) {
        val former = this.payload
        if (former !== payload) former?.close()
        payload?.let(request::alsoClose)
        this.payload = payload
        val headers = allHeaders()
        headers.remove(HeaderNames.CONTENT_TYPE)
        payload?.contentType()?.let { headers.set(HeaderNames.CONTENT_TYPE, it) }
    }

    /**
     * Adds the headers that tell where the body ends; leaves out the ones that HTTP/2 does not allow.
     *
     * @param length of the body; or [CHUNKED], or [NO_BODY]
     */
    inline fun writeHeaders(
        length: Long,
        multiplexed: Boolean,
        crossinline add: (String, String) -> Unit,
    ) {
        val all = all
        val write = { name: String, value: String ->
            if (!multiplexed || !isOfConnection(name)) add(name, value)
        }
        if (all != null) all.forEach(write) else collect(write)
        if (length >= 0) {
            add(HeaderNames.CONTENT_LENGTH, length.toString())
        } else if (length == CHUNKED && !multiplexed) {
            add(HeaderNames.TRANSFER_ENCODING, "chunked")
        }
    }

    private fun allHeaders(): RequestHeaders =
        all ?: RequestHeaders().also { headers ->
            collect { name, value -> headers.addUnchecked(name, value) }
            all = headers
        }

    private inline fun collect(add: (String, String) -> Unit) {
        if (isFree(HeaderNames.HOST)) add(HeaderNames.HOST, target.authority)
        if (isWanted(HeaderNames.ACCEPT)) add(HeaderNames.ACCEPT, ANYTHING)
        if (isWanted(HeaderNames.ACCEPT_ENCODING)) add(HeaderNames.ACCEPT_ENCODING, DECODABLE)
        if (isWanted(HeaderNames.USER_AGENT)) add(HeaderNames.USER_AGENT, OWN_NAME)
        if (session.forcesClose && isFree(HeaderNames.CONNECTION)) add(HeaderNames.CONNECTION, "close")
        authorization()?.let { add(HeaderNames.AUTHORIZATION, HeaderText.toWire(it)) }
        contentType()?.let { add(HeaderNames.CONTENT_TYPE, HeaderText.toWire(it)) }
        contentEncoding()?.let { add(HeaderNames.CONTENT_ENCODING, it) }
        val cookies = cookies()
        if (cookies != null) add(HeaderNames.COOKIE, HeaderText.toWire(cookies))
        if (request.expect100 && payload != null && isFree(HeaderNames.EXPECT)) add(HeaderNames.EXPECT, "100-continue")
        payload?.headers()?.let { if (it.isNotEmpty()) withRequest(it).forEach(add) }
        defaults.forEach { name, value -> if ((own == null || name !in own) && !isCookie(name)) add(name, value) }
        own?.forEach { name, value -> if (!isCookie(name)) add(name, value) }
    }

    /** The cookies of the jar, of this request and of the headers, as one header. */
    private fun cookies(): String? {
        val given = if (own != null && HeaderNames.COOKIE in own) own else defaults
        val header = if (HeaderNames.COOKIE in given) given.getAll(HeaderNames.COOKIE).joinToString("; ") else null
        val ofRequest = if (carriesSecrets) request.cookies else null
        return CookieHeader.of(session.jar, target, ofRequest, header)
    }

    private fun authorization(): String? {
        val credentials = target.credentials ?: request.authorizationFor(this) ?: netrcAuthorization ?: return null
        return if (isFree(HeaderNames.AUTHORIZATION)) credentials else null
    }

    private fun contentType(): String? {
        val type = payload?.contentType() ?: if (httpMethod in WITH_BODY) "application/octet-stream" else return null
        // A user may have made the payload.
        RequestHeaders.checkValue(HeaderNames.CONTENT_TYPE, type)
        return if (isWanted(HeaderNames.CONTENT_TYPE)) type else null
    }

    /** The length of a missing body. */
    val lengthWithoutBody: Long get() = if (httpMethod in WITHOUT_LENGTH) NO_BODY else 0

    private fun contentEncoding(): String? = if (isCompressed) request.compress!!.token else null

    val isCompressed: Boolean get() = request.compress != null && payload.let { it != null && !it.isEmpty() }

    private fun Payload.isEmpty() = size() == 0L

    /** The headers of a body that belong to a request, without the ones that were set elsewhere. */
    private fun withRequest(headers: Map<String, String>) =
        RequestHeaders().also {
            for ((name, value) in headers) {
                if (isFree(name) && PART_ONLY.none { only -> only.equals(name, ignoreCase = true) }) it.add(name, value)
            }
        }

    private fun isCookie(name: String) = name.equals(HeaderNames.COOKIE, ignoreCase = true)

    private fun isWanted(name: String) = isFree(name) && !request.skips(name)

    private fun isFree(name: String) = name !in defaults && (own == null || name !in own)

    /** The same once more, as it was before middlewares saw it. */
    fun again(): RequestAttempt {
        val again = RequestAttempt(request, httpMethod, target, own, defaults, original, carriesSecrets)
        again.upgrade = upgrade
        return again
    }

    /**
     * The attempt after this one, at [url]; see [Redirects].
     *
     * @param hasCredentials whether the redirect itself names a user: that counts more than a header
     */
    fun next(
        url: Url,
        method: HttpMethod,
        keepBody: Boolean,
        sameOrigin: Boolean,
        hasCredentials: Boolean,
    ): RequestAttempt {
        val isDropped = { name: String ->
            if (sameOrigin) {
                hasCredentials && name.equals(HeaderNames.AUTHORIZATION, ignoreCase = true)
            } else {
                session.settings.isSecret(name) || name.equals(HeaderNames.HOST, ignoreCase = true)
            }
        }
        return RequestAttempt(
            request,
            method,
            url,
            own?.copyWithout(isDropped),
            if (sameOrigin && !hasCredentials) defaults else defaults.copyWithout(isDropped),
            if (keepBody) payload else null,
            carriesSecrets && sameOrigin,
        )
    }

    fun describe() = "$httpMethod $target"

    companion object {
        const val NO_BODY = -1L
        const val CHUNKED = -2L

        private val WITHOUT_LENGTH = setOf(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.TRACE)
        private const val ANYTHING = "*/*"
        private val DECODABLE = AcceptEncoding.value
        private val OWN_NAME = "Java/${Runtime.version().feature()} asyncio4j"
        private val WITH_BODY = setOf(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH)

        /** Headers of a body that count only if the body is a part of another one, or that the request has anyway. */
        private val PART_ONLY = listOf(HeaderNames.CONTENT_TYPE, "Content-Transfer-Encoding")

        /** Headers of one connection, which HTTP/2 does not allow. */
        private fun isOfConnection(name: String) = OF_CONNECTION.any { it.equals(name, ignoreCase = true) }

        private val OF_CONNECTION =
            // The last one is of the handshake of a WebSocket (RFC 8441, 5).
            arrayOf("Host", "Connection", "Keep-Alive", "Upgrade", "Proxy-Connection", "TE", "Sec-WebSocket-Key")
    }
}
