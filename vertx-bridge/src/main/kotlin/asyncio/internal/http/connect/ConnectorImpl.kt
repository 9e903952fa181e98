package asyncio.internal.http.connect

import asyncio.http.Connector
import asyncio.internal.loop.EventLoopImpl
import asyncio.internal.vertx.VertxHost

/** A connector, on the loop that it was made in. */
internal class ConnectorImpl(
    val loop: EventLoopImpl,
    val host: VertxHost,
    val settings: ConnectorSettings,
) : Connector {
    val transport = Transport(loop, host, settings)

    @Volatile private var closed = false

    init {
        host.execute { if (!closed) host.adopt(this) }
    }

    override fun clearDnsCache(): Unit = host.execute { transport.addresses.clear() }

    override fun clearDnsCache(
        host: String,
        port: Int,
    ): Unit = this.host.execute { transport.addresses.clear(host.lowercase(), port) }

    override fun closed(): Boolean = closed

    override fun close() {
        if (closed) return
        closed = true
        host.execute {
            host.dismiss(this)
            transport.close()
        }
    }

    override fun toString(): String = "<Connector${if (closed) " closed" else ""}>"
}
