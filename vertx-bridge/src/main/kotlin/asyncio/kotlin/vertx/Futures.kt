package asyncio.kotlin.vertx

import asyncio.Awaitable
import asyncio.EventLoop
import asyncio.Task
import asyncio.internal.vertx.ContextLoops
import asyncio.internal.vertx.VertxFutures
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import io.vertx.core.Context
import io.vertx.core.Future
import io.vertx.core.Vertx

/**
 * Waits for a result of Vert.x's; see [asyncio.vertx.AsyncioVertx.await]. Python: `await x`.
 *
 * It is not an extension: a future of Vert.x has a member `await()`, which blocks the thread.
 *
 * @throws asyncio.CancelledError if the waiting task was cancelled
 */
public suspend fun <T> await(future: Future<T>): T {
    if (!future.isComplete) return await(VertxFutures.wrap("await", future))
    if (future.failed()) throw future.cause()
    return future.result()
}

/** This as a future of the loop, for `gather`, `waitFor` and the like; see [asyncio.vertx.AsyncioVertx.wrapFuture]. */
public fun <T> Future<T>.asAsyncioFuture(): asyncio.Future<T> = VertxFutures.wrap("asAsyncioFuture", this)

/** This as a future of Vert.x on the current context; see [asyncio.vertx.AsyncioVertx.toVertxFuture]. */
public fun <T> Awaitable<T>.toVertxFuture(): Future<T> = VertxFutures.toVertx(this)

/** The loop of this context; see [asyncio.vertx.AsyncioVertx.loop]. */
public val Context.asyncioLoop: EventLoop get() = ContextLoops.of(this)

/**
 * Makes a task of [block] on the loop of the current context, in any handler on an event-loop context; see
 * [asyncio.vertx.AsyncioVertx.createTask].
 */
public fun <T> Vertx.createTask(block: suspend () -> T): Task<T> =
    ContextLoops.here("createTask").createTask(coroutine(block))

/** Runs [main] in a new loop on an event loop of this; see [asyncio.vertx.AsyncioVertx.run]. */
public fun <T> Vertx.runAsyncio(main: suspend () -> T): T = VertxFutures.run(this, coroutine(main))
