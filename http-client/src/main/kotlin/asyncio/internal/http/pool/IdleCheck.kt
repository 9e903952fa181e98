package asyncio.internal.http.pool

/**
 * A look at a connection of HTTP/1.1 that was idle for a while, before a request is sent on it. If the loop was busy
 * meanwhile, the end of the connection may wait in the socket, or a response that would be taken for that of the request.
 * On the context's thread.
 */
internal class IdleCheck(
    private val pool: ConnectionPool,
    private val connection: PooledConnection,
    private val waiter: ConnectionWaiter,
) {
    private var over = false

    fun start() {
        waiter.idleCheck = this
        connection.enter(waiter)
        connection.http.afterArrivals { if (finish()) pool.checked(connection, waiter) }
    }

    /** The request is not to be sent. */
    fun abandon() {
        if (finish()) pool.release(connection, waiter, reusable = true)
    }

    private fun finish(): Boolean {
        if (over) return false
        over = true
        waiter.idleCheck = null
        return true
    }
}
