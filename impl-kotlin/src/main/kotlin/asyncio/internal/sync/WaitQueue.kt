package asyncio.internal.sync

import asyncio.internal.loop.EventLoopImpl
import asyncio.internal.task.FutureImpl
import asyncio.internal.task.Steps
import asyncio.internal.task.awaitFuture

/**
 * Those who wait for a primitive, in the order of coming.
 *
 * ```
 * (join) --> waiting --wakeFirst--------> woken ------> (leave, in the task's next step)
 *               \------cancel, by a task-> cancelled --/
 * ```
 *
 * Joining, waking and leaving take the same time however many there are: thousands may be cancelled at once.
 */
internal class WaitQueue {
    private var first: Place? = null
    private var last: Place? = null

    /** How many wait, or were woken and have not left yet. Those that were cancelled do not count. */
    var present = 0
        private set

    fun join(loop: EventLoopImpl): Place {
        val place = Place(loop)
        val last = last
        if (last == null) {
            first = place
        } else {
            last.next = place
            place.previous = last
        }
        this.last = place
        place.isLinked = true
        present++
        return place
    }

    /** To be called once for every place, when its task runs on. */
    fun leave(place: Place) {
        if (place.isLinked) unlink(place)
        if (!place.cancelled()) present--
    }

    /** Wakes who has waited longest; false if nobody waits. */
    fun wakeFirst(): Boolean {
        while (true) {
            val place = first ?: return false
            unlink(place)
            if (place.isPending) {
                place.offerResult(Unit)
                return true
            }
        }
    }

    /**
     * Wakes who is first, and keeps it in its place until it leaves. While one that was woken, or cancelled, is there, this does
     * nothing: that one sees to the next.
     */
    fun wakeHead() {
        first?.offerResult(Unit)
    }

    fun wakeAll() {
        while (wakeFirst()) Unit
    }

    private fun unlink(place: Place) {
        val previous = place.previous
        val next = place.next
        if (previous == null) first = next else previous.next = next
        if (next == null) last = previous else next.previous = previous
        place.previous = null
        place.next = null
        place.isLinked = false
    }

    /** Where a task waits. */
    inner class Place(
        loop: EventLoopImpl,
    ) : FutureImpl<Unit>(loop) {
        @JvmField var previous: Place? = null

        @JvmField var next: Place? = null

        @JvmField var isLinked = false

        /** Whether it was woken, so that its task owes something to the others if it cannot go on. */
        val isWoken: Boolean get() = done() && !cancelled()

        override fun cancel(message: String?): Boolean {
            val isCancelled = super.cancel(message)
            if (isCancelled) present--
            return isCancelled
        }
    }
}

/** How a Java body waits; suspend functions have [awaitFuture]. */
internal fun Steps<*>.waitOnFiber(place: WaitQueue.Place) {
    waitFor(place)
    place.result()
}
