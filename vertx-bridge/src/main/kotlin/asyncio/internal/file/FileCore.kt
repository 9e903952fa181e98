package asyncio.internal.file

import asyncio.file.Whence
import asyncio.internal.run.EventLoopImpl
import java.nio.ByteBuffer
import java.nio.file.Path

/**
 * An open file of bytes: [ReadAhead], [WriteBehind] and one position. Code of the loop only.
 *
 * An operation takes its turn, unless it can be done at once and nothing is under way. What a cancelled one has in the lane goes on there.
 */
internal class FileCore(
    val loop: EventLoopImpl,
    val name: Path,
    val mode: Mode,
    private val medium: Medium,
    val lane: Lane,
    position: Long,
) {
    private val cursor = Cursor(position)
    private val turns = Turns(loop)
    private val input = ReadAhead(loop, lane, medium, cursor)
    private val output = WriteBehind(loop, lane, medium, cursor)

    /** Something was appended: where the end is now only the file system knows. */
    private var isPositionStale = false

    val end = FileEnd(loop, name, lane, medium, input, output)

    val isSeekable: Boolean get() = medium.isSeekable

    /** Whether it takes no more operations. */
    val isClosed: Boolean get() = end.hasBegun

    /** The position, without regard to what was appended. */
    val position: Long get() = cursor.position

    // ---- checks

    private fun checkOpen(what: String) {
        loop.checkCaller(what)
        check(!isClosed) { "$CLOSED: $name" }
    }

    fun checkReadable(what: String) {
        checkOpen(what)
        if (!mode.isReadable) throw UnsupportedOperationException("not readable: $name was opened with mode '$mode'")
    }

    fun checkWritable(what: String) {
        checkOpen(what)
        if (!mode.isWritable) throw UnsupportedOperationException("not writable: $name was opened with mode '$mode'")
    }

    private suspend inline fun <T> inTurn(
        what: String,
        crossinline action: suspend () -> T,
    ): T =
        turns.with {
            checkOpen(what)
            action()
        }

    /** [inTurn], with all that was written in the lane, and the position known. */
    private suspend inline fun <T> toRead(crossinline action: suspend () -> T): T =
        inTurn("read") {
            if (output.isDirty) output.settle()
            settlePosition()
            action()
        }

    private suspend fun settlePosition() {
        if (!isPositionStale) return
        output.flush()
        cursor.position = lane.await(medium::size)
        isPositionStale = false
        input.drop()
    }

    // ---- reading

    private val canReadNow: Boolean get() = turns.isFree && !output.isDirty && !isPositionStale

    /** Null if it has to wait. */
    fun readNow(count: Int): ByteArray? {
        checkReadable("read")
        return if (count in 0..input.available && canReadNow) input.take(count) else null
    }

    suspend fun read(count: Int): ByteArray =
        toRead {
            if (isSeekable && (count < 0 || count > MOST_BUFFERED)) {
                readMuch(if (count < 0) Long.MAX_VALUE else count.toLong())
            } else {
                input.ensure(if (count < 0) Long.MAX_VALUE else count.toLong())
                input.take(minOf(input.available, if (count < 0) MOST_BYTES else count.toLong()).toInt())
            }
        }

    /** In one job, without the buffer. */
    private suspend fun readMuch(most: Long): ByteArray {
        val at = cursor.position
        val bytes = lane.await { medium.readUpTo(at, most) }
        cursor.position = at + bytes.size
        input.drop()
        return bytes
    }

    /** Null if it has to wait. */
    fun read1Now(count: Int): ByteArray? {
        checkReadable("read")
        return if (canReadNow && input.firstPiece > 0) input.take(minOf(count, input.firstPiece)) else null
    }

    suspend fun read1(count: Int): ByteArray =
        toRead {
            if (count != 0) input.ensure(1)
            input.take(if (count < 0) input.firstPiece else minOf(count, input.firstPiece))
        }

    suspend fun peek(): ByteArray =
        toRead {
            input.ensure(1)
            input.peek()
        }

    suspend fun readInto(target: ByteBuffer): Int =
        toRead {
            val count = target.remaining()
            if (isSeekable && count > MOST_BUFFERED) {
                readMuchInto(target)
            } else {
                input.ensure(count.toLong())
                val part = minOf(count.toLong(), input.available).toInt()
                input.takeInto(target.duplicate().limit(target.position() + part))
                target.position(target.position() + part)
                part
            }
        }

    private suspend fun readMuchInto(target: ByteBuffer): Int {
        val at = cursor.position
        val own = target.duplicate()
        val count = maxOf(0, lane.await { medium.read(own, at) })
        cursor.position = at + count
        input.drop()
        target.position(target.position() + count)
        return count
    }

    /** Null if it has to wait. */
    fun readLineNow(limit: Long): ByteArray? {
        checkReadable("readline")
        if (!canReadNow) return null
        val end = input.find(LF, 0, limit)
        return if (end < 0) null else input.take(end.toInt() + 1)
    }

    suspend fun readLine(limit: Long): ByteArray =
        toRead {
            var searched = 0L
            var size: Long
            while (true) {
                val end = input.find(LF, searched, limit)
                searched = input.available
                size = if (end >= 0) end + 1 else limit
                if (end >= 0 || searched >= limit) break
                input.ensure(searched + 1)
                if (input.available == searched) {
                    size = searched
                    break
                }
            }
            input.take(size.toInt())
        }

    // ---- writing

    /** False if it has to wait. */
    fun writeNow(data: ByteBuffer): Boolean {
        checkWritable("write")
        if (!turns.isFree || !input.isEmpty || !output.hasRoom || data.remaining() > MOST_BUFFERED) return false
        put(data)
        return true
    }

    suspend fun write(data: ByteBuffer): Unit =
        inTurn("write") {
            if (!input.isEmpty) input.drop()
            output.awaitRoom()
            if (data.remaining() > MOST_BUFFERED && !lane.isInline) writeMuch(data) else put(data)
        }

    /** Puts a few bytes behind all others, before the closing. */
    fun writeLast(data: ByteBuffer): Unit = put(data)

    private fun put(data: ByteBuffer) {
        if (mode.isAppending && data.hasRemaining()) isPositionStale = true
        output.put(data)
    }

    /** In one job, without a copy. */
    private suspend fun writeMuch(data: ByteBuffer) {
        output.flush()
        val begin = data.position()
        val at = cursor.position
        if (mode.isAppending) isPositionStale = true
        cursor.position = at + data.remaining()
        try {
            lane.await { medium.write(data, at) }
        } catch (error: Exception) {
            cursor.position = at + data.position() - begin
            throw error
        }
    }

    suspend fun flush(): Unit = inTurn("flush") { output.flush() }

    suspend fun force(): Unit =
        inTurn("fsync") {
            output.flush()
            lane.await(medium::force)
        }

    /** Does [first] when all that was written is in the lane, and then waits for [action] of the lane. */
    suspend fun inLane(
        first: () -> Unit,
        action: () -> Unit,
    ): Unit =
        inTurn("rollover") {
            if (output.isDirty) output.settle()
            first()
            lane.await(action)
        }

    // ---- positions

    /** Negative if it has to wait. */
    fun tellNow(): Long {
        checkPosition("tell")
        return if (turns.isFree && !isPositionStale) cursor.position else -1
    }

    suspend fun tell(): Long =
        inTurn("tell") {
            settlePosition()
            cursor.position
        }

    fun checkPosition(what: String) {
        checkOpen(what)
        checkSeekable(what)
    }

    private fun checkSeekable(what: String) {
        if (!isSeekable) throw UnsupportedOperationException("$what: $name has no position")
    }

    suspend fun seek(
        offset: Long,
        whence: Whence,
    ): Long =
        inTurn("seek") {
            checkSeekable("seek")
            if (output.isDirty) output.settle()
            val base =
                when (whence) {
                    Whence.SEEK_SET -> {
                        0
                    }

                    Whence.SEEK_CUR -> {
                        settlePosition()
                        cursor.position
                    }

                    Whence.SEEK_END -> {
                        lane.await(medium::size)
                    }
                }
            val target = Math.addExact(base, offset)
            require(target >= 0) { "negative seek position: $target" }
            moveTo(target)
            target
        }

    private fun moveTo(target: Long) {
        val distance = target - cursor.position
        if (!isPositionStale && distance in 0..input.available) {
            input.skip(distance)
        } else {
            cursor.position = target
            isPositionStale = false
            input.drop()
        }
    }

    /** To the position, if [size] is negative. */
    suspend fun truncate(size: Long): Long =
        inTurn("truncate") {
            output.flush()
            settlePosition()
            val target = if (size < 0) cursor.position else size
            input.drop()
            lane.await { medium.setSize(target) }
            target
        }

    suspend fun size(): Long =
        inTurn("size") {
            if (output.isDirty) output.settle()
            lane.await(medium::size)
        }

    companion object {
        const val CLOSED = "I/O operation on closed file"

        /** More than that goes past the buffer. */
        const val MOST_BUFFERED = 1024 * 1024

        /** An array of the JVM may have so many. */
        const val MOST_BYTES = Int.MAX_VALUE - 8L

        private const val LF = '\n'.code.toByte()
    }
}
