package asyncio.internal.vertx

import asyncio.AsyncGenerator
import asyncio.AsyncIterable
import asyncio.Coroutine
import asyncio.internal.run.EventLoopImpl
import asyncio.internal.task.ForeignFuture
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import asyncio.kotlin.iterator
import asyncio.vertx.ReadItems
import asyncio.vertx.Sink
import io.vertx.core.http.WebSocketBase
import io.vertx.core.streams.Pipe
import io.vertx.core.streams.ReadStream
import io.vertx.core.streams.WriteStream

/** What stands behind the functions for streams of Vert.x's. */
public object VertxStreams {
    @JvmStatic
    public fun <T> items(
        stream: ReadStream<T>,
        window: Int,
    ): ReadItems<T> {
        require(window > 0) { "window is how many items may wait, and at least 1: $window" }
        @Suppress("UNCHECKED_CAST")
        val source = if (stream is WebSocketBase) WebSocketData(stream) as ReadStream<T> else stream
        return StreamItems(ContextLoops.here("items"), source, window)
    }

    @JvmStatic
    public fun <T : Any> sink(stream: WriteStream<T>): Sink<T> = StreamSink(ContextLoops.here("sink"), stream)

    @JvmStatic
    public fun <T> pipe(
        source: ReadStream<T>,
        destination: WriteStream<T>,
    ): Coroutine<Void?> {
        val loop = ContextLoops.here("pipe")
        // Here, so that nothing is lost before it is awaited.
        val pipe = source.pipe()
        return coroutine { await(Piping(loop, pipe, destination)) }
    }

    @JvmStatic
    public fun <T : Any> pipe(
        source: AsyncIterable<T>,
        destination: WriteStream<T>,
    ): Coroutine<Void?> {
        val sink = sink(destination)
        return coroutine {
            val items = source.aiter()
            try {
                for (item in items) await(sink.write(item))
            } finally {
                if (items is AsyncGenerator<*>) await(items.aclose())
            }
            await(sink.end())
        }
    }

    @JvmStatic
    public fun textMessages(
        socket: WebSocketBase,
        window: Int,
    ): ReadItems<String> = items(WebSocketTexts(socket), window)

    private class Piping<T>(
        private val loop: EventLoopImpl,
        private val pipe: Pipe<T>,
        destination: WriteStream<T>,
    ) : ForeignFuture<Void?>(loop) {
        init {
            begun()
            pipe.to(destination).onComplete { _, error -> ended(null, error) }
        }

        override fun stopOperation(): Unit = (loop.host as VertxHost).execute(pipe::close)
    }
}
