package asyncio.internal.file

import asyncio.Future
import asyncio.internal.run.EventLoopImpl
import asyncio.kotlin.await
import java.nio.ByteBuffer

/**
 * What was read of a file, and not taken yet: blocks that follow one another from the position on.
 *
 * ```
 * position            + available          next
 *    |  blocks, filled     |   in flight    |
 * ```
 *
 * A file that is read from its begin to its end has more and more in flight, up to [DEPTH] blocks. What is in flight when the position
 * moves elsewhere is of an old generation, and dropped when it comes. Code of the loop only.
 */
internal class ReadAhead(
    private val loop: EventLoopImpl,
    private val lane: Lane,
    private val medium: Medium,
    private val cursor: Cursor,
) {
    private val blocks = ArrayDeque<Block>()

    /** How many bytes can be taken at once. */
    var available = 0L
        private set

    private var next = cursor.position
    private var inFlight = 0
    private var generation = 0

    /** How many blocks were read to their end, one after the other. */
    private var streak = 0
    private var isAtEnd = false
    private var isClosed = false
    private var failure: Throwable? = null
    private var waiter: Future<Unit>? = null

    /** Whether the position can move elsewhere with nothing to drop. */
    val isEmpty: Boolean get() = available == 0L && inFlight == 0

    /** Drops all; the next byte is the one at the position. */
    fun drop() {
        if (!medium.isSeekable) return
        void(cursor.position)
        blocks.forEach(Blocks::give)
        blocks.clear()
        available = 0
        streak = 0
        failure = null
        isAtEnd = false
    }

    /** What is in flight does not count any more; the next fill begins at [position]. */
    private fun void(position: Long) {
        generation++
        inFlight = 0
        next = position
    }

    fun close() {
        isClosed = true
        drop()
        wake()
    }

    /** Waits until [count] bytes can be taken, or until there is no more. What cannot be read fails. */
    suspend fun ensure(count: Long) {
        if (available >= count) return
        // It may have grown.
        isAtEnd = false
        if (isEmpty) next = cursor.position
        while (available < count && !isAtEnd) {
            failure?.let {
                failure = null
                throw it
            }
            check(!isClosed) { FileCore.CLOSED }
            if (inFlight == 0) demand(count)
            if (inFlight > 0) awaitFill()
        }
    }

    private fun demand(count: Long) {
        var wanted = count - available
        val isMuch = streak > 0 || wanted > Blocks.SMALL
        do {
            val size = if (isMuch) Blocks.LARGE else Blocks.SMALL
            fill(size)
            wanted -= size
        } while (wanted > 0 && inFlight in 1 until DEPTH && medium.isSeekable)
    }

    private suspend fun awaitFill() {
        val waiter = loop.createFuture<Unit>()
        this.waiter = waiter
        try {
            await(waiter)
        } finally {
            this.waiter = null
        }
    }

    private fun wake() {
        val waiter = waiter ?: return
        if (!waiter.done()) waiter.setResult(Unit)
    }

    private fun fill(size: Int) {
        val block = Blocks.take(size)
        val generation = generation
        block.at = next
        next += size
        inFlight++
        lane.start({ medium.read(block.data, block.at) }) { result -> filled(block, generation, result) }
    }

    private fun filled(
        block: Block,
        generation: Int,
        result: Result<Int>,
    ) {
        if (generation != this.generation) return Blocks.give(block)
        inFlight--
        result.fold({ came(block, it) }, { failed(block, it) })
        wake()
    }

    private fun came(
        block: Block,
        count: Int,
    ) {
        val at = block.at
        val isShort = count < block.data.capacity()
        if (count > 0) {
            block.data.flip()
            blocks.addLast(block)
            available += count
        } else {
            Blocks.give(block)
        }
        if (medium.isSeekable) {
            if (isShort) {
                void(at + maxOf(count, 0))
                isAtEnd = true
            }
        } else if (count < 0) {
            isAtEnd = true
        }
    }

    private fun failed(
        block: Block,
        error: Throwable,
    ) {
        void(block.at)
        Blocks.give(block)
        failure = error
    }

    /** The next [count] bytes, of which there are as many. */
    fun take(count: Int): ByteArray {
        val bytes = ByteArray(count)
        takeInto(ByteBuffer.wrap(bytes))
        return bytes
    }

    /** Fills [target], for which there are enough. */
    fun takeInto(target: ByteBuffer) {
        val count = target.remaining()
        while (target.hasRemaining()) {
            val block = blocks.first()
            val part = minOf(target.remaining(), block.data.remaining())
            target.put(target.position(), block.data, block.data.position(), part)
            target.position(target.position() + part)
            block.data.position(block.data.position() + part)
            dropIfRead(block)
        }
        moved(count.toLong())
    }

    /** Goes on behind the next [count] bytes, of which there are as many. */
    fun skip(count: Long) {
        var left = count
        while (left > 0) {
            val block = blocks.first()
            val part = minOf(left, block.data.remaining().toLong()).toInt()
            block.data.position(block.data.position() + part)
            left -= part
            dropIfRead(block)
        }
        moved(count)
    }

    private fun dropIfRead(block: Block) {
        if (block.data.hasRemaining()) return
        blocks.removeFirst()
        Blocks.give(block)
        streak++
    }

    private fun moved(count: Long) {
        available -= count
        cursor.position += count
        if (!medium.isSeekable || isAtEnd || isClosed || failure != null) return
        while (blocks.size + inFlight < minOf(streak, DEPTH)) {
            val before = inFlight
            fill(Blocks.LARGE)
            // A medium without threads has come to its end.
            if (inFlight == before && isAtEnd) return
        }
    }

    /** The bytes that can be had at once in one piece; they stay. */
    fun peek(most: Int = Int.MAX_VALUE): ByteArray {
        val data = blocks.firstOrNull()?.data ?: return ByteArray(0)
        val bytes = ByteArray(minOf(most, data.remaining()))
        data.get(data.position(), bytes)
        return bytes
    }

    /** How many bytes there are in one piece. */
    val firstPiece: Int get() = blocks.firstOrNull()?.data?.remaining() ?: 0

    /** Copies what there is to [target], up to its end; all stays. */
    fun peekInto(target: ByteBuffer) {
        for (block in blocks) {
            val part = minOf(target.remaining(), block.data.remaining())
            target.put(target.position(), block.data, block.data.position(), part)
            target.position(target.position() + part)
            if (!target.hasRemaining()) return
        }
    }

    /** How far it is to the next [byte], counted from the position; -1 if it is not there before [to]. The search begins at [from]. */
    fun find(
        byte: Byte,
        from: Long,
        to: Long,
    ): Long {
        var begin = 0L
        for (block in blocks) {
            val data = block.data
            val size = data.remaining()
            if (begin + size > from) {
                val first = data.position() + maxOf(0, from - begin).toInt()
                val last = data.position() + minOf(size.toLong(), to - begin).toInt()
                val found = data.indexOf(byte, first, last)
                if (found >= 0) return begin + found - data.position()
            }
            begin += size
            if (begin >= to) break
        }
        return -1
    }

    companion object {
        const val DEPTH = 4

        private fun ByteBuffer.indexOf(
            byte: Byte,
            from: Int,
            to: Int,
        ): Int {
            var i = from
            val pattern = (byte.toLong() and 0xff) * LOW
            while (i + Long.SIZE_BYTES <= to) {
                val word = getLong(i) xor pattern
                // Some byte of the word is zero.
                if ((word - LOW) and word.inv() and HIGH != 0L) break
                i += Long.SIZE_BYTES
            }
            while (i < to) {
                if (get(i) == byte) return i
                i++
            }
            return -1
        }

        private const val LOW = 0x0101010101010101L
        private const val HIGH = LOW shl 7
    }
}
