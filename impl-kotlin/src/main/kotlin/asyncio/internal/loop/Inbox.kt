package asyncio.internal.loop

import java.util.concurrent.atomic.AtomicReference

/**
 * The loop's entrance for other threads: many put, the loop takes all at once. Lock-free; a stack of links that is turned
 * round when it is emptied, so that a put is one compare-and-set and a drain one exchange.
 */
internal class Inbox {
    private val newest = AtomicReference<Item?>()

    fun isEmpty(): Boolean = newest.get() == null

    /** Puts one in; true if the inbox was empty, and the caller must wake the loop. */
    fun put(handle: Item): Boolean {
        while (true) {
            val before = newest.get()
            handle.previous = before
            if (newest.compareAndSet(before, handle)) return before == null
        }
    }

    /** Moves all to [ready], oldest first. */
    fun drainTo(ready: ReadyQueue) {
        var handle = newest.getAndSet(null)
        var reversed: Item? = null
        while (handle != null) {
            val next = handle.previous
            handle.previous = reversed
            reversed = handle
            handle = next
        }
        while (reversed != null) {
            val next = reversed.previous
            reversed.previous = null
            ready.add(reversed)
            reversed = next
        }
    }

    fun clear() {
        newest.set(null)
    }

    /** What can be put in. */
    abstract class Item : Ready() {
        /** The item that was put in before, while this one is in the inbox. */
        @JvmField var previous: Item? = null
    }
}
