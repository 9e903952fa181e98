package asyncio.internal.http.connect

import asyncio.http.ClientConnectorException
import asyncio.internal.http.http1.Http1Connection
import asyncio.internal.http.http2.Http2Connection
import asyncio.internal.http.http2.Http2Handler
import asyncio.internal.http.wire.ConnectionEnded
import asyncio.internal.http.wire.HttpConnection
import asyncio.internal.run.EventLoopImpl
import asyncio.internal.vertx.VertxHost
import asyncio.internal.vertx.awaitVertx
import io.netty.channel.Channel

/** Makes HTTP connections out of channels, after the proxy and TLS. */
internal class ConnectionFactory(
    private val loop: EventLoopImpl,
    private val host: VertxHost,
    private val settings: ConnectorSettings,
) {
    /** A connection that speaks [protocol], which the server has chosen with ALPN; null without TLS. */
    suspend fun connection(
        channel: RawChannel,
        key: ConnectionKey,
        protocol: String?,
    ): HttpConnection =
        when (if (settings.knowsHttp2(key)) "h2" else protocol) {
            null, "", "http/1.1" -> {
                orThrow(key::unreachable) {
                    channel.handOver { http1(it) }
                }
            }

            "h2" -> {
                orThrow(key::unreachable) { http2(channel) }
            }

            else -> {
                val message = "Cannot connect to host $key: it chose \"$protocol\", which was not offered"
                throw ClientConnectorException(key.host, key.port, message, null)
            }
        }

    private fun http1(channel: Channel): HttpConnection =
        Http1Connection(host.context).also { channel.pipeline().addLast(it) }

    private suspend fun http2(channel: RawChannel): HttpConnection {
        val ready =
            channel.handOver {
                val connection = Http2Connection(host, settings.http2PingInterval)
                it.pipeline().addLast(Http2Handler(host, connection))
                connection.ready
            }
        val connection = loop.awaitVertx(host, ready)
        // The server may close the connection right after it has agreed to HTTP/2.
        if (!connection.isActive) throw ConnectionEnded()
        return connection
    }
}
