package asyncio.internal.loop

import java.util.concurrent.atomic.AtomicReference

/**
 * The loop's entrance for other threads: many put, the loop takes all at once. Lock-free; a stack of links that is turned
 * round when it is emptied, so that whoever puts needs one compare-and-set and whoever takes needs one exchange.
 */
internal class Inbox {
    private val newest = AtomicReference<ThreadsafeHandle?>()

    fun isEmpty(): Boolean = newest.get() == null

    /** Puts one in; true if the inbox was empty, so that somebody must wake the loop. */
    fun put(handle: ThreadsafeHandle): Boolean {
        while (true) {
            val before = newest.get()
            handle.previous = before
            if (newest.compareAndSet(before, handle)) return before == null
        }
    }

    /** Moves all to [ready], oldest first. */
    fun drainTo(ready: ReadyQueue) {
        var handle = newest.getAndSet(null)
        var reversed: ThreadsafeHandle? = null
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
}
