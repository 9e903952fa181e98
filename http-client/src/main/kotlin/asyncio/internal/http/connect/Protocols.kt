package asyncio.internal.http.connect

import asyncio.http.ClientConnectorException
import asyncio.internal.run.EventLoopImpl
import asyncio.internal.vertx.VertxHost
import io.netty.channel.Channel
import io.netty.handler.codec.http.HttpClientCodec
import io.netty.handler.flush.FlushConsolidationHandler
import io.vertx.core.http.Http1ClientConfig
import io.vertx.core.http.Http2Settings
import io.vertx.core.http.HttpVersion
import io.vertx.core.http.impl.HttpClientConnection
import io.vertx.core.http.impl.http1.Http1ClientConnection
import io.vertx.core.http.impl.http2.codec.Http2CodecClientChannelInitializer
import io.vertx.core.internal.http.HttpHeadersInternal
import io.vertx.core.net.HostAndPort
import io.vertx.core.net.SocketAddress
import io.vertx.core.net.impl.VertxHandler
import io.vertx.core.tracing.TracingPolicy
import java.nio.channels.ClosedChannelException

/** Makes HTTP connections of Vert.x out of sockets that are ready for them. */
internal class Protocols(
    private val loop: EventLoopImpl,
    private val host: VertxHost,
) {
    private val http1 =
        Http1ClientConfig()
            .setMaxInitialLineLength(MAX_LINE)
            .setMaxHeaderSize(MAX_HEADERS)
            .setMaxChunkSize(MAX_PORTION)

    private val http2 =
        Http2CodecClientChannelInitializer(
            Http2Settings()
                .setPushEnabled(false)
                .setInitialWindowSize(STREAM_WINDOW)
                .setMaxHeaderListSize(MAX_HEADER_LIST),
            TracingPolicy.PROPAGATE,
            false,
            false,
            -1,
            null,
            0,
        )

    /** Speaks [protocol], which ALPN says; null without TLS. */
    suspend fun speak(
        link: Link,
        key: ConnectionKey,
        protocol: String?,
    ): HttpClientConnection =
        when (protocol) {
            null, "", "http/1.1" -> {
                orThrow(key::unreachable) { link.handOver { speakHttp1(it, key) } }
            }

            "h2" -> {
                speakHttp2(link, key)
            }

            else -> {
                val message = "Cannot connect to host $key: it chose \"$protocol\", which was not offered"
                throw ClientConnectorException(key.host, key.port, message, null)
            }
        }

    private fun speakHttp1(
        channel: Channel,
        key: ConnectionKey,
    ): HttpClientConnection {
        val codec =
            HttpClientCodec(
                http1.maxInitialLineLength,
                http1.maxHeaderSize,
                http1.maxChunkSize,
                false,
                !HttpHeadersInternal.DISABLE_HTTP_HEADERS_VALIDATION,
                http1.decoderInitialBufferSize,
            )
        val server = SocketAddress.inetSocketAddress(key.port, key.host)
        val authority = authorityOf(key)
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
                    key.ssl,
                    server,
                    authority,
                    host.context,
                    null,
                )
            }
        // Vert.x looks for handlers of these names.
        channel.pipeline().addLast("codec", codec).addLast("handler", handler)
        return quiet(handler.connection)
    }

    private suspend fun speakHttp2(
        link: Link,
        key: ConnectionKey,
    ): HttpClientConnection {
        val ready = host.context.promise<HttpClientConnection>()
        val authority = authorityOf(key)
        // A server may go away, or close the connection, right after it has agreed.
        var goesAway = false
        ready.future().onSuccess { connection ->
            connection.setWindowSize(CONNECTION_WINDOW)
            quiet(connection).evictionHandler { goesAway = true }
        }
        return orThrow(key::unreachable) {
            link.handOver {
                // Requests that are sent in one turn of the loop share a flush.
                it.pipeline().addLast(FlushConsolidationHandler(MOST_UNFLUSHED, true))
                http2.http2Connected(host.context, authority, null, null, it, null, ready)
            }
            val connection = loop.awaitVertx(host, ready.future())
            if (goesAway || !link.channel.isActive) throw ClosedChannelException()
            quiet(connection)
        }
    }

    /** What nobody handles yet would be logged. */
    private fun quiet(connection: HttpClientConnection): HttpClientConnection {
        connection.exceptionHandler {}
        return connection.evictionHandler {}
    }

    private fun authorityOf(key: ConnectionKey) =
        HostAndPort.authority(if (':' in key.host) "[${key.host}]" else key.host.removeSuffix("."), key.port)

    private companion object {
        /** Of a line of HTTP/1.1; the real limits are the request's, and the guard before the codec keeps them. */
        const val MAX_LINE = 1024 * 1024

        /** All headers of a response together; likewise. */
        const val MAX_HEADERS = 16 * 1024 * 1024

        /** All headers of a response of HTTP/2 together. */
        const val MAX_HEADER_LIST = 256 * 1024L

        const val MOST_UNFLUSHED = 256

        const val MAX_PORTION = 64 * 1024

        /** How much of a body a server may send before it is read; with the default of 64 KiB large bodies are slow. */
        const val STREAM_WINDOW = 1024 * 1024

        /** That of all streams together, so that some responses that nobody reads do not hold up the others. */
        const val CONNECTION_WINDOW = 32 * STREAM_WINDOW
    }
}
