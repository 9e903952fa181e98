package asyncio.internal.thread

import java.util.concurrent.FutureTask

/** Runs [action] on a platform thread for the calling virtual one, which waits. */
internal fun onPlatformThread(action: () -> Unit) {
    val task = FutureTask { runCatching(action) }
    Thread(task, "asyncio-driver").apply { isDaemon = true }.start()
    var interrupted = false
    while (true) {
        try {
            val result = task.get()
            if (interrupted) Thread.currentThread().interrupt()
            return result.getOrThrow()
        } catch (_: InterruptedException) {
            interrupted = true
        }
    }
}
