package asyncio.internal.file

import asyncio.file.CopyProgress
import asyncio.internal.run.EventLoopImpl
import java.io.IOException
import java.nio.ByteBuffer
import java.nio.channels.FileChannel
import java.nio.file.FileSystemException
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardOpenOption.CREATE
import java.nio.file.StandardOpenOption.READ
import java.nio.file.StandardOpenOption.TRUNCATE_EXISTING
import java.nio.file.StandardOpenOption.WRITE

/** One copy of a file: portion by portion, so that it can stop in between. */
internal class Copying(
    private val loop: EventLoopImpl,
    private val source: Path,
    private val target: Path,
    private val progress: CopyProgress?,
) {
    @Volatile private var isGivenUp = false
    private var from: FileChannel? = null
    private var to: FileChannel? = null

    suspend fun run(): Long {
        val lane = Lane(loop)
        try {
            val copied = copy(lane)
            lane.await(::close)
            return copied
        } catch (error: Exception) {
            // The files are closed when the caller hears of it.
            try {
                lane.await(::close)
            } catch (closing: IOException) {
                if (closing !== error) error.addSuppressed(closing)
            }
            throw error
        } catch (error: Throwable) {
            isGivenUp = true
            // Behind the portion under way.
            lane.start(::close) { }
            throw error
        }
    }

    private suspend fun copy(lane: Lane): Long {
        val total = lane.await(::open)
        var copied = 0L
        while (true) {
            val count = lane.await { if (isGivenUp) 0 else transfer(copied) }
            if (count <= 0) return copied
            copied += count
            progress?.copied(copied, total)
        }
    }

    private fun open(): Long {
        if (isGivenUp) return 0
        if (Files.isDirectory(source)) throw FileSystemException(source.toString(), null, "Is a directory")
        val from = FileChannel.open(source, READ).also { from = it }
        if (Files.exists(target) && Files.isSameFile(source, target)) {
            throw FileSystemException(source.toString(), target.toString(), "are the same file")
        }
        to = FileChannel.open(target, WRITE, CREATE, TRUNCATE_EXISTING)
        return from.size()
    }

    private fun transfer(at: Long): Long {
        val count = from!!.transferTo(at, PORTION, to!!)
        return if (count > 0) count else transferByHand(at)
    }

    /** What has no size, as files of /proc, the JDK takes for empty. */
    private fun transferByHand(at: Long): Long {
        val buffer = ByteBuffer.allocate(SMALL_PORTION)
        val count = from!!.read(buffer, at)
        buffer.flip()
        while (buffer.hasRemaining()) to!!.write(buffer)
        return count.toLong()
    }

    private fun close() {
        try {
            from?.close()
        } finally {
            to?.close()
        }
    }

    private companion object {
        const val PORTION = 1024L * 1024
        const val SMALL_PORTION = 64 * 1024
    }
}
