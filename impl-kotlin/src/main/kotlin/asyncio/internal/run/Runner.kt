package asyncio.internal.run

import asyncio.Awaitable
import asyncio.CancelledError
import asyncio.Context
import asyncio.Coroutine
import asyncio.EventLoop
import asyncio.ExceptionContext
import asyncio.KeyboardInterrupt
import asyncio.Runner
import asyncio.TaskOptions
import asyncio.internal.context.ContextImpl
import asyncio.internal.context.Contexts
import asyncio.internal.debug.OneShot
import asyncio.internal.task.TaskImpl
import asyncio.internal.task.TaskLoop
import asyncio.internal.task.coroutineThatAwaits
import asyncio.internal.task.gatherOutcomes
import asyncio.internal.task.refuseUnawaited
import asyncio.spi.Errors
import java.time.Duration

/**
 * asyncio's runner.
 *
 * ```
 * CREATED --first use--> READY --close--> CLOSED
 *     \------------------close------------^
 * ```
 */
internal class RunnerImpl(
    private val debug: Boolean?,
    private val newLoop: () -> EventLoopImpl,
) : Runner {
    private var loop: EventLoopImpl? = null
    private var closed = false

    /** What the last run raised. */
    private var raised: Throwable? = null

    /** That of all runs; copied from the caller's when the loop is made. */
    private var context: ContextImpl? = null

    override fun getLoop(): EventLoop = ready()

    private fun ready(): EventLoopImpl {
        check(!closed) { "Runner is closed" }
        return loop ?: newLoop().also {
            loop = it
            context = Contexts.copyOfCurrent()
            if (debug != null) it.setDebug(debug)
        }
    }

    override fun <T> run(main: Coroutine<T>): T = runIn(null, main)

    override fun <T> run(
        main: Coroutine<T>,
        context: Context,
    ): T = runIn(context as ContextImpl, main)

    override fun <T> runAwaitable(main: Awaitable<T>): T = run(main as? Coroutine<T> ?: coroutineThatAwaits(main))

    private fun <T> runIn(
        context: ContextImpl?,
        main: Coroutine<T>,
    ): T {
        (main as? OneShot)?.noticed()
        check(TaskLoop.current() == null) {
            "run() cannot be called from a running event loop: here a loop runs already, so await the coroutine" +
                " instead, or start it with createTask(…)"
        }
        val loop = ready()
        try {
            val value = runMain(loop, loop.newTaskOf(main, TaskOptions.inContext(context ?: this.context!!)))
            refuseUnawaited(value, "run")
            return value
        } catch (error: Throwable) {
            raised = error
            throw error
        }
    }

    override fun close() {
        if (closed) return
        closed = true
        val loop = loop ?: return
        // An interrupt that came meanwhile must not keep the loop from cleaning up.
        val interrupted = Thread.interrupted()
        try {
            cleanUp(loop)
        } catch (error: Throwable) {
            // A fatal error may come up again from what it left behind; its catcher has it already.
            if (error !== raised) throw error
        } finally {
            if (interrupted) Thread.currentThread().interrupt()
        }
    }
}

/** asyncio's `run`: a loop for one main coroutine, and nothing left of it afterwards. */
internal fun <T> runMain(
    main: Coroutine<T>,
    newLoop: () -> EventLoopImpl,
): T = RunnerImpl(null, newLoop).use { it.run(main) }

private fun <T> runMain(
    loop: EventLoopImpl,
    task: TaskImpl<T>,
): T {
    var tasks: String? = null
    val cancelMain = { if (!loop.isClosed) loop.callSoonThreadsafe { task.cancel(null) } }
    loop.onInterrupt = { cancelMain() }
    val ctrlC =
        CtrlC.install(loop) {
            // The trace of the error tells of the main task alone.
            if (!loop.isClosed) loop.callSoonThreadsafe { tasks = CtrlC.tasksOf(loop) }
            cancelMain()
        }
    try {
        return loop.runUntilComplete(task)
    } catch (cancelled: CancelledError) {
        if (!ctrlC.pressed || task.uncancel() > 0) throw cancelled
        CtrlC.endsProgramUnlessCaught(tasks)
        throw KeyboardInterrupt("Ctrl-C", cancelled)
    } finally {
        ctrlC.uninstall()
        loop.onInterrupt = {}
        // Whatever it ended with goes to the caller.
        task.markRetrieved()
    }
}

/** Ends what is left of a program, and closes its loop. */
public fun cleanUp(loop: EventLoopImpl) {
    var error: Throwable? = null
    try {
        // A damaged loop may have lost wake-ups: then some tasks would never end. Closing it abandons them.
        if (loop.damage == null) endTasks(loop)
    } catch (raised: Throwable) {
        error = raised
    }
    try {
        loop.close()
    } catch (raised: Throwable) {
        Errors.keep(error, raised)
        error = raised
    }
    if (error != null) throw error
}

private fun endTasks(loop: EventLoopImpl) {
    cancelAll(loop)
    loop.runUntilComplete(loop.shutdownAsyncgens())
    loop.runUntilComplete(loop.shutdownDefaultExecutor(LONGEST_SHUTDOWN))
    // The last jobs may have given the loop something to do.
    cancelAll(loop)
}

internal val LONGEST_SHUTDOWN: Duration = Duration.ofMinutes(5)

private fun cancelAll(loop: EventLoopImpl) {
    val left = loop.tasks.oldestFirst()
    if (left.isEmpty()) return
    loop.onHost { for (task in left) task.cancel(null) }
    loop.runUntilComplete(gatherOutcomes<Any?>(loop, left))
    reportFailed(loop, left, "unhandled exception during asyncio.run() shutdown")
}

/** Reports those of [tasks], all of them done, that have failed. */
internal fun reportFailed(
    loop: EventLoopImpl,
    tasks: List<TaskImpl<*>>,
    message: String,
) {
    for (task in tasks) {
        if (task.cancelled()) continue
        val error = task.exception() ?: continue
        loop.callExceptionHandler(ExceptionContext.of(message).withException(error).withFuture(task))
    }
}
