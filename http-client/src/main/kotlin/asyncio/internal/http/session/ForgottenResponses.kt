package asyncio.internal.http.session

import asyncio.ExceptionContext
import java.lang.ref.Cleaner

/** Gives back the connections of responses that were neither read nor closed before their users lost them. */
internal object ForgottenResponses {
    /** With a thread that belongs to the JVM: who waits for the threads of a program does not wait for this one. */
    private val cleaner = lazy { Cleaner.create() }

    fun watch(
        response: ClientResponseImpl,
        exchange: Exchange,
    ) {
        val watch = cleaner.value.register(response, Forgotten(exchange))
        // Most are read to their end: then there is nothing to watch any more.
        exchange.whenOver { watch.clean() }
    }

    /** Knows the exchange but not the response, or it would keep it. */
    private class Forgotten(
        private val exchange: Exchange,
    ) : Runnable {
        override fun run() {
            if (exchange.isOver) return
            val session = exchange.attempt.request.session
            session.host.execute {
                if (exchange.isOver || session.loop.isClosed) return@execute
                if (session.loop.debug) {
                    val message = "Unclosed response: ${exchange.attempt.describe()}. Close it, or read it to its end"
                    val madeAt = exchange.attempt.request.madeAt
                    session.loop.callExceptionHandler(madeAt(ExceptionContext.of(message), madeAt))
                }
                exchange.giveUp("the response was forgotten")
            }
        }
    }
}

/** [context] with the place, which the log shows as it does of tasks and futures. */
internal fun madeAt(
    context: ExceptionContext,
    place: List<StackTraceElement>?,
): ExceptionContext = if (place == null) context else context.withDetail("sourceTraceback", place)
