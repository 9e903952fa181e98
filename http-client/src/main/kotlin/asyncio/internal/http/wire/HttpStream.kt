package asyncio.internal.http.wire

import asyncio.internal.http.message.HeaderFields
import io.netty.buffer.ByteBuf

/**
 * One request and its response on an [HttpConnection]. All functions are called on the context's thread, and so are those
 * of the listener.
 */
internal interface HttpStream {
    interface Listener {
        fun received(head: ResponseHead)

        /** The next portion of the body: [size] bytes of [buffer], which belong to the listener during this call only. */
        fun received(
            buffer: ByteBuf,
            from: Int,
            size: Int,
        )

        /** The response has ended. */
        fun ended(trailers: HeaderFields?)

        /** The connection or the stream failed. */
        fun broke(cause: Throwable)
    }

    /** Whether the connection has room for more bytes. If not, the action of [onDrain] runs as soon as it has. */
    val isWritable: Boolean

    fun listen(listener: Listener)

    /** Sets the action that runs when the server has answered 100 (Continue). */
    fun onContinue(action: Runnable)

    fun onDrain(action: Runnable)

    /** Sends the head of a request without a body. */
    fun writeHead(head: RequestHead)

    /**
     * Sends the head of a request whose body follows.
     *
     * @param chunked whether HTTP/1.1 sends the body in chunks
     */
    fun writeHead(
        head: RequestHead,
        chunked: Boolean,
    )

    /** Sends a whole request. */
    fun writeAll(
        head: RequestHead,
        body: ByteArray,
    )

    fun write(
        bytes: ByteArray,
        isLast: Boolean,
    )

    /** Ends the body. */
    fun end()

    /** Stops or resumes reading. */
    fun reading(on: Boolean)

    /** Ends the stream early. With HTTP/1.1 this closes the connection. */
    fun cancel()
}
