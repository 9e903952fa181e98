package asyncio.internal.http.wire

import asyncio.CancelledError
import asyncio.Future
import asyncio.Task
import asyncio.http.ClientConnectionException
import asyncio.internal.http.payload.Portions
import asyncio.internal.loop.EventLoopImpl
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import io.netty.buffer.Unpooled
import io.vertx.core.http.impl.HttpClientStream
import io.vertx.core.internal.buffer.BufferInternal

/**
 * Sends the portions of a request's body, each when the connection has room for it, in a task of its own: a server may
 * answer before it has the whole body.
 */
internal class Upload(
    private val loop: EventLoopImpl,
    private val portions: Portions,
    private val stream: HttpClientStream,
    private val listener: Listener,
) {
    /** All calls are on the context's thread. */
    interface Listener {
        fun portionSent(bytes: Int)

        fun uploadEnded()

        fun uploadFailed(error: Throwable)
    }

    private var drained: Future<Unit>? = null
    private var task: Task<Unit>? = null

    fun start(name: String) {
        stream.drainHandler {
            drained?.let { if (!it.done()) it.setResult(Unit) }
        }
        task = loop.createTask(coroutine { run() }, name)
    }

    fun stop() {
        val task = task
        when {
            task != null -> task.cancel()

            // It was never asked for; but what the body is made of may be open.
            !loop.isClosed -> this.task = loop.createTask(coroutine { portions.close() }, "end of an upload")
        }
    }

    private suspend fun run() {
        try {
            send()
            listener.uploadEnded()
        } catch (error: CancelledError) {
            // Whoever stops this does not wait for it; if somebody else did, the request must not hang.
            listener.uploadFailed(ClientConnectionException("Sending the body was cancelled", error))
            throw error
        } catch (error: Throwable) {
            listener.uploadFailed(error)
        } finally {
            portions.close()
        }
    }

    private suspend fun send() {
        while (true) {
            val portion = portions.next() ?: break
            stream.writeChunk(BufferInternal.buffer(Unpooled.wrappedBuffer(portion)), false)
            listener.portionSent(portion.size)
            if (!stream.isWritable) {
                val future = loop.createFuture<Unit>()
                drained = future
                // It may have drained in between.
                if (!stream.isWritable) await(future)
            }
        }
        stream.writeChunk(null, true)
    }
}
