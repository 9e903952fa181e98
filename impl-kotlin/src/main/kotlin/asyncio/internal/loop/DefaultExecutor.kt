package asyncio.internal.loop

import asyncio.internal.task.FutureImpl
import java.util.concurrent.Callable
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.ThreadPoolExecutor
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger

/** The loop's own pool for blocking code: as large as asyncio's, with daemon threads that are made when they are needed. */
internal class DefaultExecutor {
    private val pool =
        ThreadPoolExecutor(SIZE, SIZE, 10, TimeUnit.SECONDS, LinkedBlockingQueue()) { body ->
            Thread(null, body, "asyncio-${number.incrementAndGet()}", 0, false).apply { isDaemon = true }
        }.apply { allowCoreThreadTimeOut(true) }

    fun start(job: ExecutorJob<*>) {
        job.onCancel = { pool.remove(job) }
        pool.execute(job)
    }

    fun shutdown(): Unit = pool.shutdown()

    fun shutdownAndWait() {
        pool.shutdown()
        var interrupted = false
        try {
            if (!pool.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                System
                    .getLogger("asyncio")
                    .log(
                        System.Logger.Level.WARNING,
                        "The default executor did not end within $PATIENCE_SECONDS seconds",
                    )
            }
        } catch (_: InterruptedException) {
            interrupted = true
        }
        if (interrupted) Thread.currentThread().interrupt()
    }

    private companion object {
        const val PATIENCE_SECONDS = 300L
        val SIZE = minOf(32, Runtime.getRuntime().availableProcessors() + 4)
        val number = AtomicInteger()
    }
}

/** Blocking code on its way through an executor: it starts unless it was called off before. */
internal class ExecutorJob<T>(
    private val loop: EventLoopImpl,
    private val call: Callable<out T>,
) : Runnable {
    private val claimed = AtomicBoolean()
    var onCancel: () -> Unit = {}

    val future: FutureImpl<T> =
        object : FutureImpl<T>(loop) {
            override fun cancel(message: String?): Boolean {
                val cancelled = super.cancel(message)
                if (cancelled && claimed.compareAndSet(false, true)) onCancel()
                return cancelled
            }
        }

    override fun run() {
        if (!claimed.compareAndSet(false, true)) return
        val result = runCatching { call.call() }
        try {
            loop.callSoonThreadsafe {
                result.fold({ future.offerResult(it) }, { future.offerException(it) })
            }
        } catch (closed: IllegalStateException) {
            // The loop is gone, and with it everybody who could want the result.
            if (!loop.isClosed) throw closed
        }
    }
}
