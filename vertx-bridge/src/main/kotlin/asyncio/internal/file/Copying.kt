package asyncio.internal.file

import asyncio.file.CopyProgress
import asyncio.internal.run.EventLoopImpl
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
        var copied = 0L
        try {
            val total = lane.await(::open)
            while (true) {
                val count = lane.await { if (isGivenUp) 0 else transfer(copied) }
                if (count <= 0) return copied
                copied += count
                progress?.copied(copied, total)
            }
        } finally {
            isGivenUp = true
            // Behind the portion under way.
            val isWanted = copied > 0
            if (isWanted) lane.await(::close) else lane.submit(::close) { }
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

    private fun transfer(at: Long): Long = from!!.transferTo(at, PORTION, to!!)

    private fun close() {
        try {
            from?.close()
        } finally {
            to?.close()
        }
    }

    private companion object {
        const val PORTION = 1024L * 1024
    }
}
