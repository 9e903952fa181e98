package asyncio.internal.testing

import asyncio.Awaitable
import asyncio.Coroutine
import asyncio.internal.fiber.FiberKind
import asyncio.internal.loop.Ready
import asyncio.internal.loop.nanosOf
import asyncio.internal.run.EventLoopImpl
import asyncio.internal.task.FutureImpl
import asyncio.internal.task.SuspendCoroutine
import asyncio.internal.task.awaitFuture
import java.time.Duration
import java.util.concurrent.atomic.AtomicBoolean

/**
 * A loop in virtual time.
 *
 * ```
 *                       the clock              ends when
 * runUntilComplete      jumps to the next      the future is done, or never will be
 * runForever            timer                  it is stopped
 * advance               jumps, but not beyond  the time is up
 * runUntilBlocked       stands                 nothing is ready
 * runUntilIdle          jumps                  nothing is ready, and no timer is set
 * not running           stands
 * ```
 */
public open class VirtualLoop private constructor(
    private val pilot: LoopPilot,
    kind: FiberKind,
) : EventLoopImpl(VirtualTimeHost(pilot), kind) {
    public constructor(kind: FiberKind) : this(LoopPilot(), kind)

    public constructor() : this(FiberKind.chosen)

    private val virtualHost = host as VirtualTimeHost
    private val waitingForQuiet = ArrayList<FutureImpl<Unit>>()

    init {
        pilot.loop = this
    }

    override fun <T> runUntilComplete(awaitable: Awaitable<T>): T =
        inMode(Mode.COMPLETING, Long.MAX_VALUE) { super.runUntilComplete(awaitable) }

    override fun runForever() {
        if (pilot.mode == Mode.NONE) inMode(Mode.SERVING, Long.MAX_VALUE) { super.runForever() } else super.runForever()
    }

    /** Runs until nothing is ready and no thread works for the loop; time stands. */
    public open fun runUntilBlocked(): Unit = inMode(Mode.SETTLING, virtualHost.elapsed()) { super.runForever() }

    /** Runs until nothing is left that could run at any time. The clock jumps. */
    public fun runUntilIdle(): Unit = inMode(Mode.SETTLING, Long.MAX_VALUE) { super.runForever() }

    /** Moves the clock so far, and runs what comes due on the way, each at its time. */
    public open fun advance(duration: Duration) {
        val nanos = nanosOf(duration)
        require(nanos >= 0) { "time does not go back: advance($duration)" }
        val end = deadlineOf(nanos)
        inMode(Mode.ADVANCING, end) { super.runForever() }
    }

    private fun deadlineOf(delay: Long): Long {
        val now = virtualHost.elapsed()
        return if (delay > Long.MAX_VALUE - now) Long.MAX_VALUE else now + delay
    }

    private inline fun <T> inMode(
        mode: Mode,
        limit: Long,
        run: () -> T,
    ): T {
        check(!isRunning) {
            "This event loop is already running: inside it await(sleep(…)) moves the clock," +
                " and await(untilBlocked()) waits until nothing else can run"
        }
        pilot.limit = limit
        pilot.mode = mode
        try {
            return run()
        } finally {
            pilot.mode = Mode.NONE
        }
    }

    /** Done as soon as nothing is ready and no thread works for the loop, before the clock moves. */
    public open fun untilBlocked(): Coroutine<Void?> =
        SuspendCoroutine {
            val quiet = FutureImpl<Unit>(this)
            waitingForQuiet.add(quiet)
            try {
                awaitFuture(quiet)
            } finally {
                waitingForQuiet.remove(quiet)
            }
            null
        }

    /** Keeps the clock where it is until the result is closed: a thread that the loop cannot see works for it. */
    public fun holdClock(): AutoCloseable {
        val host = virtualHost
        val held = AtomicBoolean(true)
        host.workStarted()
        return AutoCloseable { if (held.compareAndSet(true, false)) host.workEnded() }
    }

    /** What [runUntilComplete] throws when the program cannot go on. */
    protected open fun deadlock(report: String): Throwable = IllegalStateException(report)

    /** For messages: what keeps the clock from moving, if anything does. */
    internal fun clockReport(): String {
        val workers = virtualHost.workers
        val why = if (workers == 0) "" else ", standing still for $workers ${if (workers == 1) "thread" else "threads"}"
        return "virtual time: ${Duration.ofNanos(virtualHost.elapsed())}$why"
    }

    private fun wakeQuiet(): Boolean {
        // Whoever goes on may make the others wait longer, as any other code would.
        val first = waitingForQuiet.firstOrNull { !it.done() } ?: return false
        first.offerResult(Unit)
        return true
    }

    private fun onStuck() {
        when (pilot.mode) {
            Mode.SETTLING -> {
                stop()
            }

            Mode.ADVANCING -> {
                virtualHost.moveTo(pilot.limit)
                stop()
            }

            Mode.COMPLETING -> {
                if (!mayBeCalled()) enqueue(Deadlock(this))
            }

            else -> {}
        }
    }

    /** Whether somebody out of sight may still have something for the loop. */
    private fun mayBeCalled() = pendingStages > 0 || tasks.oldestFirst().any { it.isAway }

    private class Deadlock(
        private val loop: VirtualLoop,
    ) : Ready() {
        override fun turn(): Unit =
            throw loop.deadlock(
                "Deadlock: every task waits for something that will never come." +
                    " Nothing is ready, no timer is set, and no executor works for the loop.\n" + loop.describeTasks() +
                    "\nIf another thread is to call the loop, keep it waiting for that with holdTime().",
            )
    }

    private enum class Mode { NONE, COMPLETING, SERVING, SETTLING, ADVANCING }

    private class LoopPilot : VirtualTimeHost.Pilot {
        lateinit var loop: VirtualLoop

        /** Set before a run begins, and cleared after it has ended. */
        @Volatile var mode = Mode.NONE

        @Volatile var limit = 0L

        override fun limit(): Long? = if (mode != Mode.NONE && loop.isIterating) limit else null

        override fun waitsForThreads(): Boolean = mode != Mode.ADVANCING

        override fun onQuiet(): Boolean = loop.wakeQuiet()

        override fun onStuck(): Unit = loop.onStuck()
    }
}
