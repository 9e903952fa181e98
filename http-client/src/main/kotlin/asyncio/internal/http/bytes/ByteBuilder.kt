package asyncio.internal.http.bytes

/** A growable array of bytes; [size] of them are used. */
internal class ByteBuilder {
    var array = NONE
        private set
    var size = 0

    /** Makes room for [more] bytes behind [size], but not for more than [most] bytes in all. */
    fun reserve(
        more: Int,
        most: Int,
    ) {
        val needed = size + more
        if (needed <= array.size) return
        val doubled = if (array.size > most / 2) most else maxOf(2 * array.size, MIN)
        array = array.copyOf(maxOf(needed, minOf(doubled, most)))
    }

    /** Gives all bytes, and is empty then. */
    fun take(): ByteArray {
        val all = if (array.size == size) array else array.copyOf(size)
        clear()
        return all
    }

    fun clear() {
        array = NONE
        size = 0
    }

    companion object {
        /** The length of the largest array that a JVM allocates. */
        const val LARGEST = Int.MAX_VALUE - 8

        private const val MIN = 128
        private val NONE = ByteArray(0)
    }
}
