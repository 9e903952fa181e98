package asyncio.internal.task

import java.util.concurrent.CancellationException
import java.util.concurrent.CompletionException
import java.util.concurrent.CompletionStage

/** A result of Java's own asynchronous code as a future of the loop; a cancellation goes both ways. */
internal class StageFuture<T>(
    loop: TaskLoop,
    stage: CompletionStage<T>,
) : FutureImpl<T>(loop) {
    /** Null where the stage has none, as the JDK allows. */
    private val future =
        try {
            stage.toCompletableFuture()
        } catch (_: UnsupportedOperationException) {
            null
        }

    init {
        if (future?.isDone == true) {
            // The stage is done already: an await of it must not suspend.
            future.whenComplete(::take)
        } else {
            loop.pendingStages++
            stage.whenComplete { value, error -> if (!loop.isClosed) loop.runInLoop { takeLate(value, error) } }
        }
    }

    override fun cancel(message: String?): Boolean {
        val cancelled = super.cancel(message)
        if (cancelled) {
            loop.pendingStages--
            future?.cancel(true)
        }
        return cancelled
    }

    private fun takeLate(
        value: T?,
        error: Throwable?,
    ) {
        if (!done()) loop.pendingStages--
        take(value, error)
    }

    private fun take(
        value: T?,
        error: Throwable?,
    ) {
        if (done()) return
        val cause = if (error is CompletionException) error.cause ?: error else error
        @Suppress("UNCHECKED_CAST")
        when (cause) {
            null -> offerResult(value as T)
            is CancellationException -> finishCancelled(cancelledErrorOf(cause))
            else -> offerException(cause)
        }
    }
}
