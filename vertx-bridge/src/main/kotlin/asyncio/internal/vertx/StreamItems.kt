package asyncio.internal.vertx

import asyncio.Coroutine
import asyncio.Future
import asyncio.StopAsyncIteration
import asyncio.internal.run.EventLoopImpl
import asyncio.internal.task.whenInLoop
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import asyncio.vertx.ReadItems
import io.vertx.core.eventbus.MessageConsumer
import io.vertx.core.streams.ReadStream

/**
 * The items of a stream of Vert.x's, which is paused except for as many items as there is room for here.
 *
 * ```
 * READING --the stream ends, or fails--> ENDED, items may be left --the last one is taken--> at the end
 *    \------close----------------------> CLOSED: what the stream still has is thrown away
 * ```
 */
internal class StreamItems<T>(
    private val loop: EventLoopImpl,
    private val stream: ReadStream<T>,
    private val window: Int,
) : ReadItems<T> {
    private val items = ArrayDeque<T>()

    /** How many items were taken and not asked for again. */
    private var taken = 0
    private var isEnded = false
    private var isClosed = false
    private var failure: Throwable? = null

    /** What the code that waits for an item waits for. */
    private var waiter: Future<Unit>? = null

    init {
        stream.pause()
        stream.exceptionHandler { error -> loop.whenInLoop { ended(error) } }
        stream.endHandler { loop.whenInLoop { ended(null) } }
        stream.handler { item -> loop.whenInLoop { came(item) } }
        stream.fetch(window.toLong())
    }

    override fun anext(): Coroutine<T> = coroutine(::next)

    private suspend fun next(): T {
        while (items.isEmpty()) {
            failure?.let { throw it }
            if (isEnded || isClosed) throw StopAsyncIteration()
            check(waiter == null) { "Another task waits for the next item of this stream already" }
            val waiter = loop.createFuture<Unit>()
            this.waiter = waiter
            try {
                await(waiter)
            } finally {
                this.waiter = null
            }
        }
        val item = items.removeFirst()
        if (++taken >= (window + 1) / 2 && !isEnded) {
            stream.fetch(taken.toLong())
            taken = 0
        }
        return item
    }

    private fun came(item: T) {
        if (isClosed) return Abandoned.release(item)
        items.addLast(item)
        wake()
    }

    private fun ended(error: Throwable?) {
        if (isEnded) return
        isEnded = true
        failure = error
        wake()
    }

    private fun wake() {
        val waiter = waiter ?: return
        if (!waiter.done()) waiter.setResult(Unit)
    }

    override fun close() {
        if (isClosed) return
        isClosed = true
        items.clear()
        wake()
        if (!isEnded) (loop.host as VertxHost).execute(::stopReading)
    }

    private fun stopReading() {
        if (stream is MessageConsumer<*>) {
            stream.unregister()
            return
        }
        try {
            stream.exceptionHandler(null)
            stream.endHandler(null)
            stream.handler { }
            stream.resume()
        } catch (_: IllegalStateException) {
            // It is closed, as sockets are by the other side, and brings nothing more.
        }
    }
}
