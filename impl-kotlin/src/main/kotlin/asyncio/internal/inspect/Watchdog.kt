package asyncio.internal.inspect

import asyncio.internal.debug.StackFrames
import asyncio.internal.debug.UnclosedLoops
import asyncio.internal.loop.RunningLoops
import asyncio.internal.task.Stacks
import asyncio.internal.task.TaskImpl
import asyncio.internal.task.TaskLoop
import asyncio.internal.thread.VirtualThreads
import java.util.IdentityHashMap
import java.util.Locale
import java.util.concurrent.locks.LockSupport

/**
 * Looks at all running loops now and then, and reports those that are blocked while they are. One daemon thread, a platform
 * thread, because virtual ones may have no carrier thread when it matters most; it ends when no loop runs any more. The loops do
 * nothing for it: what it reads they write anyway, and what it sees need not be up to date.
 */
internal object Watchdog : Runnable {
    /** From how long on a loop counts as blocked, in seconds; nothing, zero or less turns it off. */
    const val PROPERTY: String = "asyncio.blocked.after"

    private const val SHORTEST_PAUSE = 5_000_000L
    private const val LONGEST_PAUSE = 200_000_000L
    private const val LOOKS = 10
    private val logger = System.getLogger("asyncio")
    private val watches = IdentityHashMap<TaskLoop, Watch>()

    @Volatile private var thread: Thread? = null

    /** What [PROPERTY] says, in nanoseconds. */
    val blockedAfter: Long =
        System.getProperty(PROPERTY, "2").ifBlank { "0" }.let { text ->
            val seconds =
                text.toDoubleOrNull() ?: throw IllegalStateException("-D$PROPERTY=$text: give seconds, such as 0.5")
            (seconds * 1e9).toLong().coerceAtLeast(0)
        }

    /** To be called after a loop was put among the running ones. */
    fun loopStarted() {
        if (thread == null) begin()
    }

    /** A loop wants to be looked at more often. */
    fun wake() {
        thread?.let(LockSupport::unpark)
    }

    private fun runningLoops(): List<TaskLoop> {
        @Suppress("UNCHECKED_CAST")
        return RunningLoops.all() as List<TaskLoop>
    }

    private fun begin(): Unit =
        synchronized(this) {
            if (thread != null) return
            val thread = Thread(null, this, "asyncio-watchdog", 0, false)
            thread.isDaemon = true
            thread.contextClassLoader = null
            try {
                thread.start()
                this.thread = thread
            } catch (error: OutOfMemoryError) {
                // The loop runs without it; the next loop tries again.
                report(error)
            }
        }

    /** Whether the thread may end. A loop that starts meanwhile has either been seen here, or sees that there is none. */
    private fun ends(): Boolean =
        synchronized(this) {
            thread = null
            if (runningLoops().isEmpty()) return true
            thread = Thread.currentThread()
            return false
        }

    override fun run() {
        while (true) {
            try {
                LockSupport.parkNanos(lookAtAll())
                if (runningLoops().isEmpty()) {
                    lookAtAll()
                    if (ends()) return
                }
            } catch (error: Throwable) {
                report(error)
                LockSupport.parkNanos(LONGEST_PAUSE)
            }
        }
    }

    /** An error of the JVM must not end the watchdog, not even if there is no memory to report it. */
    private fun report(error: Throwable) {
        try {
            logger.log(System.Logger.Level.WARNING, "The watchdog of the event loops has failed", error)
        } catch (_: VirtualMachineError) {
            // The next look may succeed.
        }
    }

    /** Gives how long to wait until the next time. */
    private fun lookAtAll(): Long {
        UnclosedLoops.lookForCollected()
        val loops = runningLoops()
        val now = System.nanoTime()
        var pause = LONGEST_PAUSE
        val gone = watches.entries.iterator()
        while (gone.hasNext()) {
            val (loop, watch) = gone.next()
            if (loop !in loops) {
                watch.end(now)
                gone.remove()
            }
        }
        for (loop in loops) {
            if (loop.isDetached) continue
            watches.getOrPut(loop) { Watch(loop) }.look(now)
            val after = loop.blockedAfterNanos
            if (after > 0) pause = minOf(pause, after / LOOKS)
        }
        return pause.coerceAtLeast(SHORTEST_PAUSE)
    }

