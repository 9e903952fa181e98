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
                from(task.top)
            }

            CoroutineDriver.AWAY -> {
                from(task.awaitedByKotlinx() ?: task.fiber)
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
            frames.addAll(from(fiber))
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
        if (driver.loop.onFiber) {
            frames.addAll(from(driver.fiber!!.parent))
        } else {
            frames.addAll(callersOf(frames.takeLast(1), driver).orEmpty())
        }
    }

    /**
     * The frames of the code that awaits the suspend function of [driver] that runs, or has just failed, with this [trace]:
     * [CoroutineDriver.top] still is where the step began, and of that the part counts that lies below the outermost frame that is
     * known. That may be one of the library's own functions. Null if no frame is known.
     */
    fun callersOf(
        trace: List<StackTraceElement>,
        driver: CoroutineDriver<*>,
    ): List<StackTraceElement>? {
        val before = ArrayList<StackTraceElement>().also { addFrom(driver.top, it, StackFrames::isMadeByKotlin) }
        for (frame in trace.asReversed()) {
            val same = before.indexOfFirst { it.className == frame.className && it.methodName == frame.methodName }
            if (same >= 0) return before.subList(same + 1, before.size).filterNot(StackFrames::isNoise)
        }
        return null
    }

    /** The frames of [innermost], a suspended part of a coroutine, and of the code that awaits it. */
    fun from(innermost: Any?): List<StackTraceElement> =
        ArrayList<StackTraceElement>().also { addFrom(innermost, it, StackFrames::isNoise) }

    /** From the innermost suspended part outwards. */
    private fun addFrom(
        innermost: Any?,
        frames: MutableList<StackTraceElement>,
        isLeftOut: (StackTraceElement) -> Boolean,
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
                        part.getStackTraceElement()?.let { if (!isLeftOut(it)) frames.add(it) }
                        part.callerFrame
                    }

                    else -> {
                        null
                    }
                }
        }
    }
}
