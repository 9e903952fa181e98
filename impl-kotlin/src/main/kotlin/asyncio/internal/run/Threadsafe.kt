package asyncio.internal.run

import asyncio.Coroutine
import asyncio.internal.task.ExternalFuture
import asyncio.internal.task.TaskImpl
import java.util.concurrent.CompletableFuture

/** Has [loop] run [coroutine] on behalf of another thread. */
internal fun <T> runThreadsafe(
    coroutine: Coroutine<T>,
    loop: EventLoopImpl,
): CompletableFuture<T> {
    check(!loop.isClosed) { "Event loop is closed" }
    return ThreadsafeOutcome(loop, coroutine).also { it.submit() }
}

/** What the other thread holds. */
private class ThreadsafeOutcome<T>(
    loop: EventLoopImpl,
    private val coroutine: Coroutine<T>,
) : ExternalFuture<T>(loop) {
    override var future: TaskImpl<T>? = null
        private set

    fun submit() {
        watchLoop()
        if (!isDone) loop.callSoonThreadsafe(::start)
    }

    override fun cancelInLoop() {
        // Not at once, not even in the loop: steps that are due come first.
        loop.callSoonThreadsafe { future?.cancel(null) }
    }

    private fun start() {
        if (isDone) {
            coroutine.close()
            return
        }
        try {
            val task = loop.newTaskOf(coroutine)
            future = task
            task.addDoneCallback { completeFrom(task) }
        } catch (error: Throwable) {
            loop.externalFutures.remove(this)
            completeExceptionally(error)
        }
    }

    override fun loopClosed() {
        super.loopClosed()
        if (future == null) coroutine.close()
    }
}
