package asyncio.internal.http.connector

import asyncio.http.AddressFamily
import asyncio.http.Connector
import asyncio.http.Resolver
import asyncio.http.Tls
import asyncio.internal.http.connect.ConnectorSettings
import asyncio.internal.http.connect.checkedTls
import asyncio.internal.run.EventLoopImpl
import asyncio.internal.vertx.VertxHost
import asyncio.spi.AsyncioProvider
import java.net.InetSocketAddress
import java.nio.file.Path
import java.time.Duration

/** Collects the settings of a connector. */
internal class ConnectorBuilder : Connector.Builder {
    private var settings = ConnectorSettings()
    private var setsKeepAlive = false

    override fun limit(connections: Int): Connector.Builder {
        require(connections >= 0) { "limit is negative: $connections" }
        settings = settings.copy(limit = connections)
        return this
    }

    override fun limitPerHost(connections: Int): Connector.Builder {
        require(connections >= 0) { "limitPerHost is negative: $connections" }
        settings = settings.copy(limitPerHost = connections)
        return this
    }

    override fun keepAlive(idle: Duration): Connector.Builder {
        require(!idle.isNegative) { "keepAlive is negative: $idle" }
        setsKeepAlive = true
        // Beyond that the sums of nanoseconds could overflow.
        settings = settings.copy(keepAlive = minOf(idle, Duration.ofDays(365)))
        return this
    }

    override fun forceClose(on: Boolean): Connector.Builder {
        settings = settings.copy(forceClose = on)
        return this
    }

    override fun useDnsCache(on: Boolean): Connector.Builder {
        settings = settings.copy(useDnsCache = on)
        return this
    }

    override fun ttlDnsCache(ttl: Duration?): Connector.Builder {
        require(ttl == null || !ttl.isNegative && !ttl.isZero) {
            "ttlDnsCache is not positive: $ttl. To keep no addresses, use useDnsCache(false)"
        }
        settings = settings.copy(ttlDnsCache = ttl)
        return this
    }

    override fun dnsCacheMaxSize(hosts: Int): Connector.Builder {
        require(hosts >= 1) { "dnsCacheMaxSize is not positive: $hosts. To keep no addresses, use useDnsCache(false)" }
        settings = settings.copy(dnsCacheMaxSize = hosts)
        return this
    }

    override fun family(family: AddressFamily): Connector.Builder {
        settings = settings.copy(family = family)
        return this
    }

    override fun localAddress(address: InetSocketAddress): Connector.Builder {
        require(!address.isUnresolved) { "localAddress is not resolved: $address" }
        settings = settings.copy(localAddress = address)
        return this
    }

    override fun resolver(resolver: Resolver): Connector.Builder {
        settings = settings.copy(resolver = resolver)
        return this
    }

    override fun happyEyeballsDelay(delay: Duration?): Connector.Builder {
        require(delay == null || !delay.isNegative && !delay.isZero) {
            "happyEyeballsDelay is not positive: $delay. To try one address after the other, use null"
        }
        settings = settings.copy(happyEyeballsDelay = delay)
        return this
    }

    override fun interleave(firstAddresses: Int): Connector.Builder {
        require(firstAddresses >= 0) { "interleave is negative: $firstAddresses" }
        settings = settings.copy(interleave = firstAddresses)
        return this
    }

    override fun tls(tls: Tls): Connector.Builder {
        settings = settings.copy(tls = checkedTls(tls))
        return this
    }

    override fun http2(on: Boolean): Connector.Builder {
        settings = settings.copy(http2 = on)
        return this
    }

    override fun http2PriorKnowledge(on: Boolean): Connector.Builder {
        settings = settings.copy(http2PriorKnowledge = on)
        return this
    }

    override fun http2PingInterval(interval: Duration?): Connector.Builder {
        require(interval == null || !interval.isNegative && !interval.isZero) {
            "http2PingInterval is not positive: $interval. To send no PING, use null"
        }
        // Beyond that the milliseconds could overflow.
        settings = settings.copy(http2PingInterval = interval?.let { minOf(it, Duration.ofDays(365)) })
        return this
    }

    override fun unixSocket(path: Path): Connector.Builder {
        settings = settings.copy(unixSocket = path)
        return this
    }

    override fun tcpKeepAlive(on: Boolean): Connector.Builder {
        settings = settings.copy(tcpKeepAlive = on)
        return this
    }

    override fun tcpNoDelay(on: Boolean): Connector.Builder {
        settings = settings.copy(tcpNoDelay = on)
        return this
    }

    fun settings(): ConnectorSettings {
        require(!settings.forceClose || !setsKeepAlive) {
            "keepAlive and forceClose exclude each other: a connection that is closed after each request is not kept"
        }
        require(settings.unixSocket == null || settings.localAddress == null) {
            "unixSocket and localAddress exclude each other: a Unix domain socket is connected from no address"
        }
        require(settings.http2 || !settings.http2PriorKnowledge) {
            "http2PriorKnowledge and http2(false) exclude each other"
        }
        return settings
    }

    override fun build(): Connector {
        val settings = settings()
        val loop =
            AsyncioProvider.get().runningLoop() as EventLoopImpl? ?: throw IllegalStateException(
                "No running event loop in thread ${Thread.currentThread().name}: a Connector belongs to the loop" +
                    " in which it is made. Make it in a coroutine, for example inside Asyncio.run(() -> …)",
            )
        val host =
            loop.host as? VertxHost ?: error(
                "$loop does not live on Vert.x, which a Connector needs." +
                    " (A test that needs one has to run in real time.)",
            )
        return ConnectorImpl(loop, host, settings)
    }
}
