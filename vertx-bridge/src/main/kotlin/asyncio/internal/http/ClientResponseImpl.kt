package asyncio.internal.http

import asyncio.Coroutine
import asyncio.http.ClientConnectionException
import asyncio.http.ClientResponse
import asyncio.http.ClientResponseException
import asyncio.http.HttpHeaders
import asyncio.kotlin.coroutine
import io.vertx.core.http.HttpClientResponse
import java.nio.charset.Charset
import java.util.OptionalLong

/** A response as its user sees it. */
internal class ClientResponseImpl(
    private val exchange: Exchange,
    private val session: ClientSessionImpl,
    response: HttpClientResponse,
) : ClientResponse {
    private val status = response.statusCode()
    private val reason = response.statusMessage().orEmpty()
    private val headers = ResponseHeaders(response.headers())
    private var contentType: ContentType? = null
    private var body: ByteArray? = null
    private var released = false

    override fun method(): String = exchange.method.name()

    override fun url(): String = exchange.url.toString()

    override fun status(): Int = status

    override fun reason(): String = reason

    override fun ok(): Boolean = status < 400

    override fun headers(): HttpHeaders = headers

    override fun contentType(): String = parsedContentType().mediaType

    override fun contentLength(): OptionalLong {
        val length = headers.get("content-length")?.toLongOrNull() ?: return OptionalLong.empty()
        return OptionalLong.of(length)
    }

    override fun read(): Coroutine<ByteArray> = coroutine { body() }

    override fun text(): Coroutine<String> = coroutine { String(body(), parsedContentType().charset ?: Charsets.UTF_8) }

    override fun text(charset: Charset): Coroutine<String> = coroutine { String(body(), charset) }

    private fun parsedContentType() = contentType ?: ContentType(headers.get("content-type")).also { contentType = it }

    private suspend fun body(): ByteArray {
        body?.let { return it }
        session.checkLoop("The body of a response")
        if (released) {
            throw ClientConnectionException(
                "${method()} ${url()}: the response was closed before its body was read",
            )
        }
        return exchange.body(contentLength().orElse(0)).also { body = it }
    }

    override fun raiseForStatus(): ClientResponse {
        if (ok()) return this
        release()
        throw ClientResponseException(status, reason, url(), headers)
    }

    override fun release() {
        if (released) return
        released = true
        exchange.release()
    }

    override fun toString(): String = "<ClientResponse(${url()}) [$status $reason]>"
}
