package asyncio.internal.file

import asyncio.Future
import asyncio.internal.run.EventLoopImpl
import asyncio.kotlin.await
import java.nio.ByteBuffer

/**
 * What was written to a file, and is not in it yet.
 *
 * ```
 * put -> the block that is being filled --full, or flush--> in flight -> written
 *                                              ^                 \--failed: it and all behind it wait in their order
 *                                              \------retry------------'
 * ```
 *
 * Code of the loop only, except for [write].
 */
internal class WriteBehind(
    private val loop: EventLoopImpl,
    private val lane: Lane,
    private val medium: Medium,
    private val cursor: Cursor,
) {
    private var filling: Block? = null
    private var inFlight = 0
    private val failed = ArrayDeque<Block>()

    /** Of a write that nobody has heard of yet. */
    private var failure: Throwable? = null
    private var waiter: Future<Unit>? = null
    private var blockSize = Blocks.SMALL

    /** A block of the lane has failed, and what comes after it must not overtake it. For the lane. */
    private var isBroken = false

    val isDirty: Boolean get() = filling != null || inFlight > 0 || failed.isNotEmpty()

    val hasRoom: Boolean get() = failed.isEmpty() && failure == null && inFlight < DEPTH

    /** Waits until there is room; raises what an earlier write has failed with. */
    suspend fun awaitRoom() {
        raiseFailure()
        if (failed.isNotEmpty()) {
            retry()
            awaitAll()
        }
        while (inFlight >= DEPTH) awaitProgress()
        raiseFailure()
    }

    private fun raiseFailure() {
        val error = failure ?: return
        failure = null
        throw error
    }

    /** Takes all of [data]. */
    fun put(data: ByteBuffer) {
        cursor.position += data.remaining()
        var at = cursor.position - data.remaining()
        while (data.hasRemaining()) {
            val block = filling ?: newBlock(at)
            val part = minOf(data.remaining(), block.data.remaining())
            block.data.put(block.data.position(), data, data.position(), part)
            block.data.position(block.data.position() + part)
            data.position(data.position() + part)
            at += part
            if (!block.data.hasRemaining()) {
                blockSize = Blocks.LARGE
                handOver()
            }
        }
    }

    private fun newBlock(at: Long): Block =
        Blocks.take(blockSize).also {
            it.at = at
            filling = it
        }

    /** Has what was put written soon. */
    fun handOver() {
        val block = filling ?: return
        filling = null
        block.data.flip()
        // Behind those that have failed.
        if (failed.isNotEmpty()) failed.addLast(block) else submit(block)
    }

    private fun submit(
        block: Block,
        isRetry: Boolean = false,
    ) {
        inFlight++
        lane.start({ write(block, isRetry) }) { result -> written(block, result) }
    }

    /** False if one before it has failed. */
    private fun write(
        block: Block,
        isRetry: Boolean,
    ): Boolean {
        if (isRetry) isBroken = false
        if (isBroken) return false
        try {
            medium.write(block.data, block.at + block.data.position())
            return true
        } catch (error: Throwable) {
            isBroken = true
            throw error
        }
    }

    private fun written(
        block: Block,
        result: Result<Boolean>,
    ) {
        inFlight--
        if (result.getOrNull() == true) Blocks.give(block) else failed.addLast(block)
        result.onFailure { failure = it }
        val waiter = waiter ?: return
        if (!waiter.done()) waiter.setResult(Unit)
    }

    private fun retry() {
        failure = null
        val blocks = failed.toList()
        failed.clear()
        blocks.forEachIndexed { i, block -> submit(block, isRetry = i == 0) }
    }

    /** Waits until all is in the file. */
    suspend fun flush() {
        startFlush()
        awaitAll()
        raiseFailure()
    }

    /** Has all written soon, also what has failed before. */
    fun startFlush() {
        handOver()
        // What is in flight behind a failed one comes back first, so that the order stays.
        if (inFlight == 0 && failed.isNotEmpty()) retry()
    }

    /** Makes what was put visible to the operations that come behind it in the lane. */
    suspend fun settle() {
        raiseFailure()
        if (failed.isNotEmpty()) flush() else handOver()
    }

    /** What a write has failed with that nobody has heard of yet; null if there is nothing. */
    fun takeFailure(): Throwable? = failure.also { failure = null }

    private suspend fun awaitAll() {
        while (inFlight > 0) awaitProgress()
    }

    private suspend fun awaitProgress() {
        val waiter = loop.createFuture<Unit>()
        this.waiter = waiter
        try {
            await(waiter)
        } finally {
            this.waiter = null
        }
    }

    /** What is not written, in order; nothing of it is in the lane. For the closing, which writes it itself. */
    fun takeUnwritten(): List<Block> {
        handOver()
        return failed.toList().also { failed.clear() }
    }

    /** Writes [blocks] behind all others, and then does [close]; blocks. For the lane, at the end. */
    fun writeLast(
        blocks: List<Block>,
        close: () -> Unit,
    ) {
        try {
            blocks.forEachIndexed { i, block -> write(block, isRetry = i == 0) }
        } finally {
            close()
        }
    }

    private companion object {
        const val DEPTH = 4
    }
}
