package asyncio.internal.vertx

import asyncio.Coroutine
import asyncio.Future
import asyncio.internal.run.EventLoopImpl
import asyncio.internal.task.whenInLoop
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import asyncio.vertx.Sink
import io.vertx.core.streams.WriteStream
import io.vertx.core.Future as VertxFuture

/** A stream of Vert.x's that is written to by tasks, which wait while its queue is full. */
internal class StreamSink<T : Any>(
    private val loop: EventLoopImpl,
    private val stream: WriteStream<T>,
) : Sink<T> {
    /** What a write has failed with: the stream takes no more. */
    private var failure: Throwable? = null

    /** The tasks that wait until there is room again. */
    private val waiting = ArrayList<Future<Unit>>()

    override fun write(item: T): Coroutine<Void?> =
        coroutine {
            failure?.let { throw it }
            val written = stream.write(item)
            if (written.failed()) throw written.cause()
            if (!written.isComplete) {
                if (stream.writeQueueFull()) waitForRoom(written) else written.onFailure(::failed)
            }
            null
        }

    /** Until the queue has room, or [written] is: a connection that is closed drains nothing. */
    private suspend fun waitForRoom(written: VertxFuture<Void>) {
        val room = loop.createFuture<Unit>()
        waiting.add(room)
        try {
            stream.drainHandler { loop.whenInLoop(::drained) }
            written.onComplete { _, error -> if (error != null) failed(error) else loop.whenInLoop { offer(room) } }
            // It may have come before the handler was there.
            if (!stream.writeQueueFull()) offer(room)
            await(room)
        } finally {
            waiting.remove(room)
        }
        failure?.let { throw it }
    }

    private fun drained() {
        for (room in waiting.toList()) offer(room)
    }

    private fun offer(room: Future<Unit>) {
        if (!room.done()) room.setResult(Unit)
    }

    private fun failed(error: Throwable): Unit =
        loop.whenInLoop {
            if (failure == null) failure = error
            drained()
        }

    override fun end(): Coroutine<Void?> = coroutine { end { stream.end() } }

    override fun end(item: T): Coroutine<Void?> = coroutine { end { stream.end(item) } }

    private suspend fun end(end: () -> VertxFuture<Void>): Void? {
        failure?.let { throw it }
        return await(VertxOperation(loop, end()))
    }
}
