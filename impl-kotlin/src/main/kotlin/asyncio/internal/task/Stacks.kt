package asyncio.internal.task

import asyncio.internal.debug.StackFrames
import asyncio.internal.fiber.Fiber
import kotlin.coroutines.jvm.internal.CoroutineStackFrame

/**
 * Where a task stands: put together from the stacks of its Java bodies and the continuations of its suspend functions,
 * innermost frame first. Nothing is recorded before it is asked for.
 */
internal object Stacks {
    /** The stack of a task that has not ended. From any thread. */
    fun of(task: TaskImpl<*>): List<StackTraceElement> =
        when (task.stage) {
            CoroutineDriver.STEPPING, CoroutineDriver.BESIDE -> {
                if (runsHere(task)) StackFrames.ofCaller() else ofStepping(task)
            }

            CoroutineDriver.WAITING, CoroutineDriver.YIELDED -> {
                ArrayList<StackTraceElement>().also { addFrom(task.top, it) }
            }

            CoroutineDriver.AWAY -> {
                ArrayList<StackTraceElement>().also {
                    addFrom(
                        task.awaitedByKotlinx() ?: task.fiber,
                        it,
                    )
                }
            }

            else -> {
                emptyList()
            }
        }

    private fun runsHere(task: TaskImpl<*>) =
        task.loop.driver?.task === task && task.loop.isExecutedBy(Thread.currentThread())

    /** The stack of a task whose step waits for the end of another one, or runs in another thread than the caller. */
    private fun ofStepping(task: TaskImpl<*>): List<StackTraceElement> {
        val frames = ArrayList<StackTraceElement>()
        val fiber = task.fiber
        if (fiber != null && !fiber.isFinished) {
            addFrom(fiber, frames)
        } else {
            task.loop.loopThread?.let { frames.addAll(StackFrames.cut(it.stackTrace)) }
        }
        return frames
    }

    /** Adds the frames of the code that awaits the code of [driver] that is calling, whose own are in [frames]. */
    fun addCallers(
        driver: CoroutineDriver<*>,
        frames: MutableList<StackTraceElement>,
    ) {
        if (driver.loop.onFiber) addFrom(driver.fiber!!.parent, frames) else addCallersOfSuspendFunction(driver, frames)
    }

    /**
     * What awaits the suspend function that runs: [CoroutineDriver.top] still is where the step began, and of that the part counts
     * that lies below the outermost frame of the thread.
     */
    private fun addCallersOfSuspendFunction(
        driver: CoroutineDriver<*>,
        frames: MutableList<StackTraceElement>,
    ) {
        val before = ArrayList<StackTraceElement>()
        addFrom(driver.top, before)
        val outermost = frames.lastOrNull() ?: return
        val same = before.indexOfFirst { it.className == outermost.className && it.methodName == outermost.methodName }
        if (same >= 0) frames.addAll(before.subList(same + 1, before.size))
    }

    /** From the innermost suspended part outwards. */
    private fun addFrom(
        innermost: Any?,
        frames: MutableList<StackTraceElement>,
    ) {
        var part = innermost
        while (part != null) {
            part =
                when (part) {
                    is Fiber -> {
                        part.thread?.let { frames.addAll(StackFrames.cut(it.stackTrace)) }
                        part.parent
                    }

                    is FiberCompletion<*> -> {
                        part.fiber
                    }

                    is ScopedAwait<*> -> {
                        part.continuation
                    }

                    is TaskScope<*> -> {
                        part.outer
                    }

                    is GeneratorConsumer -> {
                        part.downstream
                    }

                    is SuspendGeneratorBody<*> -> {
                        part.downstream
                    }

                    is CoroutineStackFrame -> {
                        part.getStackTraceElement()?.let { if (!StackFrames.isNoise(it)) frames.add(it) }
                        part.callerFrame
                    }

                    else -> {
                        null
                    }
                }
        }
    }
}
