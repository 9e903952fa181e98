package asyncio.internal.net

import asyncio.internal.run.EventLoopImpl
import asyncio.kotlin.await
import io.netty.buffer.ByteBuf
import io.netty.buffer.Unpooled
import io.netty.channel.DefaultFileRegion
import io.netty.channel.FileRegion
import java.nio.ByteBuffer
import java.nio.channels.FileChannel
import java.nio.file.FileSystemException
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardOpenOption
import java.util.concurrent.Callable

/** A file that is sent in portions; what reads it runs in the loop's executor. */
internal class FilePortions private constructor(
    private val channel: FileChannel,
    val size: Long,
) : AutoCloseable {
    /** A portion that the system sends by itself. */
    fun region(
        at: Long,
        length: Long,
    ): FileRegion = Region(channel, at, length)

    /** A portion that was read. */
    suspend fun read(
        loop: EventLoopImpl,
        at: Long,
        length: Int,
    ): ByteBuf {
        val buffer = ByteBuffer.allocate(length)
        await(loop.runInExecutor(null, Callable { channel.read(buffer, at) }))
        return Unpooled.wrappedBuffer(buffer.flip())
    }

    override fun close(): Unit = channel.close()

    /** Leaves the file open: there are more portions. */
    private class Region(
        channel: FileChannel,
        at: Long,
        length: Long,
    ) : DefaultFileRegion(channel, at, length) {
        override fun deallocate(): Unit = Unit
    }

    companion object {
        const val SIZE = 1024L * 1024

        suspend fun open(
            loop: EventLoopImpl,
            file: Path,
        ): FilePortions =
            await(
                loop.runInExecutor(
                    null,
                    Callable {
                        // Reading it would fail in the channel, which closes then.
                        if (Files.isDirectory(file)) throw FileSystemException(file.toString(), null, "Is a directory")
                        val channel = FileChannel.open(file, StandardOpenOption.READ)
                        FilePortions(channel, channel.size())
                    },
                ),
            )
    }
}
