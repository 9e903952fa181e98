package asyncio.internal.stream

/**
 * Bytes on their way: added at the end, taken from the start.
 *
 * Small portions are gathered in arrays of its own, so that a body that comes byte by byte costs neither a hundred bytes
 * of memory for each, nor time when it is taken out.
 */
public class ByteQueue {
    /** A stretch of bytes; behind [end] there is room for more if the array [isOwn]. */
    public class Chunk(
        @JvmField public val array: ByteArray,
        @JvmField public var start: Int,
        @JvmField public var end: Int,
        @JvmField public val isOwn: Boolean,
    ) {
        @JvmField public var next: Chunk? = null

        public val size: Int get() = end - start

        public fun hasRoom(length: Int): Boolean = isOwn && array.size - end >= length
    }

    /** The bytes that come next; no stretch in the queue is empty. */
    public var first: Chunk? = null
        private set

    private var last: Chunk? = null

    /** Where [grow] adds: the last stretch, or one that is not part of the queue yet. */
    private var room: Chunk? = null

    public var size: Long = 0L
        private set

    public val isEmpty: Boolean get() = size == 0L

    /** Copies [length] bytes of [bytes], from [from] on. */
    public fun add(
        bytes: ByteArray,
        from: Int,
        length: Int,
    ) {
        add(length) { target, at -> System.arraycopy(bytes, from, target, at, length) }
    }

    /** Adds [length] bytes, which [copy] puts into an array at an index. */
    public inline fun add(
        length: Int,
        copy: (ByteArray, Int) -> Unit,
    ) {
        if (isWorthGathering(length)) {
            val room = room(length)
            copy(room.array, room.end)
            grow(length)
        } else if (length > 0) {
            val bytes = ByteArray(length)
            copy(bytes, 0)
            add(bytes)
        }
    }

    /** [bytes] belong to the queue from now on. */
    public fun add(bytes: ByteArray) {
        if (isWorthGathering(bytes.size)) {
            val room = room(bytes.size)
            bytes.copyInto(room.array, room.end)
            grow(bytes.size)
        } else if (bytes.isNotEmpty()) {
            addView(bytes, 0, bytes.size)
        }
    }

    // The first one is an array of its own: most often it is the only one, and is given to its reader as it is.
    @PublishedApi
    internal fun isWorthGathering(length: Int): Boolean = length <= SMALL && last != null

    private fun addView(
        array: ByteArray,
        start: Int,
        length: Int,
    ) {
        append(Chunk(array, start, start + length, isOwn = false))
        size += length
    }

    /** Where at least [length] bytes can be written, behind its `end`; [grow] makes them part of the queue. */
    public fun room(
        length: Int,
        capacity: Int = GATHERED,
    ): Chunk {
        val last = last
        val room =
            if (last != null && last.hasRoom(length)) {
                last
            } else {
                room?.takeIf { it.size == 0 && it.hasRoom(length) } ?: Chunk(ByteArray(capacity), 0, 0, isOwn = true)
            }
        this.room = room
        return room
    }

    /** [length] bytes were written into the [room]. */
    public fun grow(length: Int) {
        if (length == 0) return
        val room = room!!
        this.room = null
        room.end += length
        size += length
        if (room !== last) append(room)
    }

    private fun append(chunk: Chunk) {
        val last = last
        if (last == null) first = chunk else last.next = chunk
        this.last = chunk
    }

    /** The next [count] bytes, which are there. */
    public fun take(count: Int): ByteArray {
        val chunk = first
        if (count == 0 || chunk == null) return EMPTY
        if (chunk.size == count && count == chunk.array.size && !chunk.isOwn) {
            skip(count)
            return chunk.array
        }
        val bytes = ByteArray(count)
        var at = 0
        while (at < count) {
            val from = first!!
            val part = minOf(from.size, count - at)
            from.array.copyInto(bytes, at, from.start, from.start + part)
            at += part
            skip(part)
        }
        return bytes
    }

    /** Drops the next [count] bytes, which are there. */
    public fun drop(count: Long) {
        var left = count
        while (left > 0) {
            val part = minOf(first!!.size.toLong(), left).toInt()
            skip(part)
            left -= part
        }
    }

    /** All bytes, which stay. */
    public fun copy(): ByteArray {
        val bytes = ByteArray(Math.toIntExact(size))
        var at = 0
        var chunk = first
        while (chunk != null) {
            chunk.array.copyInto(bytes, at, chunk.start, chunk.end)
            at += chunk.size
            chunk = chunk.next
        }
        return bytes
    }

    /** Drops [count] bytes, all of which are in the [first] stretch. */
    public fun skip(count: Int) {
        val chunk = first!!
        chunk.start += count
        size -= count
        if (chunk.size > 0) return
        val next = chunk.next
        first = next
        if (next == null) last = null
    }

    public fun clear() {
        first = null
        last = null
        room = null
        size = 0
    }

    private companion object {
        val EMPTY = ByteArray(0)

        /** Up to here an array of its own costs more than copying it again. */
        const val SMALL = 1024
        const val GATHERED = 8 * 1024
    }
}
