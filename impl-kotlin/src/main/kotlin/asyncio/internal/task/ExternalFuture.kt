package asyncio.internal.task

import asyncio.CancelledError
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit

/**
 * What Java's own asynchronous code holds of a future of the loop. Whatever ends it before that future does (`cancel`,
 * `complete`, `orTimeout` and so on) cancels the future, and it ends with the loop at the latest. The loop's own code cannot
 * wait for it: the loop would wait for itself.
 */
internal abstract class ExternalFuture<T>(
    protected val loop: TaskLoop,
) : CompletableFuture<T>() {
    /** The future behind it; null if there is none yet. */
    protected abstract val future: FutureImpl<T>?

    /** To be called once it is set up. */
    protected fun watchLoop() {
        loop.externalFutures.add(this)
        whenComplete { _, _ -> endedFromOutside() }
        if (loop.isClosed) loopClosed()
    }

    /** Nothing to do if [completeFrom] or [loopClosed] has ended it, which take it off the list before. */
    private fun endedFromOutside() {
        if (!loop.externalFutures.remove(this)) return
        try {
            if (!loop.isClosed) cancelInLoop()
        } catch (closed: IllegalStateException) {
            // It was closed at this moment, and has cancelled everything by itself.
            if (!loop.isClosed) throw closed
        }
    }

    /** Cancels [future], in the loop. */
    protected abstract fun cancelInLoop()

    /** Ends as [future], which is done, has ended. */
    protected fun completeFrom(future: FutureImpl<T>) {
        loop.externalFutures.remove(this)
        val error = if (future.cancelled()) future.cancelledError() else future.exception()
        when (error) {
            null -> complete(future.result())
            is CancelledError -> completeExceptionally(CancellationException(error.message).apply { initCause(error) })
            else -> completeExceptionally(error)
        }
    }

    open fun loopClosed() {
        loop.externalFutures.remove(this)
        completeExceptionally(IllegalStateException("Event loop is closed"))
    }

    override fun get(): T {
        checkMayWait()
        return super.get()
    }

    override fun get(
        timeout: Long,
        unit: TimeUnit,
    ): T {
        checkMayWait()
        return super.get(timeout, unit)
    }

    override fun join(): T {
        checkMayWait()
        return super.join()
    }

    private fun checkMayWait() {
        val isOwnLoop = loop.isExecutedBy(Thread.currentThread()) || loop.isRunning && loop.host.isHostThread()
        check(isDone || !isOwnLoop) {
            "This would wait for its own event loop for ever. Use await(…), which lets the loop go on"
        }
    }
}

/** A loop's future as Java's own asynchronous code sees it. */
internal class CompletableTwin<T>(
    override val future: FutureImpl<T>,
) : ExternalFuture<T>(future.loop) {
    override fun cancelInLoop(): Unit = loop.runInLoop { future.cancel(null) }

    init {
        // A loop that stands still would not tell.
        if (future.done() && (!loop.isRunning || loop.isExecutedBy(Thread.currentThread()))) {
            completeFrom(future)
        } else {
            watchLoop()
            if (!isDone) loop.runInLoop { future.addWaiting(DoneHandle(future, null) { completeFrom(future) }) }
        }
    }
}
