package asyncio.internal.http.wire

import io.netty.buffer.ByteBuf

/**
 * The bytes of a connection, or of a stream of HTTP/2, after the server has agreed to another protocol. All functions are called
 * on the context's thread, and so are those of the user. Nothing is received before [reading] is switched on.
 */
internal interface Pipe {
    interface User {
        /** [data] belongs to the user. */
        fun received(data: ByteBuf)

        /** Nothing is sent or received any more; [cause] if it broke. */
        fun closed(cause: Throwable?)
    }

    fun listen(user: User)

    fun reading(on: Boolean)

    /** Sends [frames], which are not changed afterwards; [done] is told whether they are on their way, once. */
    fun write(
        frames: List<ByteArray>,
        done: (Boolean) -> Unit,
    )

    /**
     * Ends what is sent, so that the other side sees all of it.
     *
     * @param lingers whether the other side may be sending
     * @return false if only [close] tells the other side of the end
     */
    fun endOutput(lingers: Boolean): Boolean

    /** Closes at once. */
    fun close()
}
