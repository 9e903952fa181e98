package asyncio.internal.sync

import asyncio.QueueStore

/** First in, first out. */
internal class FifoStore<T> : QueueStore<T> {
    private var items = ArrayDeque<T>()
    private var most = 0

    override fun put(item: T) {
        items.addLast(item)
        if (items.size > most) most = items.size
    }

    override fun get(): T {
        val item = items.removeFirst()
        if (most > KEPT && items.isEmpty()) {
            // A burst of a million items must not keep its megabytes for good.
            items = ArrayDeque()
            most = 0
        }
        return item
    }

    override fun size(): Int = items.size

    private companion object {
        const val KEPT = 1 shl 12
    }
}

/** The latest first. */
internal class LifoStore<T> : QueueStore<T> {
    private val items = ArrayList<T>()

    override fun put(item: T) {
        items.add(item)
    }

    override fun get(): T = items.removeAt(items.size - 1)

    override fun size(): Int = items.size
}

/**
 * The smallest first, of equal ones the earliest: a binary heap. It does all its comparisons before it moves anything, so that a
 * comparator that throws changes nothing (java.util.PriorityQueue would lose items).
 */
internal class PriorityStore<T>(
    private val order: Comparator<in T>,
) : QueueStore<T> {
    private val heap = ArrayList<Entry<T>>()
    private var puts = 0L

    private class Entry<T>(
        @JvmField val item: T,
        @JvmField val number: Long,
    )

    override fun put(item: T) {
        val entry = Entry(item, puts)
        // What cannot be compared is refused even where there is nothing to compare it with.
        if (heap.isEmpty()) order.compare(item, item)
        val end = heap.size
        var place = end
        while (place > 0 && isBefore(entry, heap[parent(place)])) place = parent(place)
        puts++
        heap.add(entry)
        var hole = end
        while (hole != place) {
            heap[hole] = heap[parent(hole)]
            hole = parent(hole)
        }
        heap[place] = entry
    }

    override fun get(): T {
        val last = heap.size - 1
        val entry = heap[last]
        // The last entry takes the place of the first; the smaller children on its way down move up.
        val path = IntArray(Int.SIZE_BITS)
        var length = 0
        var hole = 0
        while (true) {
            val child = smallerChild(hole, last)
            if (child < 0 || !isBefore(heap[child], entry)) break
            path[length++] = child
            hole = child
        }
        val item = heap[0].item
        hole = 0
        for (i in 0 until length) {
            heap[hole] = heap[path[i]]
            hole = path[i]
        }
        heap[hole] = entry
        heap.removeAt(last)
        return item
    }

    /** Among the first [size] entries; -1 if there is none. */
    private fun smallerChild(
        place: Int,
        size: Int,
    ): Int {
        val left = 2 * place + 1
        if (left >= size) return -1
        val right = left + 1
        return if (right < size && isBefore(heap[right], heap[left])) right else left
    }

    private fun isBefore(
        one: Entry<T>,
        other: Entry<T>,
    ): Boolean {
        val comparison = order.compare(one.item, other.item)
        return if (comparison == 0) one.number < other.number else comparison < 0
    }

    override fun size(): Int = heap.size

    private fun parent(place: Int) = (place - 1) / 2
}
