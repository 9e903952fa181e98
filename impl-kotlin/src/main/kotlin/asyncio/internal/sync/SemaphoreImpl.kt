package asyncio.internal.sync

import asyncio.Coroutine
import asyncio.Semaphore
import asyncio.internal.loop.EventLoopImpl
import asyncio.internal.task.FutureImpl
import asyncio.internal.task.SuspendCoroutine
import asyncio.internal.task.awaitFuture
import asyncio.internal.task.currentTask

/**
 * asyncio's semaphore. A permit that is released goes to the longest waiter at once, so that a newcomer cannot take it first;
 * a waiter that was given one and is cancelled passes it on.
 */
internal class SemaphoreImpl(
    private var permits: Int,
) : Semaphore {
    private val waiting = ArrayDeque<FutureImpl<Unit>>()
    private var loop: EventLoopImpl? = null

    init {
        require(permits >= 0) { "Semaphore initial value must be >= 0, not $permits" }
    }

    override fun locked(): Boolean = permits == 0 || waiting.any { !it.cancelled() }

    override fun acquire(): Coroutine<Void?> =
        SuspendCoroutine {
            take()
            null
        }

    internal suspend fun take() {
        if (!locked()) {
            permits--
            return
        }
        val place = FutureImpl<Unit>(bind())
        waiting.addLast(place)
        try {
            try {
                awaitFuture(place)
            } finally {
                waiting.remove(place)
            }
        } catch (error: Throwable) {
            if (place.done() && !place.cancelled()) permits++
            throw error
        } finally {
            while (permits > 0 && wakeNext()) Unit
        }
    }

    override fun release() {
        loop?.checkThread("release")
        permits++
        wakeNext()
    }

    private fun wakeNext(): Boolean {
        val next = waiting.find { !it.done() } ?: return false
        permits--
        next.offerResult(Unit)
        return true
    }

    private suspend fun bind(): EventLoopImpl {
        val current = currentTask().loop
        val bound = loop ?: current.also { loop = it }
        check(bound === current) { "$this is bound to a different event loop" }
        return bound
    }

    override fun toString(): String = "<Semaphore ${if (locked()) "locked" else "unlocked, value:$permits"}>"
}
