package asyncio.internal.http.pool

import asyncio.http.ClientTimeout
import asyncio.internal.http.connect.ConnectListener
import asyncio.internal.http.connect.ConnectionKey

/** A request for a connection. It gets a connection or an error once, on the context's thread, unless it withdraws. */
internal abstract class ConnectionWaiter {
    abstract val key: ConnectionKey
    abstract val timeout: ClientTimeout

    /** Whether a connection that has served before will not do. */
    open val wantsNew: Boolean get() = false

    /** Hears of the look-up of the host. */
    open val connectListener: ConnectListener? get() = null

    /** The connect that is made for this one. */
    @JvmField var connectAttempt: ConnectionPool.ConnectAttempt? = null

    /** Whether it was told that it is queued. */
    @JvmField var isQueued = false

    /** No connection is free. */
    open fun queued() {}

    /** The wait is over: a connection is made, or was taken, for this one. */
    open fun dequeued() {}

    open fun connecting() {}

    abstract fun connected(connection: PooledConnection)

    /** The connection that this one had is gone. */
    abstract fun connectionLost()

    abstract fun refused(error: Throwable)

    /** The session was closed, whatever this one is doing. */
    abstract fun sessionClosed()
}
