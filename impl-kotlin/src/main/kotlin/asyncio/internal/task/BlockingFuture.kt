package asyncio.internal.task

import asyncio.internal.thread.VirtualThreads
import java.util.concurrent.CancellationException
import java.util.concurrent.ExecutionException
import java.util.concurrent.Future
import java.util.concurrent.ThreadFactory

/**
 * A `java.util.concurrent.Future` that has no callback for its end: a thread waits for it. Not one of the default executor, whose
 * jobs may be what it waits for. A cancellation goes both ways.
 */
internal class BlockingFuture<T>(
    loop: TaskLoop,
    private val future: Future<out T>,
) : FutureImpl<T>(loop) {
    init {
        if (future.isDone) {
            take(outcome())
        } else {
            loop.pendingStages++
            val thread = threads.newThread(::waitForIt)
            loop.waitingThreads.add(thread)
            thread.start()
        }
    }

    override fun cancel(message: String?): Boolean {
        val cancelled = super.cancel(message)
        if (cancelled) {
            loop.pendingStages--
            future.cancel(true)
        }
        return cancelled
    }

    private fun waitForIt() {
        try {
            val outcome = outcome()
            if (!loop.isClosed) loop.callSoonThreadsafe { takeLate(outcome) }
        } catch (closed: IllegalStateException) {
            if (!loop.isClosed) throw closed
        } finally {
            loop.waitingThreads.remove(Thread.currentThread())
        }
    }

    private fun outcome(): Result<T> =
        try {
            Result.success(future.get())
        } catch (failed: ExecutionException) {
            Result.failure(failed.cause ?: failed)
        } catch (other: Throwable) {
            Result.failure(other)
        }

    private fun takeLate(outcome: Result<T>) {
        if (done()) return
        loop.pendingStages--
        take(outcome)
    }

    private fun take(outcome: Result<T>) {
        @Suppress("UNCHECKED_CAST")
        when (val error = outcome.exceptionOrNull()) {
            null -> offerResult(outcome.getOrNull() as T)
            is CancellationException -> finishCancelled(cancelledErrorOf(error))
            else -> offerException(error)
        }
    }

    private companion object {
        val threads: ThreadFactory =
            VirtualThreads.factory
                ?: ThreadFactory { body -> Thread(null, body, "asyncio-waiting", 0, false).apply { isDaemon = true } }
    }
}
