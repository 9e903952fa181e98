package asyncio.internal.http.connector

import asyncio.http.Connector
import asyncio.internal.http.connect.ConnectorSettings
import asyncio.internal.http.connect.Transport
import asyncio.internal.http.message.DomainNames
import asyncio.internal.http.message.Origin
import asyncio.internal.http.pool.ConnectionPool
import asyncio.internal.run.EventLoopImpl
import asyncio.internal.vertx.VertxHost
import java.time.Duration

/** A connector, on the loop that it was made in. */
internal class ConnectorImpl(
    val loop: EventLoopImpl,
    val host: VertxHost,
    val settings: ConnectorSettings,
) : Connector {
    val transport = Transport(loop, host, settings)
    val pool = ConnectionPool(loop, host, transport, poolLimits())

    /** Servers that have chosen HTTP/2, and then wanted HTTP/1.1 (HTTP_1_1_REQUIRED). */
    private val http1Servers = HashSet<Origin>()

    @Volatile private var closed = false

    init {
        host.execute { if (!closed) host.register(this) }
    }

    fun speaksHttp1(origin: Origin): Boolean = http1Servers.isNotEmpty() && origin in http1Servers

    /** Speaks HTTP/1.1 with this server from now on. */
    fun speakHttp1(origin: Origin) {
        // Forgotten, they say it again.
        if (http1Servers.size >= MOST_HTTP1_SERVERS) http1Servers.clear()
        http1Servers.add(origin)
    }

    override fun clearDnsCache(): Unit = transport.addresses.clear()

    override fun clearDnsCache(
        host: String,
        port: Int,
    ): Unit = transport.addresses.clear(DomainNames.toAscii(host) ?: host.lowercase(), port)

    override fun closed(): Boolean = closed

    override fun close() {
        if (closed) return
        closed = true
        host.execute {
            host.unregister(this)
            pool.close()
            transport.close()
        }
    }

    private fun poolLimits() =
        ConnectionPool.Limits(
            settings.limit,
            settings.limitPerHost,
            if (settings.forceClose) Duration.ZERO else settings.keepAlive,
        )

    override fun toString(): String = "<Connector${if (closed) " closed" else ""}>"

    private companion object {
        const val MOST_HTTP1_SERVERS = 1000
    }
}
