package asyncio.internal.task

import java.util.concurrent.CancellationException
import java.util.concurrent.CompletionException

/** The result of an operation outside of the loop as a future of the loop. */
public abstract class ForeignFuture<T>(
    loop: TaskLoop,
) : FutureImpl<T>(loop) {
    private var isAwaited = false

    /** Stops the operation, if that can be done: its result is not wanted any more. In the loop. */
    protected abstract fun stopOperation()

    /** The operation has ended, and this was cancelled before: gives back what the result holds. In the loop. */
    protected open fun release(result: T): Unit = Unit

    /** The operation has not ended: it will call [ended]. In the loop. */
    protected fun begun() {
        isAwaited = true
        loop.pendingStages++
    }

    /** The operation has ended. From any thread. */
    protected fun ended(
        result: T?,
        error: Throwable?,
    ) {
        if (loop.isClosed) return releaseUnwanted(result, error)
        try {
            loop.runInLoop {
                // It goes on at once: the result may be something that has to be looked after before the next event of the host.
                val task = takeOnlyTask()
                take(result, error)
                if (task != null) loop.turnNow(task)
            }
        } catch (closed: IllegalStateException) {
            if (!loop.isClosed) throw closed
            releaseUnwanted(result, error)
        }
    }

    /** [ended], for code of the loop. */
    protected fun take(
        result: T?,
        error: Throwable?,
    ) {
        if (done()) return releaseUnwanted(result, error)
        stopCounting()
        val cause = if (error is CompletionException) error.cause ?: error else error
        @Suppress("UNCHECKED_CAST")
        when (cause) {
            null -> offerResult(result as T)
            is CancellationException -> finishCancelled(cancelledErrorOf(cause))
            else -> offerException(cause)
        }
    }

    override fun cancel(message: String?): Boolean {
        val cancelled = super.cancel(message)
        if (cancelled) {
            stopCounting()
            stopOperation()
        }
        return cancelled
    }

    private fun stopCounting() {
        if (!isAwaited) return
        isAwaited = false
        loop.pendingStages--
    }

    private fun releaseUnwanted(
        result: T?,
        error: Throwable?,
    ) {
        if (error == null && result != null) release(result)
    }
}

/** Runs [action] in the loop: now where that can be, soon elsewhere, and not at all once the loop is closed. From any thread. */
public fun TaskLoop.whenInLoop(action: () -> Unit) {
    if (isClosed) return
    try {
        runInLoop(action)
    } catch (closed: IllegalStateException) {
        if (!isClosed) throw closed
    }
}
