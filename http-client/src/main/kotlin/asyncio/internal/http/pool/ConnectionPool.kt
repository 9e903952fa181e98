package asyncio.internal.http.pool

import asyncio.CancelledError
import asyncio.Task
import asyncio.TimerHandle
import asyncio.http.ClientConnectionException
import asyncio.internal.http.connect.ConnectionKey
import asyncio.internal.http.connect.Transport
import asyncio.internal.http.wire.HttpConnection
import asyncio.internal.run.EventLoopImpl
import asyncio.internal.vertx.VertxHost
import asyncio.kotlin.coroutine
import java.time.Duration

/**
 * The connections of a connector. The transport opens them. The pool decides which connection serves which request,
 * how many may be in use, and how long they are kept: aiohttp's limits span all hosts, and its keep-alive follows the
 * loop's clock.
 *
 * A *slot* is the right to use one connection; a connect holds one already. With HTTP/2 many requests share one
 * connection and its slot. Everything here runs on the context's thread.
 *
 * Before a first connection is open, it is not known whether a server with TLS speaks HTTP/2. So the first connect
 * explores the destination, and other requests wait for its result instead of opening connections of their own:
 *
 * ```
 * multiplexes  exploring
 * null         false      unknown: the next connect explores; at once `false` if only HTTP/1.1 is possible
 * null, true   true       a connect is under way: requests wait for it, or for room on a shared connection
 * true         false      HTTP/2: requests share; if no connection has room, one more connect explores
 * false        false      HTTP/1.1, or the last connect failed: each request connects for itself
 * ```
 */
