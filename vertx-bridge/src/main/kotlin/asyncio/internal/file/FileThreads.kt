package asyncio.internal.file

import java.util.concurrent.Executor
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.locks.LockSupport
import java.util.concurrent.locks.ReentrantLock
import kotlin.concurrent.withLock

/**
 * The threads that touch the disk, for all loops: daemons, which are made where no other is idle, and end after a while without work. The one
 * that was idle for the shortest time goes on first, because its stack and its buffers are in the caches.
 */
internal class FileThreads private constructor(
    private val name: String,
    private val most: Int,
) : Executor {
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

    private inner class Worker(
        @Volatile var job: Runnable?,
    ) : Runnable {
        // A platform thread, which inherits nothing: the caller may be a fiber, whose virtual threads the loop itself resumes.
        val thread =
            Thread(null, this, "$name-${number.incrementAndGet()}", 0, false).apply {
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

    companion object {
        private const val IDLE_NANOS = 1_000_000_000L

        /** For what the disk does by itself. */
        val disk: Executor = FileThreads("asyncio-file", minOf(32, Runtime.getRuntime().availableProcessors() + 4))

        /** For pipes and devices, where a thread may wait for another program as long as that likes. */
        val pipes: Executor = FileThreads("asyncio-pipe", Int.MAX_VALUE)
    }
}
