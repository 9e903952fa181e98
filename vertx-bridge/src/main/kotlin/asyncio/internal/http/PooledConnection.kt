package asyncio.internal.http

import io.vertx.core.Future
import io.vertx.core.http.HttpClientConnection
import io.vertx.core.http.HttpClientRequest
import io.vertx.core.http.RequestOptions
import io.vertx.core.http.impl.UnpooledHttpClientConnection
import io.vertx.core.net.impl.ConnectionBase

/** A connection of the pool; touched on the context's thread only. */
internal class PooledConnection(
    private val pool: ConnectionPool,
    val peer: ConnectionPool.Peer,
    private val http: HttpClientConnection,
    /** For how many nanoseconds it may be idle. */
    var idleLimit: Long,
) {
    /** Who uses it; null while it is idle. */
    var user: ConnectionWaiter? = null

    /** Whether it has served a request before. */
    var used = false
    var idleSince = 0L
    var open = true
        private set

    init {
        http.closeHandler {
            open = false
            pool.lost(this)
        }
        // What goes wrong is told to the request; without this it would be logged as well.
        http.exceptionHandler {}
    }

    fun request(options: RequestOptions): Future<HttpClientRequest> = http.request(options)

    /**
     * Stops or resumes reading from the socket. Vert.x's own pause keeps what it has received in a queue, and forgets that
     * queue when the other side closes the connection meanwhile.
     */
    fun reading(on: Boolean) {
        val connection = (http as UnpooledHttpClientConnection).unwrap() as ConnectionBase
        connection
            .channelHandlerContext()
            .channel()
            .config()
            .isAutoRead = on
    }

    fun isTooOld(now: Long) = now - idleSince >= idleLimit

    fun close() {
        if (!open) return
        open = false
        http.close()
    }
}
