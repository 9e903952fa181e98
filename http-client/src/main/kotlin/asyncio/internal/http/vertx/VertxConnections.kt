package asyncio.internal.http.vertx

import asyncio.internal.http.wire.HttpConnection
import asyncio.internal.vertx.VertxHost
import io.netty.channel.Channel
import io.netty.handler.flush.FlushConsolidationHandler
import io.vertx.core.Future
import io.vertx.core.http.Http2Settings
import io.vertx.core.http.impl.HttpClientConnection
import io.vertx.core.http.impl.http2.codec.Http2CodecClientChannelInitializer
import io.vertx.core.net.HostAndPort
import io.vertx.core.tracing.TracingPolicy

/**
 * Makes connections of Vert.x out of channels that are ready for HTTP.
 *
 * This package is the only one that uses classes which Vert.x does not export: a minor release of Vert.x may change them, and
 * on the module path they need `--add-exports`. They are
 *
 * - `io.vertx.core.http.impl`: HttpClientConnection, HttpClientStream, HttpRequestHead, HttpUtils
 * - `io.vertx.core.http.impl.http2.codec`: Http2CodecClientChannelInitializer
 */
internal class VertxConnections(
    private val host: VertxHost,
) {
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

    /** Adds the handlers of HTTP/2 to [channel]. The connection is ready when the server has sent its settings. */
    fun http2(
        channel: Channel,
        server: HostAndPort,
    ): Future<HttpConnection> {
        val ready = host.context.promise<HttpClientConnection>()
        val connection =
            ready.future().map<HttpConnection> {
                it.setWindowSize(CONNECTION_WINDOW)
                VertxConnection(it, host)
            }
        // Requests that are sent in one turn of the loop share a flush.
        channel.pipeline().addLast(FlushConsolidationHandler(MOST_UNFLUSHED, true))
        http2.http2Connected(host.context, server, null, null, channel, null, ready)
        return connection
    }

    private companion object {
        /** The limit of all headers of a response in HTTP/2. */
        const val MAX_HEADER_LIST = 256 * 1024L

        const val MOST_UNFLUSHED = 256

        /** How much of a body a server may send before it is read. Large bodies are slow with the default of 64 KiB. */
        const val STREAM_WINDOW = 1024 * 1024

        /** The window of all streams together. It is large, so that a few unread responses do not stop the others. */
        const val CONNECTION_WINDOW = 32 * STREAM_WINDOW
    }
}
