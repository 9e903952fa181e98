package asyncio.internal.http.connect

import asyncio.http.AddressFamily
import asyncio.http.Resolver
import asyncio.http.Tls
import java.net.InetSocketAddress
import java.nio.file.Path
import java.time.Duration

/** The settings of a connector, and their defaults. */
internal data class ConnectorSettings(
    val limit: Int = 100,
    val limitPerHost: Int = 0,
    val keepAlive: Duration = Duration.ofSeconds(15),
    val forceClose: Boolean = false,
    val useDnsCache: Boolean = true,
    val ttlDnsCache: Duration? = Duration.ofSeconds(10),
    val dnsCacheMaxSize: Int = 1000,
    val family: AddressFamily = AddressFamily.ANY,
    val localAddress: InetSocketAddress? = null,
    val resolver: Resolver? = null,
    val happyEyeballsDelay: Duration? = Duration.ofMillis(250),
    val interleave: Int = 1,
    val tls: Tls = TlsImpl.SYSTEM,
    val http2: Boolean = true,
    val http2PriorKnowledge: Boolean = false,
    val http2PingInterval: Duration? = null,
    val unixSocket: Path? = null,
    val tcpKeepAlive: Boolean = true,
    val tcpNoDelay: Boolean = true,
) {
    /** Whether the server of [key], which is spoken to without TLS, is known to speak HTTP/2. */
    fun knowsHttp2(key: ConnectionKey): Boolean = http2PriorKnowledge && !key.ssl && !key.viaProxy && key.mayBeHttp2
}
