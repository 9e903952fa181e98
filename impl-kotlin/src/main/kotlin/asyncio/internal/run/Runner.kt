package asyncio.internal.run

import asyncio.CancelledError
import asyncio.Coroutine
import asyncio.ExceptionContext
import asyncio.KeyboardInterrupt
import asyncio.internal.loop.EventLoopImpl
import asyncio.internal.loop.RunningLoops
import asyncio.internal.task.gatherOutcomes

/** asyncio's `run`: a loop for one main coroutine, and nothing left of it afterwards. */
internal fun <T> runMain(
    main: Coroutine<T>,
    newLoop: () -> EventLoopImpl,
): T {
    check(RunningLoops.current() == null) {
        "run() cannot be called from a running event loop: here a loop runs already, so await the coroutine instead," +
            " or start it with createTask(…)"
    }
    val loop = newLoop()
    val result = runCatching { runMainIn(loop, main) }
    // An interrupt that came meanwhile must not keep the loop from cleaning up.
    val interrupted = Thread.interrupted()
    val cleanUp = runCatching { cleanUp(loop) }
    if (interrupted) Thread.currentThread().interrupt()
    val failure = result.exceptionOrNull()
    cleanUp.onFailure { if (failure == null) throw it else failure.addSuppressed(it) }
    return result.getOrThrow()
}

private fun <T> runMainIn(
    loop: EventLoopImpl,
    main: Coroutine<T>,
): T {
    val task = loop.newTask(main, null)
    val cancelMain = { if (!loop.isClosed) loop.callSoonThreadsafe { task.cancel(null) } }
    loop.onInterrupt = { cancelMain() }
    val ctrlC = CtrlC.install { cancelMain() }
    try {
        return loop.runUntilComplete(task)
    } catch (cancelled: CancelledError) {
        if (ctrlC.pressed && task.uncancel() == 0) throw KeyboardInterrupt()
        throw cancelled
    } finally {
        ctrlC.uninstall()
        // Whatever it ended with goes to the caller.
        task.markRetrieved()
    }
}

private fun cleanUp(loop: EventLoopImpl) {
    loop.onInterrupt = {}
    try {
        cancelAll(loop)
        loop.runUntilComplete(loop.shutdownDefaultExecutor())
        // The last jobs may have given the loop something to do.
        cancelAll(loop)
    } finally {
        loop.close()
    }
}

private fun cancelAll(loop: EventLoopImpl) {
    val left = loop.tasks()
    if (left.isEmpty()) return
    loop.onHost { for (task in left) task.cancel(null) }
    loop.runUntilComplete(gatherOutcomes<Any?>(loop, left))
    for (task in left) {
        if (task.cancelled()) continue
        val error = task.exception() ?: continue
        loop.callExceptionHandler(
            ExceptionContext.of("unhandled exception during asyncio.run() shutdown").with(error).with(task),
        )
    }
}
