package asyncio.internal.testing

import asyncio.internal.loop.LoopHost
import java.util.concurrent.RejectedExecutionException
import java.util.concurrent.ScheduledThreadPoolExecutor
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger

/** The simplest host there is: one daemon thread and its queue. */
internal class ThreadHost : LoopHost {
    @Volatile private var thread: Thread? = null

    private val queue =
        ScheduledThreadPoolExecutor(1) { body ->
            Thread(null, body, "host-${numbers.incrementAndGet()}", 0, false).apply {
                isDaemon = true
                thread = this
            }
        }.apply { removeOnCancelPolicy = true }

    override fun post(task: Runnable) {
        try {
            queue.execute { loudly(task) }
        } catch (refused: RejectedExecutionException) {
            if (!queue.isShutdown) throw refused
        }
    }

    override fun wakeAfter(
        delayNanos: Long,
        task: Runnable,
    ): LoopHost.Wake {
        val future = queue.schedule({ loudly(task) }, delayNanos, TimeUnit.NANOSECONDS)
        return LoopHost.Wake { future.cancel(false) }
    }

    override fun nanoTime(): Long = System.nanoTime()

    override fun isHostThread(): Boolean = Thread.currentThread() === thread

    override fun close(): Unit = queue.shutdown()

    // A pool swallows what its tasks throw, and a loop that threw is a loop that hangs.
    private fun loudly(task: Runnable) {
        try {
            task.run()
        } catch (error: Throwable) {
            error.printStackTrace()
            throw error
        }
    }

    private companion object {
        val numbers = AtomicInteger()
    }
}
