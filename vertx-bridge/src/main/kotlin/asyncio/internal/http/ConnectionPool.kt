package asyncio.internal.http

import asyncio.http.ClientTimeout
import asyncio.http.ConnectionTimeoutException
import asyncio.internal.loop.EventLoopImpl
import asyncio.internal.vertx.VertxHost
import io.vertx.core.http.HttpClientConnection
import io.vertx.core.http.HttpConnectOptions
import java.time.Duration

/** Who wants a connection. It is called back on the context's thread, once, unless it withdraws before. */
internal abstract class ConnectionWaiter {
    abstract val origin: Origin
    abstract val timeout: ClientTimeout

    /** The connect that is made for this one. */
    @JvmField var attempt: ConnectionPool.Attempt? = null

    abstract fun connected(connection: PooledConnection)

    abstract fun refused(error: Throwable)

    /** The session was closed, whatever this one is doing. */
    abstract fun sessionClosed()
}

/**
 * The connections of a session. Vert.x makes them; which one serves whom, how many may be in use at once and how long they
 * are kept is decided here, because aiohttp's limits span all hosts and its keep-alive follows the loop's clock.
 *
 * A *slot* is the right to use one connection; who connects holds one already. Everything here runs on the context's thread.
 */
internal class ConnectionPool(
    private val loop: EventLoopImpl,
    private val host: VertxHost,
    private val settings: SessionSettings,
) {
    private val connector = Connector(host.vertx, settings.timeout.sockConnect)
    private val peers = HashMap<Origin, Peer>()
    private val connections = LinkedHashSet<PooledConnection>()
    private val attempts = LinkedHashSet<Attempt>()

    /** Those that wait for a slot, the first one first. */
    private val queue = LinkedHashSet<ConnectionWaiter>()
    private var slotsInUse = 0
    private var sweeping = false
    private var closed = false

    /** What there is to one origin; the idle connections that were used last are at the end. */
    inner class Peer(
        val origin: Origin,
    ) {
        val idle = ArrayDeque<PooledConnection>()
        var slotsInUse = 0
    }

    /** A connect under way. Once nobody waits for it, the connection that may still come of it is closed. */
    inner class Attempt(
        private val peer: Peer,
        val waiter: ConnectionWaiter,
    ) {
        private val timer =
            waiter.timeout.sockConnect?.let { limit -> loop.callLater(limit) { host.execute { expire(limit) } } }

        fun start() {
            waiter.attempt = this
            attempts.add(this)
            val origin = peer.origin
            val options = HttpConnectOptions().setHost(origin.host).setPort(origin.port).setSsl(origin.ssl)
            try {
                connector.connect(options, waiter.timeout.sockConnect).onComplete(::ended)
            } catch (error: Exception) {
                ended(null, error)
            }
        }

        fun abandon() {
            if (finish()) freeSlot(peer)
        }

        private fun finish(): Boolean {
            if (!attempts.remove(this)) return false
            timer?.cancel()
            waiter.attempt = null
            return true
        }

        private fun ended(
            connection: HttpClientConnection?,
            cause: Throwable?,
        ) {
            if (!finish()) {
                connection?.close()
            } else if (connection == null) {
                waiter.refused(connectFailure(peer.origin, cause!!))
                freeSlot(peer)
            } else {
                val pooled = PooledConnection(this@ConnectionPool, peer, connection, settings.keepAlive.toNanos())
                connections.add(pooled)
                waiter.connected(pooled)
            }
        }

        private fun expire(limit: Duration) {
            if (!finish()) return
            val message = "Connecting to ${peer.origin} took longer than sockConnect, ${shown(limit)}"
            waiter.refused(ConnectionTimeoutException(message))
            freeSlot(peer)
        }
    }

    /** Gets a connection for [waiter], now or later. */
    fun acquire(waiter: ConnectionWaiter) {
        if (closed) return waiter.sessionClosed()
        val peer = peers.getOrPut(waiter.origin) { Peer(waiter.origin) }
        if (hasSlot() && hasSlot(peer)) {
            serve(peer, waiter)
        } else {
            queue.add(waiter)
            forgetIfUnused(peer)
        }
    }

    /** Gets a new connection in the place of [dead], in the same slot. */
    fun replace(
        dead: PooledConnection,
        waiter: ConnectionWaiter,
    ) {
        drop(dead)
        Attempt(dead.peer, waiter).start()
    }

    /** Ends the waiting of one that has no connection yet. */
    fun withdraw(waiter: ConnectionWaiter) {
        waiter.attempt?.abandon() ?: queue.remove(waiter)
    }

    /** Takes a connection back; it is closed unless it is [reusable]. */
    fun release(
        connection: PooledConnection,
        reusable: Boolean,
    ) {
        connection.user = null
        val peer = connection.peer
        if (reusable && connection.open && connection.idleLimit > 0 && !closed) {
            connection.used = true
            connection.idleSince = now()
            peer.idle.addLast(connection)
        } else {
            drop(connection)
        }
        freeSlot(peer)
        if (!sweeping && peer.idle.isNotEmpty()) sweepAfter(settings.keepAlive.toNanos())
    }

    /** The other side closed [connection], or it broke. */
    fun lost(connection: PooledConnection) {
        connections.remove(connection)
        if (connection.peer.idle.remove(connection)) forgetIfUnused(connection.peer)
    }

    /** Ends all that is under way, and closes all connections. */
    fun close() {
        if (closed) return
        closed = true
        queue.toList().forEach(ConnectionWaiter::sessionClosed)
        attempts.toList().forEach { it.waiter.sessionClosed() }
        for (connection in connections.toList()) connection.user?.sessionClosed() ?: drop(connection)
        peers.clear()
        connector.close()
    }

    private fun hasSlot() = settings.limit == 0 || slotsInUse < settings.limit

    private fun hasSlot(peer: Peer?) =
        settings.limitPerHost == 0 || peer == null || peer.slotsInUse < settings.limitPerHost

    private fun serve(
        peer: Peer,
        waiter: ConnectionWaiter,
    ) {
        slotsInUse++
        peer.slotsInUse++
        val connection = takeIdle(peer)
        if (connection == null) Attempt(peer, waiter).start() else waiter.connected(connection)
    }

    /** The one that was used last, so that the others can grow old. */
    private fun takeIdle(peer: Peer): PooledConnection? {
        if (peer.idle.isEmpty()) return null
        val now = now()
        while (true) {
            val connection = peer.idle.removeLastOrNull() ?: return null
            if (connection.open && !connection.isTooOld(now)) return connection
            drop(connection)
        }
    }

    private fun freeSlot(peer: Peer) {
        slotsInUse--
        peer.slotsInUse--
        if (queue.isNotEmpty() && !closed) serveNext()
        forgetIfUnused(peer)
    }

    private fun serveNext() {
        if (!hasSlot()) return
        val waiter = queue.firstOrNull { hasSlot(peers[it.origin]) } ?: return
        queue.remove(waiter)
        serve(peers.getOrPut(waiter.origin) { Peer(waiter.origin) }, waiter)
    }

    private fun forgetIfUnused(peer: Peer) {
        if (peer.slotsInUse == 0 && peer.idle.isEmpty()) peers.remove(peer.origin, peer)
    }

    private fun drop(connection: PooledConnection) {
        connections.remove(connection)
        connection.close()
    }

    private fun sweepAfter(nanos: Long) {
        if (loop.isClosed) return
        sweeping = true
        loop.callLater(Duration.ofNanos(nanos)) { host.execute(::sweep) }
    }

    /** Closes what was idle for too long. */
    private fun sweep() {
        sweeping = false
        if (closed) return
        val now = now()
        var next = Long.MAX_VALUE
        for (peer in peers.values.toList()) {
            for (connection in peer.idle.toList()) {
                if (connection.isTooOld(now)) {
                    peer.idle.remove(connection)
                    drop(connection)
                } else {
                    next = minOf(next, connection.idleSince + connection.idleLimit - now)
                }
            }
            forgetIfUnused(peer)
        }
        if (next != Long.MAX_VALUE) sweepAfter(next)
    }

    private fun now() = loop.time().toNanos()
}
