package asyncio.internal.http.pool

import asyncio.internal.http.wire.HttpConnection

/**
 * A connection of the pool; touched on the context's thread only.
 *
 * ```
 * IN USE --last user leaves--> IDLE --taken--> IN USE        (by way of an IdleCheck, if it was idle for a while)
 *    each of them --closed, broken, or going away--> not open: no request gets it any more
 * ```
 *
 * With HTTP/1.1 it has one user at a time, with HTTP/2 as many as the server allows.
 */
internal class PooledConnection(
    private val pool: ConnectionPool,
    val destination: ConnectionPool.Destination,
    val http: HttpConnection,
    /** For how many nanoseconds it may be idle. */
    var idleLimit: Long,
) : HttpConnection.Listener {
    val multiplexed = http.isMultiplexed

    /** The users of the connection. */
    private var only: ConnectionWaiter? = null
    private val several: LinkedHashSet<ConnectionWaiter>? = if (multiplexed) LinkedHashSet() else null

    /** Whether it has served a request before. */
    var used = false
    var idleSince = 0L

    /** By the machine's clock, not the loop's. */
    private var releasedAt = 0L

    /** Whether it can take requests. */
    var open = true
        private set

    init {
        http.listen(this)
        // It may have ended before this listened.
        if (!http.isActive || http.isRetired) open = false
    }

    val isIdle: Boolean get() = only == null && several.isNullOrEmpty()

    /** Whether it is not known if the server still answers; it will be soon. */
    val isChecking: Boolean get() = open && http.isChecking

    val hasRoom: Boolean
        get() =
            when {
                !open || http.isChecking -> false
                several == null -> only == null
                else -> several.size < http.concurrency
            }

    fun enter(user: ConnectionWaiter) {
        if (several == null) only = user else several.add(user)
    }

    fun leave(user: ConnectionWaiter) {
        if (several == null) only = null else several.remove(user)
        releasedAt = System.nanoTime()
    }

    fun users(): List<ConnectionWaiter> = several?.toList() ?: listOfNotNull(only)

    fun isTooOld(now: Long) = now - idleSince >= idleLimit

    /** Whether so little time has passed since the last response that nothing can wait in the socket unseen. */
    val isFresh: Boolean get() = multiplexed || System.nanoTime() - releasedAt < FRESH_NANOS

    /** No more requests; the ones under way may end. */
    override fun retired() {
        if (!open) return
        open = false
        pool.retired(this)
    }

    override fun closed() {
        open = false
        pool.lost(this)
    }

    override fun concurrencyChanged(): Unit = pool.serveQueue()

    fun close() {
        open = false
        http.close()
    }

    private companion object {
        const val FRESH_NANOS = 1_000_000L
    }
}
