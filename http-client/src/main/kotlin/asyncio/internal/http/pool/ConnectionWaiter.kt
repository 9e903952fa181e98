package asyncio.internal.http.pool

import asyncio.http.ClientTimeout
import asyncio.internal.http.connect.ConnectListener
import asyncio.internal.http.connect.ConnectionKey

/** A request for a connection. It gets a connection or an error once, on the context's thread, unless it withdraws. */
internal abstract class ConnectionWaiter {
    abstract val key: ConnectionKey
    abstract val timeout: ClientTimeout

    /** Whether it needs a connection that was not used before. */
    open val wantsNew: Boolean get() = false

    /** Is told the steps of the look-up of the host. */
    open val connectListener: ConnectListener? get() = null

    /** Its response is with the user, who has not closed it and does not read it at the moment. */
    open val isLeftOpen: Boolean get() = false

    /** In debug mode where it was sent. */
    open val madeAt: List<StackTraceElement>? get() = null

    /** For people. */
    abstract fun describe(): String

    /** The connect for this request. */
    @JvmField var connectAttempt: ConnectionPool.ConnectAttempt? = null

    /** The look at the connection for this request. */
    @JvmField var idleCheck: IdleCheck? = null

    /** Whether [queued] was called. */
    @JvmField var isQueued = false

    /** No connection is free. */
    open fun queued() {}

    /** The wait is over: a connection is made, or was taken, for this one. */
    open fun dequeued() {}

    open fun connecting() {}

    abstract fun connected(connection: PooledConnection)

    abstract fun refused(error: Throwable)

    /** The session was closed. */
    abstract fun sessionClosed()
}
