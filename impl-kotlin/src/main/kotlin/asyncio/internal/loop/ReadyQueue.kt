package asyncio.internal.loop

/** First in, first out, in a ring that grows; for the loop's own thread. */
internal class ReadyQueue {
    private var ring = arrayOfNulls<Ready>(INITIAL)

    /** How many have been taken out; its lower bits are the place of the first in the ring. */
    @JvmField var polled = 0

    @JvmField var size = 0

    fun add(item: Ready) {
        var ring = ring
        if (size == ring.size) ring = grow()
        ring[(polled + size) and (ring.size - 1)] = item
        size++
    }

    fun poll(): Ready {
        val ring = ring
        val head = polled and (ring.size - 1)
        val item = ring[head]!!
        ring[head] = null
        polled++
        size--
        return item
    }

    fun clear() {
        ring = arrayOfNulls(INITIAL)
        size = 0
    }

    /** A burst of a million tasks must not keep its megabytes for good. */
    fun shrinkIfEmpty() {
        if (size == 0 && ring.size > KEPT) clear()
    }

    private fun grow(): Array<Ready?> {
        val bigger = arrayOfNulls<Ready>(ring.size * 2)
        for (i in 0 until size) bigger[(polled + i) and (bigger.size - 1)] = ring[(polled + i) and (ring.size - 1)]
        ring = bigger
        return bigger
    }

    private companion object {
        const val INITIAL = 64
        const val KEPT = 1 shl 16
    }
}
