package asyncio.kotlin.vertx

import asyncio.AsyncIterable
import asyncio.internal.vertx.EventBusMessages
import asyncio.internal.vertx.VertxStreams
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import asyncio.vertx.ReadItems
import asyncio.vertx.Sink
import io.vertx.core.eventbus.Message
import io.vertx.core.eventbus.MessageConsumer
import io.vertx.core.streams.ReadStream
import io.vertx.core.streams.WriteStream

/**
 * The items of this stream, for Kotlin's `for`; the stream is read from now on. See [asyncio.vertx.Streams.items].
 *
 * @param window how many items may wait
 */
public fun <T> ReadStream<T>.items(window: Int = 16): ReadItems<T> = VertxStreams.items(this, window)

/** This stream as tasks write to it; see [asyncio.vertx.Streams.sink]. */
public fun <T : Any> WriteStream<T>.sink(): Sink<T> = VertxStreams.sink(this)

/** Writes everything from [source] to [destination] and ends that; see [asyncio.vertx.Streams.pipe]. */
public suspend fun <T : Any> pipe(
    source: ReadStream<T>,
    destination: WriteStream<T>,
) {
    await(VertxStreams.pipe(source, destination))
}

/** Writes everything from [source] to [destination] and ends that. */
public suspend fun <T : Any> pipe(
    source: AsyncIterable<T>,
    destination: WriteStream<T>,
) {
    await(VertxStreams.pipe(source, destination))
}

/**
 * Handles each message of this consumer with [handler], in a task of its own, until it is cancelled; see
 * [asyncio.vertx.EventBusServices.serve].
 *
 * @param limit how many handlers run at a time
 */
public suspend fun <T> MessageConsumer<T>.serve(
    limit: Int = 1000,
    handler: suspend (Message<T>) -> Any?,
) {
    await(EventBusMessages.serve(this, limit) { message -> coroutine { handler(message) } })
}
