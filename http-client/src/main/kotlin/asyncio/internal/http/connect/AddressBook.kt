package asyncio.internal.http.connect

import asyncio.Future
import asyncio.Task
import asyncio.http.ClientConnectionException
import asyncio.http.ClientConnectorDnsException
import asyncio.http.Resolver
import asyncio.internal.http.message.reason
import asyncio.internal.run.EventLoopImpl
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import io.netty.util.NetUtil
import java.net.InetAddress
import java.net.UnknownHostException
import java.time.Duration
import java.util.concurrent.ConcurrentLinkedQueue

/**
 * The addresses of hosts: asks the resolver, and keeps its answers for a while. A host is looked up once however many
 * want it at that moment, and on behalf of all of them: cancelling one does not cancel it. Used on the context's thread.
 */
internal class AddressBook(
    private val loop: EventLoopImpl,
    private val settings: ConnectorSettings,
) {
    private val resolver: Resolver = settings.resolver ?: SystemResolver

    private data class Peer(
        val host: String,
        val port: Int,
    )

    private class Entry(
        val addresses: List<InetAddress>,
        val expires: Duration?,
    ) {
        private var first = 0

        /** All of them, each time beginning with the next one. */
        fun next(): List<InetAddress> {
            val start = first
            first = (start + 1) % addresses.size
            return if (start == 0) addresses else addresses.drop(start) + addresses.take(start)
        }
    }

    /** A look-up under way. */
    private class LookUp {
        val waiters = ArrayList<Future<List<InetAddress>>>()
        lateinit var task: Task<Unit>
        var isBegun = false
    }

    /** The one asked for last is at the end. */
    private val entries = LinkedHashMap<Peer, Entry>(16, 0.75f, true)
    private val lookUps = HashMap<Peer, LookUp>()
    private var closed = false

    /** What is to be forgotten before the next answer; [EVERY] for all. */
    private val forgotten = ConcurrentLinkedQueue<Peer>()

    /**
     * The addresses to try for [host], in this order.
     *
     * @throws ClientConnectorDnsException if there are none
     */
    suspend fun find(
        host: String,
        port: Int,
        listener: ConnectListener?,
    ): List<InetAddress> {
        val literal =
            try {
                literal(host)
            } catch (error: UnknownHostException) {
                throw ClientConnectorDnsException(host, port, "Cannot resolve host $host: ${reason(error)}", error)
            }
        literal?.let { address ->
            if (address fits settings.family) return listOf(address)
            throw ClientConnectorDnsException(host, port, "$host is not an ${settings.family} address", null)
        }
        val peer = Peer(host, port)
        if (!settings.useDnsCache) return lookUp(peer, listener)
        known(peer)?.let { addresses ->
            listener?.cacheHit(host)
            return addresses
        }
        val underway = lookUps[peer]
        if (underway != null) {
            val addresses = underway.await()
            listener?.cacheHit(host)
            return addresses
        }
        listener?.cacheMiss(host)
        return lookUp(peer, listener)
    }

    /** Holds for all requests from now on. May be called on any thread. */
    fun clear() {
        forgotten.add(EVERY)
    }

    fun clear(
        host: String,
        port: Int,
    ) {
        forgotten.add(Peer(host, port))
    }

    private fun forget() {
        while (true) {
            val peer = forgotten.poll() ?: return
            if (peer === EVERY) entries.clear() else entries.remove(peer)
        }
    }

    fun close() {
        if (closed) return
        closed = true
        entries.clear()
        for (lookUp in lookUps.values.toList()) lookUp.task.cancel()
        settings.resolver?.close()
    }

    private fun known(peer: Peer): List<InetAddress>? {
        forget()
        val entry = entries[peer] ?: return null
        if (entry.expires == null || loop.time() < entry.expires) return entry.next()
        entries.remove(peer)
        return null
    }

    private suspend fun lookUp(
        peer: Peer,
        listener: ConnectListener?,
    ): List<InetAddress> {
        val lookUp = LookUp()
        if (settings.useDnsCache) lookUps[peer] = lookUp
        listener?.dnsStart(peer.host)
        lookUp.task = loop.createTask(coroutine { resolve(peer, lookUp) }, "look-up of ${peer.host}")
        // A task that is cancelled before its first step does nothing; later requests would wait for it.
        lookUp.task.addDoneCallback { if (!lookUp.isBegun) ended(peer, lookUp, emptyList(), asyncio.CancelledError()) }
        try {
            val addresses = lookUp.await()
            listener?.dnsEnd(peer.host)
            return addresses
        } finally {
            // No other request can use it.
            if (!settings.useDnsCache) lookUp.task.cancel()
        }
    }

    private suspend fun LookUp.await(): List<InetAddress> {
        val waiter = loop.createFuture<List<InetAddress>>()
        waiters.add(waiter)
        try {
            return await(waiter)
        } finally {
            waiters.remove(waiter)
        }
    }

    /** Raises nothing, because perhaps no request waits any more. */
    private suspend fun resolve(
        peer: Peer,
        lookUp: LookUp,
    ) {
        lookUp.isBegun = true
        var addresses = emptyList<InetAddress>()
        var failure: Throwable? = null
        try {
            addresses =
                await(resolver.resolve(peer.host, peer.port, settings.family)).filter { it fits settings.family }
        } catch (error: Throwable) {
            failure = error
        }
        ended(peer, lookUp, addresses, failure)
        if (failure is asyncio.CancelledError) throw failure
    }

    private fun ended(
        peer: Peer,
        lookUp: LookUp,
        addresses: List<InetAddress>,
        failure: Throwable?,
    ) {
        lookUps.remove(peer, lookUp)
        if (failure == null && addresses.isNotEmpty() && settings.useDnsCache && !closed) keep(peer, addresses)
        for (waiter in lookUp.waiters.toList()) {
            if (waiter.done()) continue
            when {
                failure is Error && failure !is asyncio.CancelledError -> waiter.setException(failure)
                addresses.isEmpty() -> waiter.setException(dnsFailure(peer, failure))
                else -> waiter.setResult(entries[peer]?.next() ?: addresses)
            }
        }
    }

    private fun keep(
        peer: Peer,
        addresses: List<InetAddress>,
    ) {
        entries[peer] = Entry(addresses, settings.ttlDnsCache?.let { loop.time() + it })
        if (entries.size > settings.dnsCacheMaxSize) entries.remove(entries.keys.first())
    }

    private fun dnsFailure(
        peer: Peer,
        cause: Throwable?,
    ): Throwable {
        if (closed) return ClientConnectionException("Cannot connect to ${peer.host}: the connector was closed")
        val why = if (cause == null) "it has no ${familyName()}address" else reason(cause)
        return ClientConnectorDnsException(peer.host, peer.port, "Cannot resolve host ${peer.host}: $why", cause)
    }

    private fun familyName() = if (settings.family == asyncio.http.AddressFamily.ANY) "" else "${settings.family} "

    private companion object {
        val EVERY = Peer("", 0)

        /** The address that [host] is; null if it is a name. */
        fun literal(host: String): InetAddress? {
            val bytes = NetUtil.createByteArrayFromIpAddressString(host) ?: return null
            // The zone tells the interface of this machine; there is no look-up for an address.
            return if ('%' in host) InetAddress.getByName(host) else InetAddress.getByAddress(host, bytes)
        }
    }
}
