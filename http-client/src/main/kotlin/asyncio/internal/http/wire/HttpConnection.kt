package asyncio.internal.http.wire

import io.netty.channel.Channel

/**
 * A connection that speaks HTTP/1.1 or HTTP/2. All functions are called on the context's thread, and so are those of the
 * listener.
 */
internal interface HttpConnection {
    interface Listener {
        /** The connection takes no more requests; the server lets the ones under way end. */
        fun retired()

        fun closed()

        /** HTTP/2 only: [concurrency] has changed, or [isChecking] has become false. */
        fun concurrencyChanged()
    }

    fun interface StreamHandler {
        /** Exactly one of the two is null. */
        fun opened(
            stream: HttpStream?,
            cause: Throwable?,
        )
    }

    /** Whether it speaks HTTP/2, so that several streams may be open at once. */
    val isMultiplexed: Boolean

    /** How many streams may be open at once. */
    val concurrency: Long

    /** Whether it is open. */
    val isActive: Boolean

    /** Whether it takes no more requests; see [Listener.retired]. */
    val isRetired: Boolean

    /** HTTP/2 only: whether the server takes an extended CONNECT (RFC 8441). */
    val takesProtocols: Boolean get() = false

    /** HTTP/2 only: whether it waits for the answer to a PING, so that requests wait too. */
    val isChecking: Boolean get() = false

    /**
     * HTTP/1.1: whether the last response has ended with no byte behind it, and the whole of its request has left this
     * process.
     */
    val isReusable: Boolean

    fun listen(listener: Listener)

    /**
     * HTTP/1.1 only: runs [action] after everything was received that has arrived by now. The loop may have been busy for
     * long; a response that nobody asked for, or the end of the connection, may wait in the socket.
     */
    fun afterArrivals(action: Runnable)

    /** Opens a stream; [handler] may be called before this returns. */
    fun openStream(handler: StreamHandler)

    /**
     * HTTP/1.1 only: the channel, after the server has agreed to another protocol. Called while the listener of the stream
     * receives that head: a handler that is added at the end of the pipeline then gets all bytes that follow it.
     */
    fun takeChannel(): Channel

    fun close()
}
