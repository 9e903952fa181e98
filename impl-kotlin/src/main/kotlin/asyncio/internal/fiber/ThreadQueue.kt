package asyncio.internal.fiber

import asyncio.Handle
import asyncio.internal.loop.EventLoopImpl
import asyncio.internal.task.FutureImpl
import asyncio.internal.task.Steps
import asyncio.internal.task.waitsForItselfOnly
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicBoolean

/** What a body waits for that cannot begin: a thread. */
internal class ThreadPermit(
    loop: EventLoopImpl,
    private val queue: ThreadQueue,
    @JvmField val depth: Int,
) : FutureImpl<Unit>(loop) {
    override fun cancel(message: String?): Boolean {
        val isCancelled = super.cancel(message)
        if (isCancelled) queue.left()
        return isCancelled
    }

    /** The body of [steps] will not begin. True if a thread was kept for it. */
    fun withdraw(steps: Steps<*>): Boolean {
        removeWaiting(steps)
        return !cancel(null) && !cancelled() && peekException() == null
    }

    override fun toString(): String = "<a free thread>"
}

/**
 * The Java bodies of one loop that have to wait for a thread: first those of the deepest tasks, which others wait for, and among
 * these in the order in which they were due. By the loop's own clock it sees whether they ever begin.
 */
internal class ThreadQueue(
    private val loop: EventLoopImpl,
    private val fibers: PlatformFibers,
) {
    /** By depth. Some of them may be done already. */
    private val permits = Array(DEPTHS) { ArrayDeque<ThreadPermit>() }
    private var size = 0
    private val isCalled = AtomicBoolean()

    private var timer: Handle? = null

    /** How many have begun. */
    private var begun = 0
    private var begunBefore = 0
    private var turnsBefore = 0

    /** How often none had begun since the time before. */
    private var looks = 0

    /** How often in a row the loop had done nothing at all besides, and how often that is enough. */
    private var stills = 0
    private var enoughStills = MANY_STILLS

    /** How many are refused next. */
    private var refusals = 1

    /** Whether a body of this depth would have to wait behind others. */
    fun isWaited(depth: Int): Boolean = size > 0 && (depth until DEPTHS).any { firstAt(it) != null }

    fun join(
        depth: Int,
        isFirst: Boolean,
    ): ThreadPermit {
        val permit = ThreadPermit(loop, this, depth)
        if (isFirst) permits[depth].addFirst(permit) else permits[depth].addLast(permit)
        size++
        FiberLimit.tellOfLimit()
        FiberLimit.waits(this)
        fibers.lookForGenerators(urgently = false)
        if (timer == null) lookLater()
        // Another loop may have given a thread back before it could know of this one.
        beginNext()
        return permit
    }

    /** Has as many begin as may. */
    fun beginNext() {
        while (true) {
            val permit = first() ?: return
            if (!fibers.take(permit.depth)) return
            permits[permit.depth].removeFirst()
            begun++
            permit.offerResult(Unit)
            left()
        }
    }

    /** [beginNext] from any thread. */
    fun beginNextSoon() {
        if (!isCalled.compareAndSet(false, true)) return
        try {
            loop.callSoonThreadsafe {
                isCalled.set(false)
                beginNext()
            }
        } catch (closed: IllegalStateException) {
            if (!loop.isClosed) throw closed
        }
    }

    /** One that is done waits no more. */
    fun left() {
        size--
        if (size > 0) return
        FiberLimit.waitsNoMore(this)
        timer?.cancel()
        timer = null
        forget()
    }

    private fun first(): ThreadPermit? = if (size == 0) null else DEEPEST_FIRST.firstNotNullOfOrNull(::firstAt)

    private fun firstAt(depth: Int): ThreadPermit? {
        val permits = permits[depth]
        while (true) {
            val first = permits.firstOrNull() ?: return null
            if (!first.done()) return first
            permits.removeFirst()
        }
    }

    // ---- whether they begin

    private fun lookLater() {
        begunBefore = begun
        turnsBefore = loop.turns
        timer = loop.callLaterNanos(PAUSE, ::look)
    }

    private fun look() {
        timer = null
        if (begun != begunBefore) {
            forget()
            return lookLater()
        }
        looks++
        if (looks % LOOKS_UNTIL_GROWTH == 0 && FiberLimit.grow()) {
            beginNext()
            if (size > 0) lookLater()
            return
        }
        // One turn was this.
        if (loop.turns - turnsBefore == 1 && !loop.hasTimers) stills++ else stills = 0
        fibers.lookForGenerators(urgently = looks % MANY_LOOKS == MANY_STILLS)
        if (looks == MANY_LOOKS) FiberLimit.tellOfStandstill(size, TimeUnit.NANOSECONDS.toSeconds(PAUSE * MANY_LOOKS))
        if (looks >= MANY_LOOKS && stills >= enoughStills) {
            // Otherwise somebody from outside calls the loop, and ends the standstill.
            if (FiberLimit.inUse != fibers.held || !loop.waitsForItselfOnly()) return
            refuse()
        }
        if (size > 0) lookLater()
    }

    private fun forget() {
        looks = 0
        stills = 0
        enoughStills = MANY_STILLS
        refusals = 1
    }

    /** Refuses one, which may be enough to let others end; the next time two, then four. */
    private fun refuse() {
        repeat(refusals) {
            val permit = first() ?: return
            permits[permit.depth].removeFirst()
            permit.offerException(
                FiberLimit.refusal("all are taken by coroutines that wait, and nothing will wake these"),
            )
            permit.markRetrieved()
            left()
        }
        refusals *= 2
        stills = 0
        enoughStills = STILLS_AFTER_REFUSAL
    }

    internal companion object {
        /** How many depths of tasks are told apart. */
        const val DEPTHS: Int = 6
        private val DEEPEST_FIRST = DEPTHS - 1 downTo 0

        /** In nanoseconds. */
        private const val PAUSE = 250_000_000L
        private const val LOOKS_UNTIL_GROWTH = 4
        private const val MANY_LOOKS = 40
        private const val MANY_STILLS = 36
        private const val STILLS_AFTER_REFUSAL = 4
    }
}
