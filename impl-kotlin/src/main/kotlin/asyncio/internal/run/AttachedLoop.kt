package asyncio.internal.run

import asyncio.Action
import asyncio.Awaitable
import asyncio.Context
import asyncio.Task
import asyncio.internal.loop.LoopHost
import asyncio.internal.task.FutureImpl
import asyncio.internal.task.SuspendCoroutine
import asyncio.internal.task.awaitAny
import asyncio.internal.task.awaitFuture
import asyncio.internal.task.currentTask
import asyncio.internal.task.gatherOutcomes
import java.time.Duration
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
            val report = callLaterNanos(reportedAfter.toNanos()) { reportThatGoOn(left) }
            try {
                awaitFuture(gatherOutcomes<Any?>(this, left) as FutureImpl)
            } finally {
                report.cancel()
            }
            reportFailed(this, left, "unhandled exception during the end of the event loop")
        }
    }

    /** They have caught the cancellation, or their `finally` blocks take long: nothing tells a user why the end does not come. */
    private fun reportThatGoOn(tasks: List<Task<*>>) {
        for (task in tasks) {
            if (task.done()) continue
            val text =
                StringBuilder(
                    "The end of the event loop waits for task '${task.getName()}', which goes on though it was",
                ).append(" cancelled ${reportedAfter.toMillis() / MILLIS_PER_SECOND} seconds ago: it has caught the")
                    .append(" CancelledError, or awaits in a finally block. It stands here:")
            for (frame in task.getStack()) text.append("\n\tat ").append(frame)
            logger.log(System.Logger.Level.WARNING, text.toString())
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

    public companion object {
        /** How long after its cancellation a task is reported that the end waits for. Tests set another time. */
        @JvmStatic
        @Volatile
        public var reportedAfter: Duration = Duration.ofSeconds(5)

        private val logger: System.Logger = System.getLogger("asyncio")

        private const val MILLIS_PER_SECOND = 1000.0

        /** How often tasks may make other tasks while they are cancelled. */
        private const val PATIENCE = 100
    }
}
