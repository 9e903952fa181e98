package asyncio.internal.task

import asyncio.ExceptionContext
import asyncio.internal.loop.isFatal
import kotlinx.coroutines.CoroutineExceptionHandler
import kotlin.coroutines.AbstractCoroutineContextElement
import kotlin.coroutines.CoroutineContext

/** Gives the loop's exception handler what no scope of kotlinx takes, as the failure of a child of `supervisorScope`. */
internal class LoopExceptionHandler(
    private val loop: TaskLoop,
) : AbstractCoroutineContextElement(CoroutineExceptionHandler),
    CoroutineExceptionHandler {
    /** An error of the JVM, which kotlinx has caught on its way out of the loop. Code of the loop only. */
    private var fatal: Throwable? = null

    override fun handleException(
        context: CoroutineContext,
        exception: Throwable,
    ) {
        if (loop.isExecutedBy(Thread.currentThread())) return handle(exception)
        if (loop.isClosed) {
            val thread = Thread.currentThread()
            thread.uncaughtExceptionHandler.uncaughtException(thread, exception)
        } else {
            loop.callSoonThreadsafe { handle(exception) }
        }
    }

    private fun handle(exception: Throwable) {
        val error = generateSequence(exception) { it.cause }.firstOrNull(::isFatal)
        if (error != null) {
            fatal = error
        } else {
            val report = ExceptionContext.of("Unhandled exception in a coroutine that kotlinx launched")
            loop.callExceptionHandler(report.withException(exception))
        }
    }

    fun rethrowFatal() {
        val error = fatal ?: return
        fatal = null
        throw error
    }
}
