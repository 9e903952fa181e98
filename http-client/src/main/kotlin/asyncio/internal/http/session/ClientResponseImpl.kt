package asyncio.internal.http.session

import asyncio.Coroutine
import asyncio.http.ClientConnectionException
import asyncio.http.ClientPayloadException
import asyncio.http.ClientResponse
import asyncio.http.ClientResponse.Link
import asyncio.http.ClientResponseException
import asyncio.http.ContentTypeException
import asyncio.http.Cookie
import asyncio.http.HttpHeaders
import asyncio.http.RequestInfo
import asyncio.http.StreamReader
import asyncio.http.TypeRef
import asyncio.internal.http.body.BodyStream
import asyncio.internal.http.body.BodyTap
import asyncio.internal.http.body.StreamReaderImpl
import asyncio.internal.http.message.ContentType
import asyncio.internal.http.message.HeaderNames
import asyncio.internal.http.message.Links
import asyncio.internal.http.message.ResponseHeaders
import asyncio.internal.http.message.reason
import asyncio.internal.http.wire.ResponseHead
import asyncio.internal.vertx.offer
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import java.lang.reflect.Type
import java.nio.charset.Charset

/** A response as its user sees it. */
internal class ClientResponseImpl(
    val exchange: Exchange,
    response: ResponseHead,
    private val stream: BodyStream?,
) : ClientResponse {
    private val attempt = exchange.attempt
    private val request = attempt.request
    private val session = request.session
    private val status = response.status
    private val reason = response.reason
    private val version = response.protocol.toString()
    private val headers = ResponseHeaders(response.headers)
    private var parsedType: ContentType? = null
    private var content: StreamReader? = null
    private var body: ByteArray? = null
    private var released = false
    var history: List<ClientResponse> = emptyList()

    override fun method(): String = attempt.method()

    override fun url(): String = attempt.url()

    override fun realUrl(): String = attempt.target.real

    override fun host(): String = attempt.target.host

    override fun version(): String = version

    override fun status(): Int = status

    override fun reason(): String = reason

    override fun ok(): Boolean = status < 400

    override fun headers(): HttpHeaders = headers

    override fun trailers(): HttpHeaders = exchange.trailers?.let(::ResponseHeaders) ?: ResponseHeaders.NONE

    override fun contentType(): String = type().mediaType

    override fun charset(): String? = type().charsetName

    override fun getEncoding(): Charset = type().charset ?: encodingWithoutName()

    private fun encodingWithoutName() = if (type().isJson) Charsets.UTF_8 else session.settings.fallbackCharset(this)

    private fun type() = parsedType ?: ContentType(headers.get("content-type")).also { parsedType = it }

    override fun contentLength(): Long? = headers.get("content-length")?.toLongOrNull()

    override fun cookies(): List<Cookie> = Cookie.parse(headers.getAll(HeaderNames.SET_COOKIE))

    override fun links(): Map<String, List<Link>> = Links.parse(headers.getAll("link"), attempt.target)

    override fun history(): List<ClientResponse> = history

    override fun requestInfo(): RequestInfo = RequestInfo.of(url(), method(), attempt.headers(), realUrl())

    // ---- the body

    override fun content(): StreamReader = content ?: StreamReaderImpl(openStream(), owner = this).also { content = it }

    /** Tells [tap] of the body, before anybody has read of it. */
    fun tap(tap: BodyTap) {
        stream?.listen(tap)
    }

    private fun openStream(): BodyStream =
        checkNotNull(
            stream,
        ) { "${attempt.describe()}: a response of status $status that switches protocols has no body" }

    override fun read(): Coroutine<ByteArray> = coroutine { body() }

    override fun text(): Coroutine<String> = coroutine { String(body(), getEncoding()) }

    override fun text(charset: Charset): Coroutine<String> = coroutine { String(body(), charset) }

    override fun json(): Coroutine<Any?> = coroutine { decoded(Any::class.java, JSON) }

    override fun <T : Any> json(type: Class<T>): Coroutine<T> = coroutine { decoded(type, JSON) }

    override fun <T> json(type: TypeRef<T>): Coroutine<T> = coroutine { decoded(type.type(), JSON) }

    override fun <T> json(
        type: Type,
        contentType: String?,
    ): Coroutine<T> = coroutine { decoded(type, contentType) }

    @Suppress("UNCHECKED_CAST")
    private suspend fun <T> decoded(
        type: Type,
        contentType: String?,
    ): T {
        if (contentType != null && !isOfType(contentType)) {
            throw ContentTypeException(
                requestInfo(),
                history,
                status,
                "the response is ${contentType()}, not $contentType. Read it as text(), or say json(type, null)",
                headers,
            )
        }
        val bytes = body()
        if (bytes.all { it == ' '.code.toByte() || it in WHITESPACE }) return null as T
        val charset = getEncoding()
        val utf8 = if (charset == Charsets.UTF_8) bytes else String(bytes, charset).toByteArray()
        return session.settings.json.read<T>(utf8, type)
    }

    private fun isOfType(wanted: String) = if (wanted == JSON) type().isJson else contentType().equals(wanted, true)

    private suspend fun body(): ByteArray {
        body?.let { return it }
        session.checkLoop("The body of a response")
        if (released && !exchange.isOver || stream == null) throw closedBefore()
        val limit = request.bodyLimit
        if (!stream.isEncoded && (contentLength() ?: 0) > limit && !exchange.isOver) {
            val error =
                ClientPayloadException(
                    "${attempt.describe()}: the body is larger than $limit bytes, the limit of maxBodySize",
                )
            exchange.onContext { exchange.fail(error) }
            throw error
        }
        try {
            return stream.readAll(limit).also { body = it }
        } catch (error: Throwable) {
            // After a failed read of the whole body the rest is not needed.
            exchange.giveUp("reading the body was ended")
            throw error
        }
    }

    private fun closedBefore() =
        ClientConnectionException("${attempt.describe()}: the response was closed before its body was read")

    // ---- its end

    override fun raiseForStatus(): ClientResponse {
        if (ok()) return this
        if (!request.inBlock) release()
        throw ClientResponseException(requestInfo(), history, status, reason, headers)
    }

    override fun outputSize(): Long = exchange.bytesSent

    override fun uploadComplete(): Coroutine<Boolean> =
        coroutine {
            exchange.awaitUpload()
            exchange.isUploaded
        }

    override fun closed(): Boolean = released || exchange.isOver

    override fun release() {
        if (released) return
        released = true
        exchange.release()
        if (body == null) stream?.abort(closedBefore())
    }

    override fun waitForClose(): Coroutine<Void?> =
        coroutine {
            if (!exchange.isOver) {
                val over = session.loop.createFuture<Unit>()
                exchange.whenOver { session.loop.offer(over, Unit) }
                await(over)
            }
            null
        }

    /** Closes the connection if this response is garbage-collected before it was read. */
    fun watchForgetting() {
        if (!exchange.isOver && session.transport == null) ForgottenResponses.watch(this, exchange)
    }

    override fun toString(): String = "<ClientResponse(${url()}) [$status $reason]>"

    private companion object {
        const val JSON = "application/json"
        val WHITESPACE = "\t\r\n".toByteArray()
    }
}
