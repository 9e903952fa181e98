package asyncio.internal.loop

import asyncio.internal.task.FutureImpl
import java.util.concurrent.Callable
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.ThreadFactory
import java.util.concurrent.ThreadPoolExecutor
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger

/** The loop's own pool for blocking code: as large as asyncio's, with daemon threads that are made when they are needed. */
internal class DefaultExecutor {
    private var onEnd: () -> Unit = {}

    private val pool =
        object : ThreadPoolExecutor(SIZE, SIZE, 10, TimeUnit.SECONDS, LinkedBlockingQueue(), Threads) {
            override fun terminated(): Unit = onEnd()
        }.apply { allowCoreThreadTimeOut(true) }

    fun start(job: ExecutorJob<*>) {
        job.onCancel = { pool.remove(job) }
        pool.execute(job)
    }

    fun shutdown(): Unit = pool.shutdown()

    /** Takes no more jobs, and calls [onEnd] from some thread when the last one has ended. */
    fun shutdown(onEnd: () -> Unit) {
        this.onEnd = onEnd
        pool.shutdown()
    }

    private object Threads : ThreadFactory {
        private val number = AtomicInteger()

        override fun newThread(body: Runnable): Thread =
            Thread(null, body, "asyncio-${number.incrementAndGet()}", 0, false).apply { isDaemon = true }
    }

    private companion object {
        val SIZE = minOf(32, Runtime.getRuntime().availableProcessors() + 4)
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