internal class ConnectionPool(
    private val loop: EventLoopImpl,
    private val host: VertxHost,
    private val transport: Transport,
    private val limits: Limits,
) {
    /** 0 is no limit; [keepAlive] of zero keeps no connection. */
    class Limits(
        val total: Int,
        val perHost: Int,
        val keepAlive: Duration,
    )

    private val destinations = HashMap<ConnectionKey, Destination>()
    private val connections = LinkedHashSet<PooledConnection>()
    private val attempts = LinkedHashSet<ConnectAttempt>()

    /** The requests that wait for a slot, the oldest first. */
    private val queue = LinkedHashSet<ConnectionWaiter>()
    private val watch = QueueWatch(loop, host, queue) { connections.flatMap(PooledConnection::users) }
    private var slotsInUse = 0
    private var sweepTimer: TimerHandle? = null
    private var serving = false
    private var closed = false

    /** For tests: how many connections there are, idle ones among them, connects under way, and waiting requests. */
    data class Counts(
        val open: Int,
        val idle: Int,
        val connecting: Int,
        val queued: Int,
        val slotsInUse: Int,
    )

    fun counts() = Counts(connections.size, connections.count { it.isIdle }, attempts.size, queue.size, slotsInUse)

    /** The connections to one destination. The idle connections that were used last are at the end. */
    inner class Destination(
        val key: ConnectionKey,
    ) {
        val idle = ArrayDeque<PooledConnection>()

        /** Connections of HTTP/2; they are not among the idle ones. */
        val shared = ArrayList<PooledConnection>(1)
        var slotsInUse = 0

        /** Whether a connect is under way that may give a connection for several requests. */
        var exploring = false

        /** Whether the server speaks HTTP/2; null if that is not known. */
        var multiplexes: Boolean? = if (transport.mayMultiplex(key)) null else false

        val isUnused get() = slotsInUse == 0 && idle.isEmpty() && shared.isEmpty() && !exploring
    }

    /** A connect under way. It is cancelled when its request is. */
    inner class ConnectAttempt(
        private val destination: Destination,
        val waiter: ConnectionWaiter,
    ) {
        private lateinit var task: Task<Unit>

        fun start() {
            waiter.connectAttempt = this
            attempts.add(this)
            if (destination.multiplexes != false) destination.exploring = true
            waiter.connecting()
            task = loop.createTask(coroutine { connect() }, "connect to ${destination.key}")
        }

        private suspend fun connect() {
            val connection =
                try {
                    transport.open(destination.key, waiter.timeout, waiter.connectListener)
                } catch (error: CancelledError) {
                    // Called off; or the loop ends and cancels all that there is.
                    val told = ClientConnectionException("Connecting to ${destination.key} was cancelled", error)
                    host.execute { refuse(told) }
                    throw error
                } catch (error: Throwable) {
                    return host.execute { refuse(error) }
                }
            host.execute { if (finish()) succeed(connection) else connection.close() }
        }

        private fun refuse(error: Throwable) {
            if (!finish()) return
            // Falls back to one connection per request, so that the waiting requests do not fail one after the other.
            destination.multiplexes = false
            freeSlot(destination)
            waiter.refused(error)
            serveQueue()
            queueUp(destination)
        }

        fun abandon() {
            if (!finish()) return
            task.cancel()
            freeSlot(destination)
            serveQueue()
            queueUp(destination)
        }

        fun sessionClosed() {
            waiter.sessionClosed()
        }

        private fun finish(): Boolean {
            if (!attempts.remove(this)) return false
            waiter.connectAttempt = null
            destination.exploring = false
            return true
        }

        private fun succeed(http: HttpConnection) {
            val connection = PooledConnection(this@ConnectionPool, destination, http, limits.keepAlive.toNanos())
            connections.add(connection)
            destination.multiplexes = connection.multiplexed
            if (connection.multiplexed) destination.shared.add(connection)
            connection.enter(waiter)
            waiter.connected(connection)
            serveQueue()
            queueUp(destination)
        }
    }

    /** Gets a connection for [waiter], now or later. */
    fun acquire(waiter: ConnectionWaiter) {
        if (closed) return waiter.sessionClosed()
        val destination = destinationOf(waiter)
        if (canServe(destination, waiter)) {
            serve(destination, waiter)
        } else {
            queue.add(waiter)
            watch.queued()
            // Waiting for a connection that is being made is not waiting for one to become free.
            if (!destination.exploring) {
                waiter.isQueued = true
                waiter.queued()
            }
        }
    }

    /** Ends the waiting of one that has no connection yet. */
    fun withdraw(waiter: ConnectionWaiter) {
        val attempt = waiter.connectAttempt
        val check = waiter.idleCheck
        if (attempt != null) {
            attempt.abandon()
        } else if (check != null) {
            check.abandon()
        } else if (queue.remove(waiter)) {
            leaveQueue(waiter)
            destinations[waiter.key]?.let(::forgetIfUnused)
        }
    }

    /** Takes a connection back from [user]; it is closed unless it is [reusable]. */
    fun release(
        connection: PooledConnection,
        user: ConnectionWaiter,
        reusable: Boolean,
    ) {
        connection.leave(user)
        val destination = connection.destination
        connection.used = true
        if (!reusable || !connection.open || closed) {
            if (connection.isIdle || !connection.multiplexed) drop(connection)
        }
        if (connection.isIdle) {
            if (connection.open) keep(destination, connection)
            freeSlot(destination)
        }
        serveQueue()
    }

    private fun keep(
        destination: Destination,
        connection: PooledConnection,
    ) {
        if (connection.idleLimit <= 0) return drop(connection)
        connection.idleSince = now()
        if (!connection.multiplexed) destination.idle.addLast(connection)
        if (sweepTimer == null) sweepAfter(limits.keepAlive.toNanos())
    }

    /** [connection] takes no more requests. */
    fun retired(connection: PooledConnection) {
        val destination = connection.destination
        destination.shared.remove(connection)
        destination.idle.remove(connection)
        if (connection.isIdle) drop(connection)
        forgetIfUnused(destination)
        serveQueue()
    }

    /** The other side closed [connection], or it broke; its users are told by their streams. */
    fun lost(connection: PooledConnection) {
        if (connections.remove(connection)) retired(connection)
    }

    /** Ends all that is under way, and closes all connections. */
    fun close() {
        if (closed) return
        closed = true
        queue.toList().forEach(ConnectionWaiter::sessionClosed)
        attempts.toList().forEach(ConnectAttempt::sessionClosed)
        for (connection in connections.toList()) {
            connection.users().forEach(ConnectionWaiter::sessionClosed)
            drop(connection)
        }
        destinations.clear()
        sweepTimer?.cancel()
        sweepTimer = null
        watch.close()
    }

    private fun hasSlot(destination: Destination) =
        (limits.total == 0 || slotsInUse < limits.total) &&
            (limits.perHost == 0 || destination.slotsInUse < limits.perHost)

    private fun canServe(
        destination: Destination,
        waiter: ConnectionWaiter,
    ): Boolean {
        if (!waiter.wantsNew) {
            val shared = sharedBy(destination)
            if (shared.any { it.hasRoom && !it.isIdle }) return true
            if (shared.any { it.hasRoom } && shared !== destination.shared) return hasSlot(shared[0].destination)
            if (shared.any { it.isChecking } && shared.none { it.hasRoom }) return false
        }
        return !destination.exploring && hasSlot(destination)
    }

    private fun serve(
        destination: Destination,
        waiter: ConnectionWaiter,
    ) {
        watch.served()
        val shared = if (waiter.wantsNew) null else shareable(destination)
        if (shared != null) {
            if (shared.isIdle) takeSlot(shared.destination)
            hand(shared, waiter)
            return
        }
        takeSlot(destination)
        val idle = if (waiter.wantsNew) null else takeIdle(destination)
        when {
            idle == null -> ConnectAttempt(destination, waiter).start()
            idle.isFresh -> hand(idle, waiter)
            else -> IdleCheck(this, idle, waiter).start()
        }
    }

    /** All that was in the socket of [connection] was received, while it waited for [waiter]. */
    fun checked(
        connection: PooledConnection,
        waiter: ConnectionWaiter,
    ) {
        if (connection.open && connection.http.isReusable) return waiter.connected(connection)
        connection.leave(waiter)
        drop(connection)
        freeSlot(connection.destination)
        serve(destinationOf(waiter), waiter)
    }

    /** One that is in use already, if possible: it takes no slot. */
    private fun shareable(destination: Destination): PooledConnection? {
        val shared = sharedBy(destination)
        for (i in shared.indices) if (shared[i].hasRoom && !shared[i].isIdle) return shared[i]
        for (i in shared.indices) if (shared[i].hasRoom) return shared[i]
        return null
    }

    /** The connections of HTTP/2 for [destination]; those for a WebSocket are of the server's other requests (RFC 8441). */
    private fun sharedBy(destination: Destination): List<PooledConnection> {
        val key = destination.key
        if (!key.webSocket) return destination.shared
        val others = destinations[key.copy(webSocket = false)] ?: return destination.shared
        if (others.shared.none { it.http.takesProtocols }) return destination.shared
        return others.shared.filter { it.http.takesProtocols }
    }

    private fun hand(
        connection: PooledConnection,
        waiter: ConnectionWaiter,
    ) {
        connection.enter(waiter)
        waiter.connected(connection)
    }

    /** The one that was used last, so that the others can grow old. */
    private fun takeIdle(destination: Destination): PooledConnection? {
        if (destination.idle.isEmpty()) return null
        val now = now()
        while (true) {
            val connection = destination.idle.removeLastOrNull() ?: return null
            if (connection.open && !connection.isTooOld(now)) return connection
            drop(connection)
        }
    }

    private fun takeSlot(destination: Destination) {
        slotsInUse++
        destination.slotsInUse++
    }

    private fun freeSlot(destination: Destination) {
        slotsInUse--
        destination.slotsInUse--
        forgetIfUnused(destination)
    }

    /** Gives connections to the waiting requests, the oldest first. */
    fun serveQueue() {
        // A request that gets a connection may fail at once and call this again.
        if (serving || queue.isEmpty() || closed) return
        serving = true
        try {
            while (true) {
                val waiter = nextServable() ?: break
                queue.remove(waiter)
                leaveQueue(waiter)
                serve(destinationOf(waiter), waiter)
            }
        } finally {
            serving = false
        }
    }

    private fun leaveQueue(waiter: ConnectionWaiter) {
        if (!waiter.isQueued) return
        waiter.isQueued = false
        waiter.dequeued()
    }

    /** The requests that waited for a connect that has ended wait for a slot now. */
    private fun queueUp(destination: Destination) {
        if (destination.exploring || closed) return
        for (waiter in queue.toList()) {
            if (waiter.isQueued || waiter.key != destination.key || waiter !in queue) continue
            waiter.isQueued = true
            waiter.queued()
        }
    }

    private fun nextServable(): ConnectionWaiter? {
        val full = limits.total != 0 && slotsInUse >= limits.total
        if (full && destinations.values.none { it.shared.isNotEmpty() }) return null
        return queue.firstOrNull { canServe(destinationOf(it), it) }
    }

    private fun destinationOf(waiter: ConnectionWaiter) = destinations.getOrPut(waiter.key) { Destination(waiter.key) }

    private fun forgetIfUnused(destination: Destination) {
        if (destination.isUnused) destinations.remove(destination.key, destination)
    }

    private fun drop(connection: PooledConnection) {
        connections.remove(connection)
        connection.destination.shared.remove(connection)
        connection.close()
    }

    private fun sweepAfter(nanos: Long) {
        if (loop.isClosed) return
        sweepTimer = loop.callLater(Duration.ofNanos(nanos)) { host.execute(::sweep) }
    }

    /** Closes the connections that were idle for too long. */
    private fun sweep() {
        sweepTimer = null
        if (closed) return
        val now = now()
        var next = Long.MAX_VALUE
        for (connection in connections.toList()) {
            if (!connection.isIdle) continue
            if (connection.isTooOld(now)) {
                connection.destination.idle.remove(connection)
                drop(connection)
                forgetIfUnused(connection.destination)
            } else {
                next = minOf(next, connection.idleSince + connection.idleLimit - now)
            }
        }
        if (next != Long.MAX_VALUE) sweepAfter(next)
    }

    private fun now() = loop.time().toNanos()
}