    /** One loop, seen from outside. */
    private class Watch(
        private val loop: TaskLoop,
    ) {
        private var wasBusy = false
        private var seemedLost = false
        private var turns = 0
        private var since = 0L

        /** How long it had been blocked at the last report. */
        private var lastReport = 0L
        private var culprit: String? = null

        fun look(now: Long) {
            val isBusy = loop.busyThread != null
            val turns = loop.turns
            val seemsLost = loop.seemsLost()
            if (seemsLost && seemedLost && turns == this.turns && loop.host.isAlive()) loop.revive()
            seemedLost = seemsLost
            if (!isBusy && loop.isIterating) loop.lookForCollectedFromOutside()
            if (!isBusy || !wasBusy || turns != this.turns) {
                end(now)
                wasBusy = isBusy
                this.turns = turns
                since = now
                lastReport = 0
                return
            }
            val after = loop.blockedAfterNanos
            if (after > 0 && now - since >= maxOf(after, 2 * lastReport)) report(now - since)
        }

        private fun report(blocked: Long) {
            val driver = loop.driver
            val fiber = if (loop.onFiber) driver?.fiber else null
            val thread = fiber?.thread ?: loop.loopThread
            val trace = (thread ?: loop.busyThread)?.stackTrace ?: return
            // It has run on meanwhile.
            if (loop.turns != turns) return
            val name =
                driver?.task?.let { "task '${it.name}'" }
                    ?: if (driver != null) "a coroutine driven by hand" else "a callback"
            val text = StringBuilder("The event loop has been blocked for ${seconds(blocked)} seconds")
            when {
                // It waits for the virtual thread that runs iterations, which has not begun.
                thread == null -> {
                    text.append(": $STARVED")
                }

                isStarved(thread) -> {
                    text.append(" in $name: $STARVED")
                }

                LockHolders.isLockAwaited(thread, trace) -> {
                    addLock(text.append(" by $name. "), thread, trace)
                }

                else -> {
                    addFrames(text.append(" by $name. $ADVICE"), StackFrames.cutBelow(trace))
                }
            }
            culprit = name
            lastReport = blocked
            logger.log(System.Logger.Level.WARNING, text.toString())
        }

        /** [thread] waits for a monitor or lock: that may be held over an await, and then neither side ever goes on. */
        private fun addLock(
            text: StringBuilder,
            thread: Thread,
            trace: Array<StackTraceElement>,
        ) {
            val all = StackFrames.cutBelow(trace)
            // Of the JDK's frames that which the user's code has called.
            val frames = all.drop((all.indexOfFirst { !StackFrames.isNoise(it) } - 1).coerceAtLeast(0))
            val suspended = suspendedTasks()
            val holder = if (suspended.size <= MOST_TASKS) LockHolders.holderOf(thread) else null
            val task =
                if (holder == null) {
                    suspended.find { isIn(it, frames) }
                } else {
                    suspended.find { it.fiber?.thread?.let(LockHolders::idOf) == holder.id }
                }
            when {
                task != null -> {
                    val holds = if (holder == null) "probably holds" else "holds"
                    text.append("It waits for a lock that task '${task.name}' $holds while that awaits:")
                    text.append(" $OVER_AWAIT:")
                }

                holder != null -> {
                    text.append("It waits for a lock that thread '${holder.name}' holds. $ADVICE")
                }

                else -> {
                    text.append("It waits for a lock. If a task holds that while it awaits: $OVER_AWAIT:")
                }
            }
            addFrames(text, frames)
            if (task == null) return
            text.append("\nTask '${task.name}' awaits:")
            addFrames(text, Stacks.of(task))
        }

        /** Whether [task] stands in the function that waits for the lock. */
        private fun isIn(
            task: TaskImpl<*>,
            frames: List<StackTraceElement>,
        ): Boolean {
            val waiting = frames.firstOrNull { !StackFrames.isNoise(it) } ?: return false
            return Stacks.of(task).any { it.className == waiting.className && it.methodName == waiting.methodName }
        }

        /** The loop stands still, and so does its list. */
        private fun suspendedTasks(): List<TaskImpl<*>> {
            val running = loop.driver?.task
            return loop.tasks.oldestFirst().filter { it !== running }
        }

        private fun addFrames(
            text: StringBuilder,
            frames: List<StackTraceElement>,
        ) {
            for (frame in frames) text.append("\n\tat ").append(frame)
        }

        /** It is not blocked any more. */
        fun end(now: Long) {
            val culprit = culprit ?: return
            this.culprit = null
            logger.log(
                System.Logger.Level.WARNING,
                "The event loop runs on: $culprit had blocked it for ${seconds(now - since)} seconds in all",
            )
        }

        private fun seconds(nanos: Long) = "%.2f".format(Locale.ROOT, nanos / 1e9)

        /** Whether a virtual thread could run, and does not: its description names the carrier thread that it runs on. */
        private fun isStarved(thread: Thread) =
            VirtualThreads.isVirtual(thread) && thread.toString().endsWith("/runnable") && loop.fibers.mayStarve
    }

    private const val ADVICE =
        "Nothing else runs until it awaits or returns; blocking code belongs into toThread(() -> …):"

    /** With more, it would take the JVM long to tell of all threads. */
    private const val MOST_TASKS = 10_000

    private const val OVER_AWAIT =
        "neither can go on. Hold no monitor (synchronized, computeIfAbsent) and no lock of java.util.concurrent over" +
            " an await; asyncio.Lock is for that"

    private const val STARVED =
        "its virtual thread could run, but none of the JVM's carrier threads is free. Other virtual threads compute," +
            " or are pinned: before Java 24 by blocking, or awaiting, inside of synchronized"
}
