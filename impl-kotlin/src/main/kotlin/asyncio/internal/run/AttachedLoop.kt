package asyncio.internal.run

import asyncio.Action
import asyncio.Awaitable
import asyncio.Context
import asyncio.internal.loop.LoopHost
import asyncio.internal.task.FutureImpl
import asyncio.internal.task.SuspendCoroutine
import asyncio.internal.task.awaitAny
import asyncio.internal.task.awaitFuture
import asyncio.internal.task.currentTask
import asyncio.internal.task.gatherOutcomes
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionStage
import java.util.concurrent.atomic.AtomicBoolean

/**
 * A loop that is a guest of its host's thread, which has other things to do, too: it runs from [begin] until [end], and no thread
 * waits for it.
 *
 * ```
 * CREATED --begin--> RUNNING --end--> ENDING: tasks are cancelled and awaited, on the loop itself --> CLOSED
 *                       \--an error of the JVM in the loop's own bookkeeping----------------------> CLOSED, tasks are abandoned
 * ```
 *
 * @param advice what its user may do where something of a loop of one's own is asked for; a sentence
 * @param onFailure told of an error that ends it, or that a task or callback has raised for the whole program
 */
public class AttachedLoop(
    host: LoopHost,
    private val advice: String,
    private val onFailure: (Throwable) -> Unit,
) : EventLoopImpl(host) {
    private val begunToEnd = AtomicBoolean()
    private val ended = CompletableFuture<Unit>()

    /** From any thread, once. */
    public fun begin(): Unit = attach()

    /**
     * Cancels all tasks, waits for them without blocking any thread, and closes the loop; gives when that is done. From any thread, and as
     * often as one likes.
     */
    public fun end(): CompletionStage<Unit> {
        if (begunToEnd.compareAndSet(false, true) && !isClosed) {
            callSoonThreadsafe(Action { startEnding() }, Context.create())
        }
        return ended
    }

    private fun startEnding() {
        val task = newTask(SuspendCoroutine { endTasks() }, "end of the event loop")
        isEnding = true
        task.addDoneCallback { done ->
            val error = if (done.cancelled()) null else done.exception()
            // Not from inside an iteration.
            host.post { finish(error) }
        }
    }

    private suspend fun endTasks() {
        cancelAll()
        awaitAny(shutdownAsyncgens())
        awaitAny(shutdownDefaultExecutor(LONGEST_SHUTDOWN))
        // The last jobs may have given the loop something to do.
        cancelAll()
    }

    private suspend fun cancelAll() {
        val own = currentTask()
        repeat(PATIENCE) {
            val left = tasks.oldestFirst().filter { it !== own }
            if (left.isEmpty()) return
            for (task in left) task.cancel(null)
            awaitFuture(gatherOutcomes<Any?>(this, left) as FutureImpl)
            reportFailed(this, left, "unhandled exception during the end of the event loop")
        }
    }

    /** On the host's thread, between iterations. */
    private fun finish(error: Throwable?) {
        if (isClosed) return
        detach()
        var failure = error
        try {
            super.close()
        } catch (raised: Throwable) {
            failure = raised
        }
        if (failure == null) ended.complete(Unit) else ended.completeExceptionally(failure)
    }

    internal override fun broken(error: Throwable) {
        try {
            onFailure(error)
        } finally {
            if (damage == null) {
                beginIterating()
            } else {
                begunToEnd.set(true)
                finish(error)
            }
        }
    }

    override fun close() {
        check(!isRunning) { "Cannot close this event loop: $advice" }
        super.close()
    }

    override fun stop(): Unit = refuse("stop")

    override fun runForever(): Unit = refuse("runForever")

    override fun <T> runUntilComplete(awaitable: Awaitable<T>): T = refuse("runUntilComplete")

    private fun refuse(what: String): Nothing =
        throw IllegalStateException(
            "$what: this event loop runs already, beside other things on the thread of its host. To have it run a" +
                " coroutine use createTask(…) in its thread, and runCoroutineThreadsafe(…) in others. $advice",
        )

    private companion object {
        /** How often tasks may make other tasks while they are cancelled. */
        const val PATIENCE = 100
    }
}
