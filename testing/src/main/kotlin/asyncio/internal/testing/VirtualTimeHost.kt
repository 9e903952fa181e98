package asyncio.internal.testing

import asyncio.internal.loop.LoopHost
import java.util.PriorityQueue
import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.locks.ReentrantLock
import kotlin.concurrent.withLock

/**
 * A host whose time stands still while anything is left to do, and then jumps to the next wake-up.
 *
 * ```
 * BUSY    tasks are queued                         they run, one after another; time stands
 *   \----> QUIET  none is queued, nobody is owed   asks [Pilot] what next: to run, to move the clock, or neither
 *            \----> STUCK  time may not move       until something is posted
 * ```
 *
 * All state is under one lock. The clock and the tasks are the host thread's: it alone moves and runs them.
 */
internal class VirtualTimeHost(
    private val pilot: Pilot,
) : LoopHost {
    /** Decides when time moves. Asked by the host's thread, between two tasks. */
    interface Pilot {
        /** How far the clock may go, in nanoseconds since the start; null while it must stand. */
        fun limit(): Long?

        /** Whether time must wait for threads that work for the loop. */
        fun waitsForThreads(): Boolean

        /** Nothing is ready. True if there is something now. */
        fun onQuiet(): Boolean

        /** Nothing is ready, and time cannot move either. Told once, until something is posted. */
        fun onStuck()
    }

    private val lock = ReentrantLock()
    private val changed = lock.newCondition()
    private val tasks = ArrayDeque<Runnable>()
    private val wakes = PriorityQueue<VirtualWake>()
    private var wakesSoFar = 0L
    private var working = 0
    private var stuckTold = false
    private var closed = false

    @Volatile private var elapsed = 0L

    private val thread =
        Thread(null, ::takeTurns, "virtual-time-${numbers.incrementAndGet()}", 0, false).apply {
            isDaemon = true
            start()
        }

    /** Threads that work for the loop, which an automatic clock waits for. */
    val workers: Int get() = lock.withLock { working }

    /** Nanoseconds since the start. */
    fun elapsed(): Long = elapsed

    /** Moves the clock, for the host's own thread. */
    fun moveTo(time: Long) {
        if (time > elapsed) elapsed = time
    }

    // A clock that is about to overflow, as a monotonic clock may: whoever compares its times wrongly is found out.
    override fun nanoTime(): Long = START + elapsed

    override fun isHostThread(): Boolean = Thread.currentThread() === thread

    override fun post(task: Runnable) {
        lock.withLock {
            if (closed) return
            tasks.addLast(task)
            stuckTold = false
            changed.signal()
        }
    }

    override fun wakeAfter(
        delayNanos: Long,
        task: Runnable,
    ): LoopHost.Wake =
        lock.withLock {
            val wake = VirtualWake(elapsed + delayNanos, wakesSoFar++, task)
            wakes.add(wake)
            stuckTold = false
            changed.signal()
            LoopHost.Wake { lock.withLock { wakes.remove(wake) } }
        }

    override fun workStarted() {
        lock.withLock { working++ }
    }

    override fun workEnded() {
        lock.withLock {
            working--
            stuckTold = false
            changed.signal()
        }
    }

    override fun close() {
        lock.withLock {
            closed = true
            tasks.clear()
            wakes.clear()
            changed.signal()
        }
    }

    private fun takeTurns() {
        while (true) {
            val task = lock.withLock { take() } ?: return
            try {
                task.run()
            } catch (error: Throwable) {
                // A loop catches what its code throws: this is a defect of ours, and must not end the thread unseen.
                error.printStackTrace()
            }
        }
    }

    private fun take(): Runnable? {
        while (!closed) {
            val task = tasks.removeFirstOrNull() ?: whenQuiet()
            if (task != null) return task
            if (tasks.isEmpty() && !closed) changed.await()
        }
        return null
    }

    private fun whenQuiet(): Runnable? {
        val limit = pilot.limit() ?: return null
        if (working > 0 && pilot.waitsForThreads()) return null
        if (pilot.onQuiet()) return null
        val next = wakes.peek()
        if (next != null && next.time <= limit) {
            wakes.poll()
            moveTo(next.time)
            return next.task
        }
        if (!stuckTold) {
            stuckTold = true
            pilot.onStuck()
        }
        return null
    }

    private class VirtualWake(
        val time: Long,
        private val number: Long,
        val task: Runnable,
    ) : Comparable<VirtualWake> {
        override fun compareTo(other: VirtualWake): Int = compareValuesBy(this, other, { it.time }, { it.number })
    }

    private companion object {
        const val START = Long.MAX_VALUE - 1_000_000_000

        val numbers = AtomicInteger()
    }
}
