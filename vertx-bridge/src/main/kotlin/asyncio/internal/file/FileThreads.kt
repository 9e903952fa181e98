package asyncio.internal.file

import java.util.concurrent.Executor
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.locks.LockSupport
import java.util.concurrent.locks.ReentrantLock
import kotlin.concurrent.withLock

/**
 * The threads that touch the disk, for all loops: daemons, which are made where no other is idle, and end after a while without work. The one
 * that was idle for the shortest time goes on first, because its stack and its buffers are in the caches.
 */
internal object FileThreads : Executor {
    private const val IDLE_NANOS = 1_000_000_000L

    private val most = minOf(32, Runtime.getRuntime().availableProcessors() + 4)
    private val lock = ReentrantLock()
    private val jobs = ArrayDeque<Runnable>()
    private val idle = ArrayDeque<Worker>()
    private val number = AtomicInteger()
    private var workers = 0

    override fun execute(job: Runnable) {
        val worker =
            lock.withLock {
                val worker = idle.removeLastOrNull()
                if (worker == null) {
                    if (workers == most) {
                        jobs.addLast(job)
                        return
                    }
                    workers++
                } else {
                    worker.job = job
                }
                worker
            }
        if (worker != null) LockSupport.unpark(worker.thread) else startWorker(job)
    }

    private fun startWorker(job: Runnable) {
        val worker = Worker(job)
        try {
            worker.thread.start()
        } catch (error: Throwable) {
            lock.withLock { workers-- }
            throw error
        }
    }

    private class Worker(
        @Volatile var job: Runnable?,
    ) : Runnable {
        // A platform thread, which inherits nothing: the caller may be a fiber, whose virtual threads the loop itself resumes.
        val thread =
            Thread(null, this, "asyncio-file-${number.incrementAndGet()}", 0, false).apply {
                isDaemon = true
                contextClassLoader = ClassLoader.getSystemClassLoader()
            }

        override fun run() {
            try {
                while (true) {
                    val job = job ?: next() ?: return
                    this.job = null
                    job.run()
                }
            } catch (error: Throwable) {
                lock.withLock { workers-- }
                throw error
            }
        }

        private fun next(): Runnable? {
            lock.withLock {
                jobs.removeFirstOrNull()?.let { return it }
                idle.addLast(this)
            }
            val end = System.nanoTime() + IDLE_NANOS
            while (true) {
                LockSupport.parkNanos(this, end - System.nanoTime())
                job?.let { return it }
                if (System.nanoTime() - end >= 0) return lastChance()
            }
        }

        /** Ends, unless a job has come just now. */
        private fun lastChance(): Runnable? =
            lock.withLock {
                if (idle.remove(this)) {
                    workers--
                    null
                } else {
                    job
                }
            }
    }

    /** For tests: how many threads there are. */
    val size: Int get() = lock.withLock { workers }

    val idleTime: Long get() = TimeUnit.NANOSECONDS.toMillis(IDLE_NANOS)
}
