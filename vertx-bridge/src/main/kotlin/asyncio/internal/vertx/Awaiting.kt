package asyncio.internal.vertx

import asyncio.internal.run.EventLoopImpl
import asyncio.kotlin.await
import io.netty.util.concurrent.Future as NettyFuture
import io.vertx.core.Future as VertxFuture

/**
 * Runs [action] on the context's thread. A suspend function may stand elsewhere: with plain virtual threads
 * all code of a loop runs on one while the context's thread waits. If the caller is cancelled before, it is not run.
 */
public suspend fun <T> EventLoopImpl.onContext(
    host: VertxHost,
    action: () -> T,
): T {
    if (host.isHostThread()) return action()
    val result = createFuture<T>()
    host.execute {
        if (result.done() || isClosed) return@execute
        try {
            result.setResult(action())
        } catch (error: Exception) {
            result.setException(error)
        }
    }
    return await(result)
}

/** Waits for a future of Netty. A cancellation of the caller does not cancel it. */
public suspend fun <T> EventLoopImpl.awaitNetty(
    host: VertxHost,
    future: NettyFuture<T>,
): T {
    if (!future.isDone) {
        val done = createFuture<Unit>()
        future.addListener { host.execute { offer(done, Unit) } }
        await(done)
    }
    future.cause()?.let { throw it }
    return future.now
}

/** Waits for a future of Vert.x. A cancellation of the caller does not cancel it. */
public suspend fun <T> EventLoopImpl.awaitVertx(
    host: VertxHost,
    future: VertxFuture<T>,
): T {
    if (!future.isComplete) {
        val done = createFuture<Unit>()
        future.onComplete { _, _ -> host.execute { offer(done, Unit) } }
        await(done)
    }
    if (future.failed()) throw future.cause()
    return future.result()
}
