package asyncio.internal.task

import asyncio.CancelledError
import asyncio.GeneratorExit
import asyncio.StopIteration
import java.lang.ref.Cleaner
import java.util.concurrent.CompletableFuture
import java.util.concurrent.Executor
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicBoolean
import kotlin.coroutines.Continuation

/**
 * Drives a coroutine by `send`, `raise` and `close`: a call runs the next step, and returns what the coroutine waits for
 * then. Inside a loop it runs in the task of the caller. Users never see this object, nor that it is a future.
 */
internal class ManualDriver<T>(
    loop: TaskLoop,
    coroutine: CoroutineImpl<T>,
) : CoroutineDriver<T>(loop, coroutine) {
    private val isRunning = AtomicBoolean()

    /** Closes it when its coroutine is garbage. */
    private var abandonment: Cleaner.Cleanable? = null

    /** What it yielded, or the future that it waits for. */
    private var given: Any? = null

    private var ended: Result<T>? = null

    override var task: TaskImpl<*>? = null
        private set

    override val title: String get() = "A coroutine that is driven by hand"

    fun send(value: Any?): Any? =
        drive {
            loop.sent = value
            advance()
        }

    fun raise(error: Throwable): Any? =
        drive {
            raise = error
            advance()
        }

    fun close() {
        if (stage == ENDED) return
        try {
            raise(GeneratorExit())
        } catch (_: GeneratorExit) {
            return
        } catch (_: StopIteration) {
            return
        }
        throw IllegalStateException("coroutine ignored GeneratorExit")
    }

    private fun drive(action: () -> Unit): Any? {
        check(stage != ENDED) { "cannot reuse already awaited coroutine" }
        // Nothing of the loop's may be touched before this is known.
        val isInLoop = loop.isExecutedBy(Thread.currentThread())
        check(isInLoop || loop.isDetached) {
            "This coroutine was begun by code of an event loop, and can be driven only by code of that loop." +
                " From elsewhere use loop.callSoonThreadsafe(() -> …)"
        }
        check(isRunning.compareAndSet(false, true)) {
            "coroutine already executing: it cannot be driven from inside of itself, nor by two threads at once"
        }
        try {
            if (isInLoop) {
                task = loop.driver?.task
                loop.onLoopThread { nested(action) }
            } else {
                loop.enter { nested(action) }
            }
        } finally {
            task = null
            isRunning.set(false)
        }
        val ended = ended ?: return given.also { given = null }
        throw ended.exceptionOrNull() ?: StopIteration(ended.getOrNull())
    }

    private inline fun nested(action: () -> Unit) {
        check(loop.nesting < DEEPEST) { "Coroutines that drive one another by hand are nested too deeply" }
        loop.nesting++
        try {
            action()
        } finally {
            loop.nesting--
            loop.sent = null
        }
    }

    private fun advance() {
        val isFirst = stage == NOT_STARTED
        if (isFirst && raise != null) return endUnbegun(takeRaise()!!)
        val waited = awaited
        awaited = null
        if (waited != null && !waited.done() && raise == null) {
            raise =
                IllegalStateException(
                    "await wasn't used with future: the coroutine waits for $waited, and was driven on before that" +
                        " was done. Drive it on when it is, or let a task await the coroutine",
                )
        }
        step { if (isFirst) start() else resumeTop(waited) }
        if (isFirst) letGo()
    }

    /** No body has raised it: it comes out as it is, also a [StopIteration]. */
    private fun endUnbegun(error: Throwable) {
        val outcome = Result.failure<T>(error)
        finish(outcome)
        ended = outcome
    }

    /** From now on the coroutine keeps this alive, and not the other way round. */
    private fun letGo() {
        val coroutine = coroutine
        this.coroutine = null
        // The library's own have nothing to clean up, and some hold themselves.
        if (stage == ENDED || coroutine !is JavaCoroutine<*> && coroutine !is SuspendCoroutine<*>) return
        loop.manualDrivers.add(this)
        abandonment = cleaner.register(coroutine) { abandonFromAnywhere() }
    }

    private fun abandonFromAnywhere() {
        if (stage == ENDED) return
        try {
            if (!loop.isDetached) {
                loop.callSoonThreadsafe(::abandon)
            } else if (!loop.tryEnter(::abandon)) {
                // Another coroutine of the same stand-in for a loop runs.
                later.execute(::abandonFromAnywhere)
            }
        } catch (closed: IllegalStateException) {
            if (!loop.isClosed) throw closed
        }
    }

    /** Runs the `finally` blocks of a coroutine that no code will drive on. */
    internal fun abandon() {
        if (stage == ENDED) return
        try {
            close()
        } catch (error: Throwable) {
            logger.log(
                System.Logger.Level.WARNING,
                "Exception ignored in a coroutine that no code drives any more",
                error,
            )
        }
    }

    override fun afterSuspension() {
        when (stage) {
            YIELDED -> {
                given = loop.yielded
                loop.yielded = null
            }

            WAITING -> {
                given = awaited
            }

            else -> {
                finish(
                    Result.failure(
                        IllegalStateException("kotlinx suspended $title: only a task can wait for it"),
                    ),
                )
            }
        }
    }

    override fun finish(result: Result<T>) {
        stage = ENDED
        top = null
        fiber = null
        contextOrNull?.completeJob(result.exceptionOrNull())
        ended = failureOf(result)?.let { Result.failure(it) } ?: result
        loop.manualDrivers.remove(this)
        abandonment?.clean()
    }

    override fun turn(): Unit = throw AssertionError("$title has no turn in a loop")

    override fun takeCancellation(continuation: Continuation<*>): CancelledError? = null

    private companion object {
        val cleaner: Cleaner = Cleaner.create()
        val later: Executor = CompletableFuture.delayedExecutor(10, TimeUnit.MILLISECONDS)
        val logger: System.Logger = System.getLogger("asyncio")
    }
}
