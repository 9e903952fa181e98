package asyncio.internal.file

import java.nio.ByteBuffer

/** A part of a file on its way from or to it; outside of the heap, so that the JDK need not copy it once more. */
internal class Block(
    @JvmField val data: ByteBuffer,
) {
    /** The position in the file of its first byte. */
    @JvmField var at = 0L
}

/** Blocks of two sizes that are used again and again. From any thread. */
internal object Blocks {
    const val SMALL = 64 * 1024
    const val LARGE = 512 * 1024

    private const val MOST_IDLE = 16

    private val small = ArrayDeque<Block>()
    private val large = ArrayDeque<Block>()

    fun take(size: Int): Block {
        val idle = if (size == SMALL) small else large
        val block = synchronized(idle) { idle.removeLastOrNull() }
        return block ?: Block(ByteBuffer.allocateDirect(size))
    }

    fun give(block: Block) {
        block.data.clear()
        val idle = if (block.data.capacity() == SMALL) small else large
        synchronized(idle) { if (idle.size < MOST_IDLE) idle.addLast(block) }
    }
}

/** The position of a file, which reading and writing move. */
internal class Cursor(
    @JvmField var position: Long,
)
