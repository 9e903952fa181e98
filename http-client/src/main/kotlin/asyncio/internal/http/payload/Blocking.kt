package asyncio.internal.http.payload

import asyncio.CancelledError
import asyncio.kotlin.await
import asyncio.spi.AsyncioProvider
import java.io.IOException
import java.util.concurrent.Callable
import java.util.concurrent.RejectedExecutionException

/** Files and streams, which block: in the loop's pool of threads. */
internal object Blocking {
    suspend fun <T> inExecutor(call: () -> T): T = await(start(call))

    private fun <T> start(call: () -> T) =
        checkNotNull(
            AsyncioProvider.get().runningLoop(),
        ) { "no loop runs here" }.runInExecutor(null, Callable { call() })

    /**
     * Closes something that another thread may be reading. Without [mayWait] it does not wait for that thread, which
     * may read for a long time. A failure of the closing is ignored, because the data is not needed any more.
     */
    suspend fun close(
        mayWait: Boolean,
        closing: () -> Unit,
    ) {
        val quietly = { quietly(closing) }
        val closed =
            try {
                start(quietly)
            } catch (_: RejectedExecutionException) {
                return quietly()
            } catch (_: IllegalStateException) {
                return quietly()
            }
        if (mayWait) await(closed)
    }

    /** [close] without waiting, from any thread. */
    fun closeSoon(closing: () -> Unit) {
        val quietly = { quietly(closing) }
        if (AsyncioProvider.get().runningLoop() == null) return quietly()
        try {
            start(quietly)
        } catch (_: RejectedExecutionException) {
            quietly()
        } catch (_: IllegalStateException) {
            quietly()
        }
    }

    private fun quietly(closing: () -> Unit) {
        try {
            closing()
        } catch (_: IOException) {
        } catch (_: RuntimeException) {
        }
    }
}
