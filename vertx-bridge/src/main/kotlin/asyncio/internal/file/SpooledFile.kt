package asyncio.internal.file

import asyncio.Coroutine
import asyncio.file.SpooledTemporaryFile
import asyncio.internal.run.EventLoopImpl
import asyncio.kotlin.coroutine
import java.nio.ByteBuffer
import java.nio.file.Path

/**
 * Bytes in memory, until they are moved to a file.
 *
 * ```
 * MEMORY: operations are done at once, by the loop --rollOver, by a thread--> FILE
 * ```
 */
internal class SpooledMedium : Medium {
    private var bytes = ByteArray(0)
    private var size = 0

    /** Null while in memory. */
    private var file: ChannelMedium? = null

    override val isSeekable: Boolean get() = true

    /** Blocks. */
    fun rollOver() {
        if (file != null) return
        val file = Temporary.unnamed()
        try {
            file.write(ByteBuffer.wrap(bytes, 0, size), 0)
        } catch (error: Throwable) {
            file.close()
            throw error
        }
        this.file = file
        bytes = ByteArray(0)
        size = 0
    }

    override fun read(
        buffer: ByteBuffer,
        position: Long,
    ): Int {
        file?.let { return it.read(buffer, position) }
        if (position >= size) return -1
        val count = minOf(buffer.remaining(), size - position.toInt())
        buffer.put(bytes, position.toInt(), count)
        return count
    }

    override fun write(
        data: ByteBuffer,
        position: Long,
    ) {
        file?.let { return it.write(data, position) }
        val end = Math.toIntExact(position + data.remaining())
        makeRoom(end)
        data.get(bytes, position.toInt(), data.remaining())
        size = maxOf(size, end)
    }

    private fun makeRoom(count: Int) {
        if (count > bytes.size) {
            bytes =
                bytes.copyOf(maxOf(count.toLong(), 2L * bytes.size).coerceAtMost(FileCore.MOST_BYTES).toInt())
        }
    }

    override fun size(): Long = file?.size() ?: size.toLong()

    override fun setSize(size: Long) {
        file?.let { return it.setSize(size) }
        val target = Math.toIntExact(size)
        makeRoom(target)
        if (target < this.size) bytes.fill(0, target, this.size)
        this.size = target
    }

    override fun force() {
        file?.force()
    }

    override fun close() {
        file?.close()
        bytes = ByteArray(0)
        size = 0
    }
}

internal class SpooledFile private constructor(
    core: FileCore,
    private val medium: SpooledMedium,
    private val maxSize: Int,
) : BinaryFileImpl(core),
    SpooledTemporaryFile {
    override fun rolledOver(): Boolean = !core.lane.isInline

    override fun rollover(): Coroutine<Void?> =
        coroutine {
            rollOver()
            null
        }

    private suspend fun rollOver() {
        if (rolledOver()) return
        core.inLane({ core.lane.isInline = false }, medium::rollOver)
    }

    override suspend fun written() {
        if (maxSize in 1 until core.position && !rolledOver()) rollOver()
    }

    override fun toString(): String =
        "<SpooledTemporaryFile${if (rolledOver()) " on disk" else ""}${if (closed()) " closed" else ""}>"

    companion object {
        private val MODE = Mode.parse("w+b", isText = false)

        fun create(
            loop: EventLoopImpl,
            maxSize: Int,
        ): SpooledFile {
            val medium = SpooledMedium()
            val lane = Lane(loop).apply { isInline = true }
            return SpooledFile(FileCore(loop, Path.of("<spooled>"), MODE, medium, lane, 0), medium, maxSize)
        }
    }
}
