package asyncio.internal.loop

/**
 * Timers by deadline, and by age where deadlines are equal. A timer that is called off leaves at once, so that a program which
 * sets and cancels timeouts all day keeps none of them.
 */
internal class TimerHeap {
    private var heap = arrayOfNulls<Timer>(INITIAL)
    private var age = 0L

    @JvmField var size = 0

    fun first(): Timer? = heap[0]

    fun add(timer: Timer) {
        timer.age = age++
        if (size == heap.size) heap = heap.copyOf(size * 2)
        siftUp(size++, timer)
    }

    fun remove(timer: Timer) {
        val index = timer.index
        if (index < 0) return
        timer.index = -1
        val last = heap[--size]!!
        heap[size] = null
        if (last === timer) return
        siftDown(index, last)
        if (heap[index] === last) siftUp(index, last)
    }

    fun clear() {
        for (i in 0 until size) heap[i]!!.index = -1
        heap = arrayOfNulls(INITIAL)
        size = 0
    }

    private fun siftUp(
        from: Int,
        timer: Timer,
    ) {
        var index = from
        while (index > 0) {
            val parent = (index - 1) ushr 1
            val above = heap[parent]!!
            if (!timer.isBefore(above)) break
            place(index, above)
            index = parent
        }
        place(index, timer)
    }

    private fun siftDown(
        from: Int,
        timer: Timer,
    ) {
        var index = from
        while (true) {
            var child = 2 * index + 1
            if (child >= size) break
            if (child + 1 < size && heap[child + 1]!!.isBefore(heap[child]!!)) child++
            val below = heap[child]!!
            if (!below.isBefore(timer)) break
            place(index, below)
            index = child
        }
        place(index, timer)
    }

    private fun place(
        index: Int,
        timer: Timer,
    ) {
        heap[index] = timer
        timer.index = index
    }

    private companion object {
        const val INITIAL = 16
    }
}
