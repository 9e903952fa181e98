package asyncio.internal.testing

import asyncio.internal.loop.LoopHost
import java.util.concurrent.ScheduledThreadPoolExecutor
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger

/** The simplest host there is: one daemon thread and its queue. */
internal open class ThreadHost : LoopHost {
    @Volatile private var thread: Thread? = null

    private val queue =
        ScheduledThreadPoolExecutor(1) { body ->
            Thread(null, body, "host-${numbers.incrementAndGet()}", 0, false).apply {
                isDaemon = true
                thread = this
            }
        }.apply { removeOnCancelPolicy = true }

    override fun post(task: Runnable) {
        queue.execute { loudly(task) }
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

/**
 * A host whose time stands still while the loop has something to do, and jumps to the next timer when it has not. It begins a
 * second before its clock overflows, as a monotonic clock may.
 */
internal class VirtualTimeHost : ThreadHost() {
    @Volatile private var now = Long.MAX_VALUE - 1_000_000_000

    override fun nanoTime(): Long = now

    override fun wakeAfter(
        delayNanos: Long,
        task: Runnable,
    ): LoopHost.Wake {
        now += delayNanos
        var cancelled = false
        post { if (!cancelled) task.run() }
        return LoopHost.Wake { cancelled = true }
    }
}
