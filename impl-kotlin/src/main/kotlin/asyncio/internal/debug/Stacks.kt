package asyncio.internal.debug

import asyncio.internal.fiber.Fiber
import asyncio.internal.task.FiberCompletion
import asyncio.internal.task.GeneratorConsumer
import asyncio.internal.task.ScopedAwait
import asyncio.internal.task.Steps
import asyncio.internal.task.SuspendGeneratorBody
import asyncio.internal.task.TaskImpl
import kotlin.coroutines.jvm.internal.CoroutineStackFrame

/**
 * Where code stands, as its author sees it, innermost frame first: without the frames of this library, of the JDK and of
 * Kotlin's machinery, and put together from all stacks of a task. Nothing is noted down beforehand.
 */
internal object Stacks {
    private val ours = setOf("asyncio", "asyncio.http", "asyncio.kotlin", "asyncio.spi", "asyncio.vertx")
    private val carriers =
        listOf("java.", "javax.", "jdk.", "sun.", "com.sun.", "kotlin.coroutines.", "kotlinx.coroutines.")

    /** What runs the thread of a loop. */
    private val hosts = listOf("io.netty.", "io.vertx.core.")

    /** Where a fiber or an iteration of the loop begins; below is whoever carries it. */
    private val bottoms = listOf("asyncio.internal.fiber.", "asyncio.internal.loop.", "asyncio.internal.task.")

    /** The stack of a task that has not ended. From any thread. */
    fun of(task: TaskImpl<*>): List<StackTraceElement> =
        when (task.stage) {
            Steps.STEPPING, Steps.BESIDE -> {
                if (runsHere(task)) ofCaller(0) else ofStepping(task)
            }

            Steps.WAITING, Steps.YIELDED -> {
                ArrayList<StackTraceElement>().also { addFrom(task.top, it) }
            }

            Steps.AWAY -> {
                ArrayList<StackTraceElement>().also {
                    addFrom(
                        task.contextOrNull?.awaited() ?: task.fiber,
                        it,
                    )
                }
            }

            else -> {
                emptyList()
            }
        }

    private fun runsHere(task: TaskImpl<*>) =
        task.loop.steps?.task === task && task.loop.isExecutedBy(Thread.currentThread())

    /** The stack of a task whose step waits for the end of another one, or runs in another thread than the caller. */
    private fun ofStepping(task: TaskImpl<*>): List<StackTraceElement> {
        val frames = ArrayList<StackTraceElement>()
        val fiber = task.fiber
        if (fiber != null &&
            !fiber.isFinished
        ) {
            addFrom(fiber, frames)
        } else {
            task.loop.loopThread?.let { frames.addAll(cut(it.stackTrace)) }
        }
        return frames
    }

    /** The stack of the calling code, without its first [skip] frames, and of the code that awaits it. */
    fun ofCaller(skip: Int): List<StackTraceElement> {
        val frames = ArrayList(callers(Thread.currentThread().stackTrace))
        val steps =
            asyncio.internal.loop.RunningLoops
                .executing()
                ?.steps
        if (steps != null) {
            if (steps.loop.onFiber) addFrom(steps.fiber!!.parent, frames) else addCallers(steps, frames)
        }
        return frames.drop(skip)
    }

    /**
     * What awaits the suspend function that runs: [Steps.top] still is where the step began, and of that the part counts
     * that lies below the outermost frame of the thread.
     */
    private fun addCallers(
        steps: Steps<*>,
        frames: MutableList<StackTraceElement>,
    ) {
        val before = ArrayList<StackTraceElement>()
        addFrom(steps.top, before)
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
                        part.thread?.let { frames.addAll(cut(it.stackTrace)) }
                        part.parent
                    }

                    is FiberCompletion<*> -> {
                        part.fiber
                    }

                    is ScopedAwait<*> -> {
                        part.continuation
                    }

                    is GeneratorConsumer -> {
                        part.downstream
                    }

                    is SuspendGeneratorBody<*> -> {
                        part.downstream
                    }

                    is CoroutineStackFrame -> {
                        part.getStackTraceElement()?.let { if (!isNoise(it)) frames.add(it) }
                        part.callerFrame
                    }

                    else -> {
                        null
                    }
                }
        }
    }

    /**
     * The frames of the users of this library in the stack of a thread that calls it. Where the call is not made by code of a
     * loop, they lie below the library's own.
     */
    private fun callers(trace: Array<StackTraceElement>): List<StackTraceElement> {
        val inLoop = cut(trace)
        return inLoop.ifEmpty { trace.filterNot { isHidden(it) || isNoise(it) || isOfHost(it) }.map(::tidy) }
    }

    private fun isOfHost(frame: StackTraceElement) = hosts.any(frame.className::startsWith)

    /** The frames of the users of this library. */
    fun cut(trace: Array<StackTraceElement>): List<StackTraceElement> = inside(trace).filterNot(::isNoise)

    /** [cut] that leaves the frames of the JDK in which the user's code stands: what a culprit does matters. */
    fun cutBelow(trace: Array<StackTraceElement>): List<StackTraceElement> {
        val inside = inside(trace)
        val user = inside.indexOfFirst { !isNoise(it) }
        if (user < 0) return inside
        return inside.take(user).filterNot { isOurs(it.className) } + inside.drop(user).filterNot(::isNoise)
    }

    /** Without what lies below the library: the host's thread. */
    private fun inside(trace: Array<StackTraceElement>): List<StackTraceElement> {
        val bottom = trace.indexOfLast { frame -> bottoms.any(frame.className::startsWith) }
        val inside = if (bottom < 0) trace.asList() else trace.asList().subList(0, bottom + 1)
        return inside.filterNot(::isHidden).map(::tidy)
    }

    /** The classes of lambdas, which the stacks of exceptions leave out, and JDKs before 22 do not leave out of a thread's. */
    private fun isHidden(frame: StackTraceElement) = "\$\$Lambda" in frame.className

    /** Some JDKs say of every frame of a thread that its class came from the class path, and of which version the JDK is. */
    private fun tidy(frame: StackTraceElement): StackTraceElement {
        if (frame.classLoaderName !in builtIn && frame.moduleVersion == null) return frame
        val loader = frame.classLoaderName?.takeUnless(builtIn::contains)
        return StackTraceElement(
            loader,
            frame.moduleName,
            null,
            frame.className,
            frame.methodName,
            frame.fileName,
            frame.lineNumber,
        )
    }

    private val builtIn = setOf("app", "platform")

    private fun isNoise(frame: StackTraceElement): Boolean {
        val name = frame.className
        return isOurs(name) || isOfCarrier(name) || isMadeByKotlin(frame)
    }

    /** Whether the class belongs to what carries the code: the JDK, or Kotlin's machinery. */
    fun isOfCarrier(className: String): Boolean = carriers.any(className::startsWith)

    /** What the compiler adds between the functions of the source. */
    private fun isMadeByKotlin(frame: StackTraceElement) =
        frame.methodName.startsWith("access$") || frame.lineNumber == -1 && frame.fileName?.endsWith(".kt") == true

    fun isOurs(className: String): Boolean =
        className.startsWith(INTERNAL) || className.substringBeforeLast('.', "") in ours

    private const val INTERNAL = "asyncio.internal."
}
