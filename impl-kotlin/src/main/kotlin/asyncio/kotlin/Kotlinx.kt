package asyncio.kotlin

import asyncio.CancelledError
import asyncio.EventLoop
import asyncio.Future
import asyncio.internal.task.FutureImpl
import asyncio.internal.task.TaskLoop
import asyncio.internal.task.onCancelling
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.InternalCoroutinesApi
import kotlinx.coroutines.selects.SelectClause1

/**
 * The loop as kotlinx's dispatcher, for `CoroutineScope(loop.asCoroutineDispatcher())` and `withContext`. What is launched on it has
 * a task of its own, and may await asyncio. In a task there is no need of it: kotlinx finds the loop by itself.
 *
 * From any thread. Coroutines that are not finished when the loop closes are not resumed any more.
 */
public fun EventLoop.asCoroutineDispatcher(): CoroutineDispatcher =
    requireNotNull(this as? TaskLoop) { "$this is no loop of asyncio4j" }.kotlinx.dispatcher

/**
 * This future as kotlinx's Deferred, which ends as the future does; a cancellation of the Deferred cancels the future. For
 * `awaitAll` and the like, together with what `async` has given. To be called by code of the future's loop.
 */
public fun <T> Future<T>.asDeferred(): Deferred<T> {
    val deferred = CompletableDeferred<T>(null)
    addDoneCallback { future ->
        val error = if (future.cancelled()) null else future.exception()
        when {
            future.cancelled() -> deferred.cancel(CancellationException(messageOf(future)))
            error != null -> deferred.completeExceptionally(error)
            else -> deferred.complete(future.result())
        }
    }
    onCancelling(deferred, loop as TaskLoop) { cancel() }
    return deferred
}

private fun messageOf(future: Future<*>): String? = (future as? FutureImpl<*>)?.cancelMessage()

/**
 * This Deferred as a future of the running loop, for `gather`, `wait` and the like; a cancellation of the future cancels the Deferred.
 * To be called by code of a loop.
 *
 * @throws IllegalStateException if no loop runs the calling code
 */
@OptIn(InternalCoroutinesApi::class, ExperimentalCoroutinesApi::class)
public fun <T> Deferred<T>.asFuture(): Future<T> {
    val loop = asyncio.Asyncio.getRunningLoop() as TaskLoop
    val future = FutureImpl<T>(loop)
    val deferred = this
    invokeOnCompletion(false, true) { cause ->
        if (!loop.isClosed) {
            loop.runInLoop {
                when (cause) {
                    null -> future.offerResult(deferred.getCompleted())
                    is CancellationException -> future.cancel(cause.message)
                    else -> future.offerException(cause)
                }
            }
        }
    }
    future.addDoneCallback { if (it.cancelled()) deferred.cancel(CancellationException(future.cancelMessage())) }
    return future
}

/** The clause of kotlinx's `select` that is chosen when this future is done; it gives the result, or raises. */
public val <T> Future<T>.onAwait: SelectClause1<T>
    get() = (loop as TaskLoop).kotlinx.deferredOf(this) { asDeferred() }.onAwait
