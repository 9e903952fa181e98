package asyncio.internal.vertx

import asyncio.Asyncio
import asyncio.Awaitable
import asyncio.Block
import asyncio.CancelledError
import asyncio.Coroutine
import asyncio.Future
import asyncio.RunOptions
import asyncio.ValueBlock
import asyncio.internal.run.EventLoopImpl
import asyncio.internal.task.ForeignFuture
import asyncio.spi.AsyncioProvider
import io.vertx.core.Timer
import io.vertx.core.Vertx
import io.vertx.core.internal.ContextInternal
import io.vertx.core.Future as VertxFuture

/** An operation of Vert.x's as a future of the loop. */
internal class VertxOperation<T>(
    loop: EventLoopImpl,
    private val operation: VertxFuture<T>,
) : ForeignFuture<T>(loop) {
    init {
        if (operation.isComplete) {
            take(operation.result(), operation.cause())
        } else {
            begun()
            operation.onComplete { result, error -> ended(result, error) }
        }
    }

    override fun stopOperation() {
        if (operation is Timer) operation.cancel()
    }

    override fun release(result: T): Unit = Abandoned.release(result)
}

/** What stands behind the functions for futures of Vert.x's. */
public object VertxFutures {
    /** Gives the result of [operation] if it is there, else waits for it. */
    @JvmStatic
    public fun <T> await(operation: VertxFuture<T>): T {
        if (!operation.isComplete) return awaitPending(operation)
        if (operation.failed()) throw operation.cause()
        return operation.result()
    }

    private fun <T> awaitPending(operation: VertxFuture<T>): T {
        val provider = AsyncioProvider.get()
        val loop =
            checkNotNull(provider.runningLoop()) {
                "await outside a coroutine: " + (provider.adviceHere() ?: "no event loop runs in this thread")
            }
        val future = VertxOperation(loop as EventLoopImpl, operation)
        try {
            return future.doAwait()
        } catch (refused: IllegalStateException) {
            if (!future.done()) future.cancel(null)
            throw refused
        }
    }

    @JvmStatic
    public fun <T> wrap(
        what: String,
        operation: VertxFuture<T>,
    ): Future<T> = VertxOperation(ContextLoops.here(what), operation)

    /** [awaitable], which begins if it is a coroutine, as a future of the current context. */
    @JvmStatic
    public fun <T> toVertx(awaitable: Awaitable<T>): VertxFuture<T> {
        val loop = ContextLoops.here("toVertxFuture")
        val context = ContextInternal.current() ?: (loop.host as VertxHost).context
        val promise = context.promise<T>()
        AsyncioProvider.get().ensureFuture(awaitable).addDoneCallback { future ->
            val error = if (future.cancelled()) cancellationOf(future) else future.exception()
            if (error == null) promise.tryComplete(future.result()) else promise.tryFail(error)
        }
        return promise.future()
    }

    @JvmStatic
    public fun <T> run(
        vertx: Vertx,
        main: Coroutine<T>,
    ): T = Asyncio.run(main, RunOptions.loopFrom { ContextLoops.newLoop(vertx) })

    @JvmStatic
    public fun <R, E : Exception> run(
        vertx: Vertx,
        main: ValueBlock<R, E>,
    ): R = run(vertx, AsyncioProvider.get().main(main))

    @JvmStatic
    public fun <E : Exception> run(
        vertx: Vertx,
        main: Block<E>,
    ) {
        run(vertx, AsyncioProvider.get().main(main))
    }

    private fun cancellationOf(future: Future<*>): Throwable =
        try {
            future.result()
            throw AssertionError("$future was cancelled")
        } catch (cancelled: CancelledError) {
            cancelled
        }
}
