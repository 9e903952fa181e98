package asyncio.internal.http.session

import asyncio.CancelledError
import asyncio.Future
import asyncio.Task
import asyncio.http.ClientConnectionException
import asyncio.internal.http.payload.Portions
import asyncio.internal.http.wire.HttpStream
import asyncio.internal.run.EventLoopImpl
import asyncio.internal.vertx.VertxHost
import asyncio.internal.vertx.offer
import asyncio.internal.vertx.onContext
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import asyncio.kotlin.sleep
import kotlin.time.Duration

/**
 * Sends the portions of a request's body, each when the connection has room for it, in a task of its own: a server may
 * answer before it has the whole body.
 */
internal class Upload(
    private val loop: EventLoopImpl,
    private val host: VertxHost,
    private val portions: Portions,
    private val stream: HttpStream,
    private val listener: Listener,
) {
    /** All calls but [told] are on the context's thread. */
    interface Listener {
        fun portionSent(bytes: Int)

        /** Waits until trace configs have heard of all that was told. In the task of the upload. */
        suspend fun told()

        fun uploadEnded()

        fun uploadFailed(error: Throwable)
    }

    private var drained: Future<Unit>? = null
    private var task: Task<Unit>? = null
    private var begun = false

    fun start(name: String) {
        stream.onDrain {
            drained?.let { loop.offer(it, Unit) }
        }
        task = loop.createTask(coroutine { run() }, name)
    }

    fun stop() {
        task?.cancel()
        if (begun || loop.isClosed) return
        // The task that would close the portions has never started.
        begun = true
        loop.createTask(coroutine { portions.close() }, "end of an upload")
    }

    private suspend fun run() {
        begun = true
        try {
            send()
        } catch (error: CancelledError) {
            // After stop() nothing waits for this. If other code cancelled the task, the request must not hang.
            fail(ClientConnectionException("Sending the body was cancelled", error))
            throw error
        } catch (error: Throwable) {
            fail(error)
        } finally {
            portions.close()
        }
    }

    private fun fail(error: Throwable): Unit = host.execute { listener.uploadFailed(error) }

    private suspend fun send() {
        var unbroken = 0
        var left = portions.size
        // Where the size is known, the last byte is the end: what is sent here may go on for a while, or not tell its end.
        if (left == 0L) end()
        while (true) {
            listener.told()
            val portion = portions.next() ?: break
            unbroken += portion.size + PORTION_COST
            if (!loop.onContext(host) { write(portion) }) {
                unbroken = 0
                await(drained!!)
            } else if (unbroken > UNBROKEN) {
                // If portions never wait, no other task would run, and a lost connection would not be noticed.
                unbroken = 0
                sleep(Duration.ZERO)
            }
            if (left >= 0) {
                left -= portion.size
                if (left == 0L) end()
            }
        }
        if (left != 0L) end()
    }

    private suspend fun end() {
        loop.onContext(host) {
            stream.end()
            listener.uploadEnded()
        }
    }

    /** Gives whether there is room for more; if not, [drained] tells when. */
    private fun write(portion: ByteArray): Boolean {
        stream.write(portion, isLast = false)
        listener.portionSent(portion.size)
        if (stream.isWritable) return true
        drained = loop.createFuture()
        return false
    }

    private companion object {
        const val UNBROKEN = 256 * 1024

        /** The cost of sending a portion beside its bytes, as a number of bytes. */
        const val PORTION_COST = 256
    }
}
