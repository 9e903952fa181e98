package asyncio.internal.http.connect

import asyncio.http.ClientConnectorException
import asyncio.internal.http.concurrent.awaitVertx
import asyncio.internal.http.message.bracketed
import asyncio.internal.http.message.canonicalIpv6
import asyncio.internal.http.message.ipv6Bytes
import asyncio.internal.http.vertx.UnexportedPackages
import asyncio.internal.http.vertx.VertxConnections
import asyncio.internal.http.wire.HttpConnection
import asyncio.internal.run.EventLoopImpl
import asyncio.internal.vertx.VertxHost
import io.vertx.core.net.HostAndPort
import java.nio.channels.ClosedChannelException

/** Makes HTTP connections out of channels, after the proxy and TLS. */
internal class ConnectionFactory(
    private val loop: EventLoopImpl,
    private val host: VertxHost,
) {
    private val connections: VertxConnections

    init {
        UnexportedPackages.check()
        connections = VertxConnections(host)
    }

    /** A connection that speaks [protocol], which the server has chosen with ALPN; null without TLS. */
    suspend fun connection(
        channel: RawChannel,
        key: ConnectionKey,
        protocol: String?,
    ): HttpConnection =
        when (protocol) {
            null, "", "http/1.1" -> {
                orThrow(key::unreachable) {
                    channel.handOver { connections.http1(it, key.ssl, authorityOf(key)) }
                }
            }

            "h2" -> {
                orThrow(key::unreachable) { http2(channel, key) }
            }

            else -> {
                val message = "Cannot connect to host $key: it chose \"$protocol\", which was not offered"
                throw ClientConnectorException(key.host, key.port, message, null)
            }
        }

    private suspend fun http2(
        channel: RawChannel,
        key: ConnectionKey,
    ): HttpConnection {
        val ready = channel.handOver { connections.http2(it, authorityOf(key)) }
        val connection = loop.awaitVertx(host, ready)
        // The server may close the connection, or send GOAWAY, right after it has agreed to HTTP/2.
        if (connection.isRetired || !connection.isActive) throw ClosedChannelException()
        return connection
    }

    /** In the form that Vert.x can read: without a zone, and without an IPv4 address in an IPv6 one. */
    private fun authorityOf(key: ConnectionKey): HostAndPort {
        val host = key.host.substringBefore('%').removeSuffix(".")
        val name = if (':' in host) canonicalIpv6(ipv6Bytes(host), mixed = false) else host
        return HostAndPort.authority(bracketed(name), key.port)
    }
}
