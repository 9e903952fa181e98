package asyncio.internal.http.vertx

import asyncio.internal.http.message.HeaderFields
import asyncio.internal.http.wire.HttpStream
import asyncio.internal.http.wire.HttpStream.Listener
import asyncio.internal.http.wire.RequestHead
import asyncio.internal.http.wire.ResponseHead
import io.netty.buffer.Unpooled
import io.vertx.core.MultiMap
import io.vertx.core.buffer.Buffer
import io.vertx.core.http.HttpMethod
import io.vertx.core.http.StreamResetException
import io.vertx.core.http.impl.HttpClientStream
import io.vertx.core.http.impl.HttpRequestHead
import io.vertx.core.http.impl.HttpUtils.DEFAULT_STREAM_PRIORITY
import io.vertx.core.internal.buffer.BufferInternal
import io.vertx.core.net.HostAndPort

/** A request and its response on a connection of Vert.x. */
internal class VertxStream(
    private val connection: VertxConnection,
    private val stream: HttpClientStream,
) : HttpStream {
    /** Vert.x reports the end of a stream only if the stream has got a number. */
    override val willBeClosed: Boolean get() = stream.id() >= 0
    override val isWritable: Boolean get() = stream.isWritable

    override fun listen(listener: Listener) {
        stream.headHandler {
            listener.received(
                ResponseHead(it.statusCode, it.statusMessage.orEmpty(), fields(it.headers)),
            )
        }
        stream.dataHandler {
            val bytes = (it as BufferInternal).unwrap()
            listener.received(bytes, bytes.readerIndex(), bytes.readableBytes())
        }
        stream.trailersHandler { listener.ended(fields(it)) }
        stream.exceptionHandler { listener.broke(it) }
        stream.resetHandler { code -> listener.broke(StreamResetException(code)) }
        stream.closeHandler { listener.streamClosed() }
    }

    private fun fields(map: MultiMap?): HeaderFields =
        HeaderFields().also { fields -> map?.forEach { (name, value) -> fields.add(name, value) } }

    override fun onContinue(action: Runnable) {
        stream.continueHandler { action.run() }
    }

    override fun onDrain(action: Runnable) {
        stream.drainHandler { action.run() }
    }

    override fun writeHead(head: RequestHead): Unit = write(head, chunked = false, body = null, isLast = true)

    override fun writeHead(
        head: RequestHead,
        chunked: Boolean,
    ): Unit = write(head, chunked, body = null, isLast = false)

    override fun writeAll(
        head: RequestHead,
        body: ByteArray,
    ): Unit = write(head, chunked = false, bufferOf(body), isLast = true)

    private fun write(
        head: RequestHead,
        chunked: Boolean,
        body: Buffer?,
        isLast: Boolean,
    ) {
        stream.writeHead(headOf(head), chunked, body, isLast, DEFAULT_STREAM_PRIORITY, head.upgrade)
    }

    private fun headOf(head: RequestHead): HttpRequestHead {
        val scheme = if (head.ssl) "https" else "http"
        val port = if (head.ssl) HTTPS else HTTP
        val authority = HostAndPort.parseAuthority(head.host, port)
        val headers = connection.connection.newHttpRequestHeaders()
        head.headers.forEach { name, value -> headers.add(name, value) }
        return HttpRequestHead(scheme, head.method, head.target, headers, authority, null, null)
    }

    override fun write(
        bytes: ByteArray,
        isLast: Boolean,
    ) {
        stream.writeChunk(bufferOf(bytes), isLast)
    }

    override fun end() {
        stream.writeChunk(null, true)
    }

    private fun bufferOf(bytes: ByteArray): Buffer = BufferInternal.buffer(Unpooled.wrappedBuffer(bytes))

    override fun reading(on: Boolean) {
        if (on) stream.fetch(Long.MAX_VALUE) else stream.pause()
    }

    override fun cancel() {
        stream.cancel()
    }

    private companion object {
        const val HTTP = 80
        const val HTTPS = 443
    }
}
