package asyncio.internal.stream

/** Looks for [bytes] in what a queue holds and will hold, and looks at every byte once (Knuth, Morris and Pratt). */
public class Separator(
    private val bytes: ByteArray,
) {
    /** How far to fall back where the byte behind the first i + 1 is another one. */
    private val fallback = IntArray(bytes.size)

    private var matched = 0
    private var chunk: ByteQueue.Chunk? = null
    private var at = 0

    /** How many bytes of the queue were looked at; if the separator was found, it ends there. */
    public var passed: Long = 0L
        private set

    init {
        var length = 0
        for (i in 1 until bytes.size) {
            while (length > 0 && bytes[i] != bytes[length]) length = fallback[length - 1]
            if (bytes[i] == bytes[length]) length++
            fallback[i] = length
        }
    }

    /** Goes on through [queue], from which nothing was taken since the last time; whether the separator was found. */
    public fun findIn(
        queue: ByteQueue,
        limit: Long,
    ): Boolean {
        while (passed < limit) {
            val chunk = chunk ?: (queue.first ?: return false).also { at = it.start }
            this.chunk = chunk
            val end = minOf(chunk.end.toLong(), at + (limit - passed)).toInt()
            if (findIn(chunk.array, end)) return true
            if (at < chunk.end) return false
            // Its array may have room for more: stay until there is another.
            val next = chunk.next ?: return false
            this.chunk = next
            at = next.start
        }
        return false
    }

    private fun findIn(
        array: ByteArray,
        end: Int,
    ): Boolean {
        val from = at
        val bytes = bytes
        if (bytes.size == 1) return findIn(array, end, bytes[0])
        var matched = matched
        var i = from
        while (i < end && matched < bytes.size) {
            val byte = array[i++]
            while (matched > 0 && byte != bytes[matched]) matched = fallback[matched - 1]
            if (byte == bytes[matched]) matched++
        }
        at = i
        passed += i - from
        this.matched = matched
        return matched == bytes.size
    }

    /** The same for a separator of one byte, as most are. */
    private fun findIn(
        array: ByteArray,
        end: Int,
        byte: Byte,
    ): Boolean {
        var i = at
        while (i < end && array[i] != byte) i++
        val isFound = i < end
        if (isFound) i++
        passed += i - at
        at = i
        return isFound
    }
}
