package asyncio.internal.task

import asyncio.internal.debug.StackFrames
import asyncio.internal.fiber.Fiber
import java.lang.ref.WeakReference

/**
 * The stack trace of an exception on its way from await to await. As in CPython it is one trace, innermost frame first: each await
 * out of which the exception comes adds its own stack, down to the call of `run`. Nothing of that is done where nothing fails.
 *
 * A future keeps the trace that its exception had when the future was done. So each of several awaits begins with that, and an
 * exception that is awaited again and again does not grow.
 */
internal object Tracebacks {
    /** Leaves the frames of the library in: for work on the library itself. */
    const val PROPERTY: String = "asyncio.traces.full"

    private val isFull = java.lang.Boolean.getBoolean(PROPERTY)

    /** As many frames as the JVM gives an exception. */
    private const val MOST_FRAMES = 1024

    /**
     * An await that raises one object again and again, as no future keeps it, adds its stack so often; so does a function whose tasks
     * await each other.
     */
    private const val MOST_REPEATS = 3

    /** So many exceptions below each other are cleaned. */
    private const val MOST_CAUSES = 5

    /**
     * The trace of [error], which begins its way here: without internals, and so are its causes. Null if it was made without one: it
     * is a signal then, and has to be cheap.
     */
    fun of(error: Throwable): Array<StackTraceElement>? =
        attempt(error) {
            val trace = error.stackTrace
            if (trace.isEmpty()) return null
            if (isFull) return trace
            cleanCauses(error, MOST_CAUSES)
            val cleaned = cleaned(error, trace)
            // An empty one would look as if it was made so.
            if (cleaned.isNotEmpty() && cleaned.size != trace.size) error.stackTrace = cleaned
            cleaned
        }

    /** [error] comes out of an await with these [frames]; the future that was awaited has kept [base]. */
    inline fun extend(
        error: Throwable,
        base: Array<StackTraceElement>?,
        frames: () -> List<StackTraceElement>,
    ): Throwable {
        if (base != null) attempt(error) { setTrace(error, base, frames(), MOST_REPEATS) }
        return error
    }

    /** [error] goes on inside its task, from one stack to another with these [frames], which it may have got already further in. */
    inline fun complete(
        error: Throwable,
        frames: () -> List<StackTraceElement>,
    ): Throwable {
        val base = of(error)
        if (base != null) attempt(error) { setTrace(error, base, frames(), 1) }
        return error
    }

    /** [error], made this moment by the library, is raised in [suspended], a suspended part of a coroutine of [loop]. */
    fun begin(
        error: Throwable,
        suspended: Any?,
        loop: TaskLoop,
    ): Throwable {
        attempt(error) {
            val frames = Stacks.from(suspended)
            if (frames.isNotEmpty()) error.stackTrace = frames.toTypedArray()
        }
        return error.also { noteComplete(it, loop) }
    }

    /** [error] has got, in the present turn of [loop], all frames down to the end of its task. */
    fun noteComplete(
        error: Throwable,
        loop: TaskLoop,
    ) {
        loop.tracedError = TracedError(error, loop.turns)
    }

    fun isComplete(
        error: Throwable,
        loop: TaskLoop,
    ): Boolean = loop.tracedError.let { it != null && it.turn == loop.turns && it.get() === error }

    /** [error] ends the suspend functions in which the present step of [driver] has begun. */
    fun addCallers(
        error: Throwable,
        driver: CoroutineDriver<*>,
    ) {
        val top = driver.top
        if (top == null || top is Fiber && top.parent == null || isComplete(error, driver.loop)) return
        // What is known of the library's own functions is cut out by then.
        val trace = attempt(error) { error.stackTrace.asList() } ?: return
        // An exception that was made elsewhere, and kept, has no frame of the step.
        complete(error) { Stacks.callersOf(trace, driver) ?: Stacks.from(top) }
        noteComplete(error, driver.loop)
    }

    private fun cleaned(
        error: Throwable,
        trace: Array<StackTraceElement>,
    ): Array<StackTraceElement> =
        StackFrames.ofThrown(trace, isExpected = StackFrames.isOurs(error.javaClass.name)).toTypedArray()

    private fun cleanCauses(
        error: Throwable,
        depth: Int,
    ) {
        if (depth == 0) return
        for (other in listOfNotNull(error.cause) + error.suppressed) {
            val trace = other.stackTrace
            val cleaned = cleaned(other, trace)
            if (cleaned.size != trace.size) other.stackTrace = if (cleaned.isEmpty()) arrayOf(trace[0]) else cleaned
            cleanCauses(other, depth - 1)
        }
    }

    private fun setTrace(
        error: Throwable,
        base: Array<StackTraceElement>,
        frames: List<StackTraceElement>,
        most: Int,
    ) {
        val joined = if (base.size >= MOST_FRAMES || endsWith(base, frames, most)) base else base + frames
        if (joined.isNotEmpty()) error.stackTrace = joined
    }

    /** Whether [frames] stand at the end so many [times]. */
    private fun endsWith(
        trace: Array<StackTraceElement>,
        frames: List<StackTraceElement>,
        times: Int,
    ): Boolean {
        var end = StackFrames.withoutMachinery(trace)
        repeat(times) {
            val rest = end.size - frames.size
            if (rest < 0 || end.subList(rest, end.size) != frames) return false
            end = end.subList(0, rest)
        }
        return true
    }

    /** What comes of an exception matters more than how it is shown: a class of the user's may do anything here. */
    private inline fun <T> attempt(
        error: Throwable,
        action: () -> T,
    ): T? {
        if (error is VirtualMachineError && error !is StackOverflowError) return null
        return try {
            action()
        } catch (_: Throwable) {
            null
        }
    }
}

/** An exception whose trace is complete as far as its task goes, and the turn in which that was so. */
internal class TracedError(
    error: Throwable,
    val turn: Int,
) : WeakReference<Throwable>(error)
