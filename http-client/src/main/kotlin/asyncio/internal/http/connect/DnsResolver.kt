package asyncio.internal.http.connect

import asyncio.Coroutine
import asyncio.http.AddressFamily
import asyncio.http.Resolver
import asyncio.internal.run.EventLoopImpl
import asyncio.internal.vertx.VertxHost
import asyncio.internal.vertx.awaitVertx
import asyncio.internal.vertx.onContext
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import asyncio.spi.AsyncioProvider
import io.vertx.core.Future
import io.vertx.core.dns.DnsClientOptions
import io.vertx.core.dns.DnsException
import io.vertx.core.dns.DnsResponseCode
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.UnknownHostException

/** Asks name servers with the DNS client of Vert.x. */
internal class DnsResolver(
    private val nameServers: List<InetSocketAddress>,
) : Resolver {
    init {
        require(nameServers.isNotEmpty()) { "A resolver needs at least one name server" }
        for (server in nameServers) {
            require(
                !server.isUnresolved,
            ) { "The address of a name server is not resolved: $server" }
        }
    }

    override fun resolve(
        host: String,
        port: Int,
        family: AddressFamily,
    ): Coroutine<List<InetAddress>> = coroutine { ask(host, family) }

    private suspend fun ask(
        host: String,
        family: AddressFamily,
    ): List<InetAddress> {
        val loop = AsyncioProvider.get().runningLoop() as EventLoopImpl
        val vertxHost = loop.host as VertxHost
        var failure: Throwable? = null
        for (server in nameServers) {
            try {
                val answers = loop.onContext(vertxHost) { ask(vertxHost, server, host, family) }
                return addresses(answers, loop, vertxHost, host)
            } catch (unknown: UnknownHostException) {
                throw unknown
            } catch (error: Exception) {
                if (failure == null) failure = error else failure.addSuppressed(error)
            }
        }
        throw failure!!
    }

    private fun ask(
        vertxHost: VertxHost,
        server: InetSocketAddress,
        host: String,
        family: AddressFamily,
    ): List<Future<List<String>>> {
        val options = DnsClientOptions().setHost(server.address.hostAddress).setPort(server.port)
        val client = vertxHost.vertx.createDnsClient(options)
        val asked = ArrayList<Future<List<String>>>()
        if (family != AddressFamily.IPV6) asked.add(client.resolveA(host))
        if (family != AddressFamily.IPV4) asked.add(client.resolveAAAA(host))
        // If it were closed earlier, it would log the failure of its queries.
        Future.join(asked).onComplete { _, _ -> client.close() }
        return asked
    }

    private suspend fun addresses(
        asked: List<Future<List<String>>>,
        loop: EventLoopImpl,
        vertxHost: VertxHost,
        host: String,
    ): List<InetAddress> {
        val found = ArrayList<InetAddress>()
        var failure: Throwable? = null
        for (answer in asked) {
            try {
                for (address in loop.awaitVertx(vertxHost, answer)) found.add(InetAddress.getByName(address))
            } catch (error: DnsException) {
                if (error.code() != DnsResponseCode.NXDOMAIN) failure = error
            } catch (error: Exception) {
                failure = error
            }
        }
        // One kind of address is enough, even if the other one cannot be asked for.
        if (found.isEmpty()) throw failure ?: UnknownHostException("$host is not known to the name servers")
        return found
    }

    override fun toString(): String = "<Resolver with $nameServers>"
}
