package asyncio.internal.fiber

import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.locks.LockSupport
import java.util.concurrent.locks.ReentrantLock
import kotlin.concurrent.withLock

/**
 * Platform threads that run one body after another; the one that became idle last is the next to be used. Those of a loop end
 * with it. From any thread.
 */
internal class FiberThreads {
    private val lock = ReentrantLock()
    private val allEnded = lock.newCondition()
    private val idle = ArrayDeque<FiberThread>()

    /** How many have nothing to do any more, and have not ended yet. */
    private var ending = 0

    private var isClosed = false

    /**
     * A thread that waits for a body.
     *
     * @throws OutOfMemoryError if there is none, and the machine refuses one
     */
    fun take(): FiberThread {
        lock.withLock { idle.removeLastOrNull() }?.let { return it }
        FiberLimit.threadComes(this)
        val thread = FiberThread(this)
        try {
            starter(thread)
        } catch (error: Throwable) {
            FiberLimit.threadGoes()
            throw error
        }
        return thread
    }

    /** [thread] is about to have nothing to do. False if it shall end. */
    fun putBack(thread: FiberThread): Boolean =
        lock.withLock {
            if (!ThreadLocals.canErase || isClosed || FiberLimit.areTooMany) {
                leaves()
                return false
            }
            idle.addLast(thread)
            return true
        }

    /** Whether [thread], which has had nothing to do for long, may end: unless it is about to get something. */
    fun leave(thread: FiberThread): Boolean =
        lock.withLock {
            // Who waits longest is first.
            if (!idle.remove(thread)) return false
            leaves()
            return true
        }

    private fun leaves() {
        ending++
        FiberLimit.threadGoes()
    }

    fun endOneIdle(): Boolean =
        lock.withLock {
            val thread = idle.removeFirstOrNull() ?: return false
            leaves()
            thread.end()
            return true
        }

    fun ended(): Unit =
        lock.withLock {
            ending--
            if (ending == 0) allEnded.signalAll()
        }

    /** Ends those that are idle, and waits for that, but not for long. */
    fun close() {
        val interrupted = Thread.interrupted()
        lock.withLock {
            isClosed = true
            while (endOneIdle()) Unit
            var left = TimeUnit.SECONDS.toNanos(1)
            while (ending > 0 && left > 0) left = allEnded.awaitNanos(left)
        }
        FiberLimit.poolGoes(this)
        if (interrupted) Thread.currentThread().interrupt()
    }

    internal companion object {
        /** Tests have others. */
        @Volatile var starter: (Thread) -> Unit = Thread::start

        /** For what is driven by hand without a loop: nobody says when that is over. */
        val shared: FiberThreads by lazy(::FiberThreads)
    }
}

/** Waits for a body, runs it, and waits for the next one; ends when it has waited for long. */
internal class FiberThread(
    private val pool: FiberThreads,
) : Thread(null, null, "asyncio-fiber-${numbers.incrementAndGet()}", 0, false) {
    @Volatile private var next: Runnable? = null

    init {
        isDaemon = true
    }

    fun give(body: Runnable) {
        next = body
        LockSupport.unpark(this)
    }

    fun end(): Unit = give(END)

    /** The body that it runs is at its end. */
    fun bodyEnds() {
        if (!pool.putBack(this)) next = END
    }

    override fun run() {
        try {
            while (true) {
                val body = awaitNext() ?: return
                body.run()
                ThreadLocals.erase()
                interrupted()
            }
        } finally {
            pool.ended()
        }
    }

    private fun awaitNext(): Runnable? {
        var begin = 0L
        while (true) {
            val body = next
            if (body != null) {
                next = null
                return body.takeUnless { it === END }
            }
            val now = System.nanoTime()
            if (begin == 0L) begin = now
            if (now - begin >= LONGEST_REST) {
                if (pool.leave(this)) return null
                begin = now
            }
            LockSupport.parkNanos(this, LONGEST_REST - (now - begin))
            interrupted()
        }
    }

    private companion object {
        val numbers = AtomicInteger()
        val END = Runnable {}
        val LONGEST_REST = TimeUnit.SECONDS.toNanos(10)
    }
}
