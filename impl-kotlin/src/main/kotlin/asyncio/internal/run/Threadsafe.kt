package asyncio.internal.run

import asyncio.Coroutine
import asyncio.internal.loop.EventLoopImpl
import asyncio.internal.task.TaskImpl
import asyncio.internal.task.completeFrom
import java.util.concurrent.CompletableFuture

/** Has [loop] run [coroutine] on behalf of another thread. */
internal fun <T> runThreadsafe(
    coroutine: Coroutine<T>,
    loop: EventLoopImpl,
): CompletableFuture<T> {
    val outcome = ThreadsafeOutcome<T>(loop)
    loop.callSoonThreadsafe { outcome.start(coroutine) }
    return outcome
}

/** What the other thread holds. Cancelling it cancels the task. */
private class ThreadsafeOutcome<T>(
    private val loop: EventLoopImpl,
) : CompletableFuture<T>() {
    private var task: TaskImpl<T>? = null

    fun start(coroutine: Coroutine<T>) {
        if (isDone) {
            coroutine.close()
            return
        }
        try {
            val task = loop.newTask(coroutine, null)
            this.task = task
            task.addDoneCallback { completeFrom(task) }
        } catch (error: Throwable) {
            completeExceptionally(error)
        }
    }

    override fun cancel(mayInterruptIfRunning: Boolean): Boolean {
        if (!super.cancel(mayInterruptIfRunning)) return false
        if (!loop.isClosed) loop.callSoonThreadsafe { task?.cancel(null) }
        return true
    }
}
