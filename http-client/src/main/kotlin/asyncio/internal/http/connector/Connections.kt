package asyncio.internal.http.connector

import asyncio.http.Connector
import asyncio.http.Resolver
import asyncio.http.Tls
import asyncio.internal.http.connect.DnsResolver
import asyncio.internal.http.connect.SystemResolver
import asyncio.internal.http.connect.TlsBuilder
import asyncio.internal.http.connect.TlsImpl
import asyncio.spi.HttpConnections
import java.net.InetSocketAddress

/** Connectors, resolvers and TLS settings, for the public factories. */
internal object Connections : HttpConnections {
    override fun connector(): Connector.Builder = ConnectorBuilder()

    override fun systemResolver(): Resolver = SystemResolver

    override fun dnsResolver(nameServers: List<InetSocketAddress>): Resolver = DnsResolver(nameServers.toList())

    override fun systemTls(): Tls = TlsImpl.SYSTEM

    override fun insecureTls(): Tls = TlsImpl.INSECURE

    override fun tls(): Tls.Builder = TlsBuilder()
}
