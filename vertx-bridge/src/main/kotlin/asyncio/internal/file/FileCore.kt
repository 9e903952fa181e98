package asyncio.internal.file

import asyncio.Asyncio
import asyncio.CancelledError
import asyncio.ExceptionContext
import asyncio.Future
import asyncio.file.Whence
import asyncio.internal.run.EventLoopImpl
import asyncio.kotlin.await
import java.nio.ByteBuffer
import java.nio.file.Path
import java.util.concurrent.CountDownLatch

/**
 * An open file of bytes. Code of the loop only.
 *
 * ```
 * OPEN --close--> CLOSING: takes no more operations; those in the lane end --> CLOSED
 *   \----the loop is closed: writes what is left, and waits-----------------------^
 * ```
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
) : AutoCloseable {
    private val cursor = Cursor(position)
    private val turns = Turns(loop)
    private val input = ReadAhead(loop, lane, medium, cursor)
    private val output = WriteBehind(loop, lane, medium, cursor)

    /** Something was appended: where the end is now only the file system knows. */
    private var isPositionStale = false

    /** Made when the closing begins; done when it has ended. */
    private var closing: Future<Unit>? = null

    val isSeekable: Boolean get() = medium.isSeekable
    val isClosed: Boolean get() = closing != null

    /** The position, without regard to what was appended. */
    val position: Long get() = cursor.position

    init {
        loop.closeWithLoop(this)
    }

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
        val bytes = lane.await { readUpTo(medium, at, most) }
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
        if (mode.isAppending) isPositionStale = true
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
        checkOpen("tell")
        checkSeekable("tell")
        return if (turns.isFree && !isPositionStale) cursor.position else -1
    }

    suspend fun tell(): Long =
        inTurn("tell") {
            settlePosition()
            cursor.position
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

    // ---- the end

    suspend fun closeAndWait() {
        loop.checkCaller("close")
        closing?.let {
            if (!it.done()) await(Asyncio.shield(it))
            return
        }
        val ended = begin()
        var failure: Throwable? = null
        try {
            output.flush()
        } catch (error: Throwable) {
            failure = error
        }
        val closed = loop.createFuture<Unit>()
        endMedium { result ->
            val error = result.exceptionOrNull() ?: output.takeFailure()
            when {
                !closed.done() -> error?.let(closed::setException) ?: closed.setResult(Unit)
                error != null -> report(error)
            }
            ended.setResult(Unit)
        }
        if (failure is CancelledError) throw failure
        try {
            await(closed)
        } catch (error: Throwable) {
            failure?.let(error::addSuppressed)
            throw error
        }
        failure?.let { throw it }
    }

    /** Closes without waiting: the loop's exception handler hears of a failure. */
    fun closeSoon() {
        if (isClosed) return
        val ended = begin()
        output.startFlush()
        endMedium { result ->
            (result.exceptionOrNull() ?: output.takeFailure())?.let(::report)
            ended.setResult(Unit)
        }
    }

    /** Closes without writing what is left. */
    fun abandon() {
        if (isClosed) return
        val ended = begin()
        output.takeUnwritten()
        endMedium { ended.setResult(Unit) }
    }

    private fun begin(): Future<Unit> {
        val ended = loop.createFuture<Unit>()
        closing = ended
        input.close()
        return ended
    }

    private fun endMedium(onEnd: (Result<Unit>) -> Unit) {
        loop.closedBeforeLoop(this)
        // A read of a pipe may wait for ever, and is broken off.
        if (!isSeekable && !output.isDirty) FileThreads.execute { runCatching(medium::close) }
        lane.start(medium::close, onEnd)
    }

    private fun report(error: Throwable): Unit =
        loop.callExceptionHandler(ExceptionContext.of("Closing of the file $name failed").withException(error))

    /** The loop is closed: blocks until all is written. */
    override fun close() {
        if (isClosed) return
        logger.log(System.Logger.Level.WARNING, "Unclosed file $name: it is closed with its loop")
        closing = loop.createFuture()
        val unwritten = output.takeUnwritten()
        val ended = CountDownLatch(1)
        if (!isSeekable) medium.close()
        lane.submit({
            try {
                unwritten.forEachIndexed { i, block -> output.writeLast(block, i == 0) }
            } finally {
                medium.close()
            }
        }) { result ->
            result.onFailure { logger.log(System.Logger.Level.ERROR, "Closing of the file $name failed", it) }
            ended.countDown()
        }
        ended.await()
    }

    companion object {
        const val CLOSED = "I/O operation on closed file"

        /** More than that goes past the buffer. */
        const val MOST_BUFFERED = 1024 * 1024

        /** An array of the JVM may have so many. */
        const val MOST_BYTES = Int.MAX_VALUE - 8L

        private const val LF = '\n'.code.toByte()
        private val logger = System.getLogger("asyncio")

        private fun readUpTo(
            medium: Medium,
            at: Long,
            most: Long,
        ): ByteArray {
            val known = maxOf(0, medium.size() - at)
            var bytes = ByteArray(minOf(known, most, MOST_BYTES).toInt())
            var count = 0
            while (true) {
                val part = medium.read(ByteBuffer.wrap(bytes, count, bytes.size - count), at + count)
                count += maxOf(0, part)
                if (count < bytes.size || count >= most) break
                // More than its size says: it has grown, or is one of /proc.
                val probe = ByteBuffer.allocate(minOf(PROBE, most - count).toInt())
                if (medium.read(probe, at + count) <= 0) break
                if (count + probe.position() > MOST_BYTES) throw OutOfMemoryError("the file is too large for an array")
                bytes = bytes.copyOf(minOf(MOST_BYTES, most, maxOf(2L * count, 2 * PROBE)).toInt())
                probe.flip().get(bytes, count, probe.limit())
                count += probe.limit()
            }
            return if (count == bytes.size) bytes else bytes.copyOf(count)
        }

        private const val PROBE = 8192L
    }
}
