package asyncio.internal.http.session

import asyncio.internal.http.wire.HttpStream
import asyncio.internal.http.wire.Pipe
import io.netty.buffer.ByteBuf

/** A stream of HTTP/2 that carries another protocol (RFC 8441). The exchange gives it what the stream receives. */
internal class StreamPipe(
    private val stream: HttpStream,
    /** The stream is not needed any more. */
    private val leave: () -> Unit,
) : Pipe {
    private var user: Pipe.User? = null
    private var isOver = false

    /** Told as soon as the stream has room again. */
    private val waiting = ArrayList<(Boolean) -> Unit>()

    init {
        stream.reading(false)
        stream.onDrain { tell(true) }
    }

    override fun listen(user: Pipe.User) {
        this.user = user
    }

    fun received(
        buffer: ByteBuf,
        from: Int,
        size: Int,
    ) {
        user?.received(buffer.copy(from, size))
    }

    /** The stream has ended, by the server or because it broke. */
    fun ended(cause: Throwable?) {
        if (isOver) return
        isOver = true
        tell(false)
        user?.closed(cause)
    }

    override fun reading(on: Boolean): Unit = stream.reading(on)

    override fun write(
        frames: List<ByteArray>,
        done: (Boolean) -> Unit,
    ) {
        if (isOver) return done(false)
        for (frame in frames) stream.write(frame, isLast = false)
        if (stream.isWritable) done(true) else waiting.add(done)
    }

    private fun tell(isSent: Boolean) {
        val told = waiting.toList()
        waiting.clear()
        told.forEach { it(isSent) }
    }

    override fun endOutput(lingers: Boolean): Boolean {
        stream.end()
        return true
    }

    override fun close() {
        if (isOver) return
        // What was sent before is to be seen before the reset.
        stream.end()
        leave()
        ended(null)
    }
}
