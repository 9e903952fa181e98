package asyncio.internal.sync

import asyncio.Barrier
import asyncio.BrokenBarrierException
import asyncio.Coroutine
import asyncio.internal.task.SuspendCoroutine
import asyncio.internal.task.TaskLoop
import java.util.BitSet

/**
 * asyncio's barrier.
 *
 * ```
 * FILLING --the last one comes--> DRAINING --the last one leaves--> FILLING
 *    |------reset---------------> RESETTING --the last one leaves--> FILLING
 *    \------abort, from any-----> BROKEN ---reset----> RESETTING, or FILLING if it is empty
 * ```
 *
 * A task comes, waits and leaves with the lock of [condition]; a change of the state wakes all of them, and each looks at it.
 */
internal class BarrierImpl(
    private val parties: Int,
) : Barrier {
    private enum class State { FILLING, DRAINING, RESETTING, BROKEN }

    private val condition = ConditionImpl(LockImpl())
    private var state = State.FILLING

    /** How many have come and not left yet. */
    private var count = 0

    /** The indices of the tasks that wait. Not [count]: the index of a cancelled one is free. */
    private val indices = BitSet()

    init {
        require(parties > 0) { "parties must be > 0, not $parties" }
    }

    override fun waitAll(): Coroutine<Int> = SuspendCoroutine { locked { pass() } }

    override fun aenter(): Coroutine<Int> = waitAll()

    override fun aexit(error: Throwable?): Coroutine<Boolean> = Leave()

    override fun reset(): Coroutine<Void?> =
        SuspendCoroutine {
            locked {
                state = if (count > 0) State.RESETTING else State.FILLING
                condition.notifyAllWaiters()
            }
            null
        }

    override fun abort(): Coroutine<Void?> =
        SuspendCoroutine {
            locked {
                state = State.BROKEN
                condition.notifyAllWaiters()
            }
            null
        }

    private suspend inline fun <R> locked(block: () -> R): R {
        condition.takeLock()
        try {
            return block()
        } finally {
            condition.release()
        }
    }

    private suspend fun pass(): Int {
        condition.waitUntil { state == State.FILLING || state == State.BROKEN }
        if (state == State.BROKEN) throw BrokenBarrierException("Barrier aborted: reset() makes it usable again")
        val index = indices.nextClearBit(0)
        indices.set(index)
        count++
        try {
            if (count == parties) {
                state = State.DRAINING
                condition.notifyAllWaiters()
            } else {
                condition.waitUntil { state != State.FILLING }
                if (state != State.DRAINING) throw BrokenBarrierException("Abort or reset of barrier")
            }
            return index
        } finally {
            leave(index)
        }
    }

    private fun leave(index: Int) {
        indices.clear(index)
        if (--count > 0) return
        if (state == State.DRAINING || state == State.RESETTING) state = State.FILLING
        condition.notifyAllWaiters()
    }

    override fun parties(): Int = parties

    override fun nWaiting(): Int = if (state == State.FILLING) count else 0

    override fun broken(): Boolean = state == State.BROKEN

    override fun toString(): String = "<Barrier ${state.name.lowercase()}, waiters:${nWaiting()}/$parties>"

    /** At the end of a block nothing happens. */
    private class Leave : InstantOperation<Boolean>() {
        override fun attempt(loop: TaskLoop): Any = false
    }
}
