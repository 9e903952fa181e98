package asyncio.internal.fiber

import asyncio.internal.loop.Scheduler
import asyncio.internal.thread.ThreadLocals
import java.util.concurrent.SynchronousQueue
import java.util.concurrent.ThreadFactory
import java.util.concurrent.ThreadPoolExecutor
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger

/** Fibers on pooled daemon threads, for JVMs without virtual ones. The [ThreadLimit] says how many may be in use. */
internal class PlatformFibers(
    private val loop: Scheduler,
    private val newThread: ThreadFactory = Factory,
) : Fibers,
    FiberThreads {
    private val pool =
        object : ThreadPoolExecutor(0, Int.MAX_VALUE, 10, TimeUnit.SECONDS, SynchronousQueue(), newThread) {
            override fun afterExecute(
                body: Runnable,
                error: Throwable?,
            ): Unit = ThreadLocals.erase()
        }

    override fun create(body: Any): Fiber = BatonFiber(loop, body, this)

    override fun start(body: Runnable) {
        ThreadLimit.take()
        try {
            if (ThreadLocals.canErase) pool.execute(body) else newThread.newThread(body).start()
        } catch (error: Throwable) {
            ThreadLimit.giveBack()
            if (!isForWantOfThread(error)) throw error
            throw ThreadLimit.refusal("the machine starts no more").initCause(error)
        }
    }

    /** The JVM has one class of error for want of memory and for want of threads. */
    private fun isForWantOfThread(error: Throwable) = error is OutOfMemoryError && "thread" in error.message.orEmpty()

    override fun ended(): Unit = ThreadLimit.giveBack()

    override fun drive(iterations: Runnable): Unit = iterations.run()

    override fun close() {
        pool.shutdownNow()
        val interrupted = Thread.interrupted()
        pool.awaitTermination(1, TimeUnit.SECONDS)
        if (interrupted) Thread.currentThread().interrupt()
    }

    private object Factory : ThreadFactory {
        private val number = AtomicInteger()

        override fun newThread(body: Runnable): Thread =
            Thread(null, body, "asyncio-fiber-${number.incrementAndGet()}", 0, false).apply { isDaemon = true }
    }
}
