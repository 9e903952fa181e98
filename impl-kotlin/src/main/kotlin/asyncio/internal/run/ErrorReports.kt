package asyncio.internal.run

import asyncio.ExceptionContext
import asyncio.ExceptionHandler
import asyncio.internal.context.Contexts
import asyncio.internal.debug.Debugging
import asyncio.internal.loop.isFatal
import asyncio.internal.task.TaskImpl

/** What becomes of the errors of one loop that no code of the user's can see: its handler is told, or the log. */
internal class ErrorReports(
    private val loop: EventLoopImpl,
) {
    /** The user's handler; null for the log. */
    var handler: ExceptionHandler? = null

    /** Tells the handler, in the context of the task concerned. */
    fun report(context: ExceptionContext) {
        val task = context.task() as? TaskImpl<*>
        // What was saved of the running task is older than what it has now.
        if (task == null || task === loop.currentTask) return reportHere(context)
        reportIn(task.contextState, context)
    }

    /** Tells the handler in the context with this state. */
    fun reportIn(
        state: Any?,
        context: ExceptionContext,
    ): Unit = Contexts.withinWholly(state) { reportHere(context) }

    private fun reportHere(context: ExceptionContext) {
        val handler = handler ?: return logByDefault(context)
        try {
            handler.handle(loop, context)
        } catch (error: Throwable) {
            if (isFatal(error)) throw error
            val report = ExceptionContext.of("Unhandled error in exception handler")
            logByDefault(report.withException(error).withDetail("report", context))
        }
    }

    private fun logByDefault(context: ExceptionContext) {
        try {
            loop.defaultExceptionHandler(context)
        } catch (error: Throwable) {
            if (isFatal(error)) throw error
            // Something of the user's cannot even be printed: say what can be said without it.
            logger.log(System.Logger.Level.ERROR, "Exception in default exception handler: ${error.javaClass.name}")
        }
    }

    fun log(context: ExceptionContext) {
        val lines = StringBuilder(context.message())
        context.task()?.let { lines.append("\ntask: ").append(it) }
        context.future()?.let { if (it !== context.task()) lines.append("\nfuture: ").append(it) }
        for ((key, value) in context.details()) {
            if (key == Debugging.SOURCE_TRACEBACK && value is List<*>) {
                lines.append("\ncreated at:")
                for (frame in value) lines.append("\n\tat ").append(frame)
            } else {
                lines.append("\n$key: $value")
            }
        }
        logger.log(System.Logger.Level.ERROR, lines.toString(), context.exception())
    }

    private companion object {
        val logger: System.Logger = System.getLogger("asyncio")
    }
}
