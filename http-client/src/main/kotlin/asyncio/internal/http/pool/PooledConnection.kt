package asyncio.internal.http.pool

import asyncio.internal.http.wire.HeadGuard
import asyncio.internal.vertx.VertxHost
import io.vertx.core.Future
import io.vertx.core.http.HttpVersion
import io.vertx.core.http.impl.HttpClientConnection
import io.vertx.core.http.impl.HttpClientStream

/**
 * A connection of the pool; touched on the context's thread only.
 *
 * ```
 * IN USE --last user leaves--> IDLE --taken--> IN USE
 *    each of them --closed, broken, or going away--> not open: nobody gets it any more
 * ```
 *
 * With HTTP/1.1 it has one user at a time, with HTTP/2 as many as the server allows.
 */
internal class PooledConnection(
    private val pool: ConnectionPool,
    private val host: VertxHost,
    val peer: ConnectionPool.Peer,
    val http: HttpClientConnection,
    /** For how many nanoseconds it may be idle. */
    var idleLimit: Long,
) {
    val multiplexed = http.protocolVersion() == HttpVersion.HTTP_2

    /** Looks at what an HTTP/1.1 server sends. */
    val guard: HeadGuard? = if (multiplexed) null else HeadGuard().also(::insert)

    /** Who uses it. */
    private var only: ConnectionWaiter? = null
    private val several: LinkedHashSet<ConnectionWaiter>? = if (multiplexed) LinkedHashSet() else null

    /** Whether it has served a request before. */
    var used = false
    var idleSince = 0L

    /** Whether it can take requests. */
    var open = true
        private set

    init {
        http.evictionHandler { retire() }
        http.closeHandler { lose() }
        // What goes wrong is told to the request; without this it would be logged as well.
        http.exceptionHandler {}
        if (multiplexed) http.concurrencyChangeHandler { pool.serveQueue() }
        // It may have ended before anybody listened.
        if (!http.channelHandlerContext().channel().isActive) open = false
    }

    private fun insert(guard: HeadGuard) {
        http.channelHandlerContext().pipeline().addBefore("codec", "guard", guard)
    }

    val isIdle: Boolean get() = only == null && several.isNullOrEmpty()

    val hasRoom: Boolean
        get() = open && (several == null && only == null || several != null && several.size < http.concurrency())

    fun enter(user: ConnectionWaiter) {
        if (several == null) only = user else several.add(user)
    }

    fun leave(user: ConnectionWaiter) {
        if (several == null) only = null else several.remove(user)
    }

    fun users(): List<ConnectionWaiter> = several?.toList() ?: listOfNotNull(only)

    fun newStream(): Future<HttpClientStream> = http.createStream(host.context)

    /**
     * Stops or resumes reading from the socket. Vert.x's own pause keeps what it has received in a queue, and forgets that
     * queue when the other side closes the connection meanwhile.
     */
    fun reading(on: Boolean) {
        http
            .channelHandlerContext()
            .channel()
            .config()
            .isAutoRead = on
    }

    fun isTooOld(now: Long) = now - idleSince >= idleLimit

    /** No more requests; those that are under way may end. */
    private fun retire() {
        if (!open) return
        open = false
        pool.retired(this)
    }

    private fun lose() {
        open = false
        pool.lost(this)
    }

    fun close() {
        open = false
        http.close()
    }
}
