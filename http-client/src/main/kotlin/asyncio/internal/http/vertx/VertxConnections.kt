package asyncio.internal.http.vertx

import asyncio.internal.http.wire.HttpConnection
import asyncio.internal.http.wire.ResponseValidator
import asyncio.internal.vertx.VertxHost
import io.netty.buffer.ByteBufAllocator
import io.netty.channel.Channel
import io.netty.handler.codec.http.HttpClientCodec
import io.vertx.core.http.Http1ClientConfig
import io.vertx.core.http.HttpVersion
import io.vertx.core.http.impl.http1.Http1ClientConnection
import io.vertx.core.impl.buffer.VertxByteBufAllocator
import io.vertx.core.internal.http.HttpHeadersInternal
import io.vertx.core.net.HostAndPort
import io.vertx.core.net.SocketAddress
import io.vertx.core.net.impl.VertxHandler
import io.vertx.core.tracing.TracingPolicy

/**
 * Makes connections of Vert.x out of channels that are ready for HTTP.
 *
 * This package is the only one that uses classes which Vert.x does not export: a minor release of Vert.x may change them, and
 * on the module path they need `--add-exports`. They are
 *
 * - `io.vertx.core.http.impl`: HttpClientConnection, HttpClientStream, HttpRequestHead, HttpResponseHead, HttpUtils
 * - `io.vertx.core.http.impl.http1`: Http1ClientConnection
 * - `io.vertx.core.net.impl`: VertxHandler
 * - `io.vertx.core.impl.buffer`: VertxByteBufAllocator
 *
 * and the names `codec` and `handler` of two handlers in a pipeline of HTTP/1.1.
 */
internal class VertxConnections(
    private val host: VertxHost,
) {
    private val http1 =
        Http1ClientConfig()
            .setMaxInitialLineLength(MAX_LINE)
            .setMaxHeaderSize(MAX_HEADERS)
            .setMaxChunkSize(MAX_PORTION)

    /** Adds the handlers of HTTP/1.1 to [channel], with the codec that Vert.x itself would make. */
    @Suppress("DEPRECATION")
    fun http1(
        channel: Channel,
        ssl: Boolean,
        server: HostAndPort,
    ): HttpConnection {
        val codec =
            HttpClientCodec(
                http1.maxInitialLineLength,
                http1.maxHeaderSize,
                http1.maxChunkSize,
                false,
                !HttpHeadersInternal.DISABLE_HTTP_HEADERS_VALIDATION,
                http1.decoderInitialBufferSize,
            )
        val address = SocketAddress.inetSocketAddress(server.port(), server.host())
        val handler =
            VertxHandler.create { context ->
                Http1ClientConnection(
                    HttpVersion.HTTP_1_1,
                    null,
                    null,
                    http1,
                    TracingPolicy.PROPAGATE,
                    false,
                    context,
                    ssl,
                    address,
                    server,
                    host.context,
                    null,
                )
            }
        val validator = ResponseValidator()
        // Vert.x looks for handlers of the names "codec" and "handler".
        channel
            .pipeline()
            .addLast("validator", validator)
            .addLast("codec", codec)
            .addLast("handler", handler)
        return VertxConnection(handler.connection, host, validator)
    }

    companion object {
        /** The allocator that the handlers of Vert.x expect. */
        val ALLOCATOR: ByteBufAllocator = VertxByteBufAllocator.POOLED_ALLOCATOR

        /** The limit of a line in HTTP/1.1. The validator before the codec enforces the limits of the request, which are lower. */
        private const val MAX_LINE = 1024 * 1024

        /** The limit of all headers of a response in HTTP/1.1; here too the validator enforces the limits of the request. */
        private const val MAX_HEADERS = 16 * 1024 * 1024

        private const val MAX_PORTION = 64 * 1024
    }
}
