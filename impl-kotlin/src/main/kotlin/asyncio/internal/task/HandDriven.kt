package asyncio.internal.task

import asyncio.CancelledError
import asyncio.GeneratorExit
import asyncio.StopIteration
import asyncio.internal.loop.EventLoopImpl
import kotlin.coroutines.Continuation

/**
 * A coroutine that is driven by hand, with `send`, `raise` and `close`: whoever calls these runs its next step, and is told
 * what it waits for then. Inside a loop it runs in the task of the caller. Nobody ever sees this as a future.
 */
internal class HandDriven<T>(
    loop: EventLoopImpl,
    coroutine: CoroutineImpl<T>,
) : Steps<T>(loop, coroutine) {
    private var isRunning = false

    /** What it yielded, or the future that it waits for. */
    private var given: Any? = null

    private var ended: Result<T>? = null

    override var task: TaskImpl<*>? = null
        private set

    override val title: String get() = "A coroutine that is driven by hand"

    fun send(value: Any?): Any? {
        check(value == null || stage != NOT_STARTED) { "can't send a value to a just-started coroutine" }
        return drive {
            loop.sent = value
            advance()
        }
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
        check(!isRunning) { "coroutine already executing" }
        isRunning = true
        try {
            if (loop.isExecutedBy(Thread.currentThread())) {
                task = loop.steps?.task
                loop.offFiber(action)
            } else {
                check(loop.isDetached) { "This coroutine was begun in an event loop, and can be driven only there" }
                loop.enter(action)
            }
        } finally {
            isRunning = false
            task = null
        }
        val ended = ended ?: return given.also { given = null }
        throw ended.exceptionOrNull() ?: StopIteration(ended.getOrNull())
    }

    private fun advance() {
        val isFirst = stage == NOT_STARTED
        val waited = waiter
        waiter = null
        step { if (isFirst) start() else resumeTop(waited) }
    }

    override fun afterSuspension() {
        when (stage) {
            YIELDED -> {
                given = loop.yielded
                loop.yielded = null
            }

            WAITING -> {
                given = waiter
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
        contextOrNull?.endJob()
        ended = result
    }

    override fun turn(): Unit = throw AssertionError("$title has no turn in a loop")

    override fun turnExternally(
        continuation: Continuation<Any?>,
        result: Result<Any?>,
    ): Unit = Unit

    override fun takeCancellation(continuation: Continuation<*>): CancelledError? = null
}
