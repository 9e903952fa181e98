package asyncio.internal.loop

/** First in, first out, in a ring that grows; for the loop's own thread. */
internal class ReadyQueue {
    private var ring = arrayOfNulls<Ready>(INITIAL)
    private var head = 0

    @JvmField var size = 0

    fun add(item: Ready) {
        var ring = ring
        if (size == ring.size) ring = grow()
        ring[(head + size) and (ring.size - 1)] = item
        size++
    }

    fun poll(): Ready {
        val ring = ring
        val item = ring[head]!!
        ring[head] = null
        head = (head + 1) and (ring.size - 1)
        size--
        return item
    }

    fun clear() {
        ring = arrayOfNulls(INITIAL)
        head = 0
        size = 0
    }

    /** A burst of a million tasks must not keep its megabytes for good. */
    fun shrinkIfEmpty() {
        if (size == 0 && ring.size > KEPT) clear()
    }

    private fun grow(): Array<Ready?> {
        val bigger = arrayOfNulls<Ready>(ring.size * 2)
        val upper = ring.size - head
        System.arraycopy(ring, head, bigger, 0, upper)
        System.arraycopy(ring, 0, bigger, upper, head)
        head = 0
        ring = bigger
        return bigger
    }

    private companion object {
        const val INITIAL = 64
        const val KEPT = 1 shl 16
    }
}
