package asyncio.internal.vertx

import io.netty.util.concurrent.EventExecutor
import java.util.concurrent.RejectedExecutionException
import java.util.concurrent.TimeUnit

/**
 * Runs [action] when this event loop has asked its selector again, which is when the system gets back the sockets that were closed before;
 * at once if the event loop has ended.
 */
internal fun EventExecutor.afterNextSelect(action: () -> Unit) {
    try {
        // A timer that is due runs after the event loop has selected; a job may run before.
        schedule(action, 1, TimeUnit.NANOSECONDS)
    } catch (_: RejectedExecutionException) {
        action()
    }
}
