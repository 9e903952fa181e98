package asyncio.internal.task

import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture

/** A loop's future as Java's own asynchronous code sees it; cancelling it cancels that future. */
internal class CompletableTwin<T>(
    private val future: FutureImpl<T>,
) : CompletableFuture<T>() {
    override fun cancel(mayInterruptIfRunning: Boolean): Boolean {
        if (!super.cancel(mayInterruptIfRunning)) return false
        if (!future.loop.isClosed) future.loop.runInLoop { future.cancel(null) }
        return true
    }
}

/** Ends a Java future as [future], which is done, has ended. */
internal fun <T> CompletableFuture<T>.completeFrom(future: FutureImpl<T>) {
    if (future.cancelled()) {
        val error = future.cancelledError()
        completeExceptionally(CancellationException(error.message).apply { initCause(error) })
    } else {
        val exception = future.exception()
        if (exception == null) complete(future.result()) else completeExceptionally(exception)
    }
}
