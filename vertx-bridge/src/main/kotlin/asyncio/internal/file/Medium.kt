package asyncio.internal.file

import java.nio.ByteBuffer
import java.nio.channels.FileChannel
import java.nio.channels.SeekableByteChannel
import java.nio.file.FileSystemException
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardOpenOption
import java.nio.file.attribute.BasicFileAttributes

/** Where the bytes of a file are. Its methods block; one of them runs at a time, except for [close]. */
internal interface Medium {
    /** Whether it has positions. */
    val isSeekable: Boolean

    /** Reads until [buffer] is full or the end is there; once, if there are no positions. Gives how much; negative at the end. */
    fun read(
        buffer: ByteBuffer,
        position: Long,
    ): Int

    /** Writes all of [data] at [position], or at the end if that is what the file is open for. */
    fun write(
        data: ByteBuffer,
        position: Long,
    )

    fun size(): Long

    fun setSize(size: Long)

    fun force()

    /** From any thread; an operation under way is broken off where there are no positions. */
    fun close()
}

/** A file of a file system. */
internal class ChannelMedium private constructor(
    private val path: Path,
    private val reader: SeekableByteChannel,
    private val writer: SeekableByteChannel,
    private val isAppending: Boolean,
    override val isSeekable: Boolean,
    private val onClose: () -> Unit,
) : Medium {
    override fun read(
        buffer: ByteBuffer,
        position: Long,
    ): Int {
        if (!isSeekable) return reader.read(buffer)
        val begin = buffer.position()
        val limit = buffer.limit()
        try {
            while (buffer.position() < limit) {
                // The JDK copies what is on the heap by way of a buffer of that size.
                if (!buffer.isDirect) buffer.limit(minOf(limit, buffer.position() + MOST_ON_HEAP))
                if (readOnce(buffer, position + buffer.position() - begin) < 0) break
            }
        } finally {
            buffer.limit(limit)
        }
        val count = buffer.position() - begin
        return if (count == 0 && limit > begin) -1 else count
    }

    private fun readOnce(
        buffer: ByteBuffer,
        position: Long,
    ): Int {
        if (reader is FileChannel) return reader.read(buffer, position)
        reader.position(position)
        return reader.read(buffer)
    }

    override fun write(
        data: ByteBuffer,
        position: Long,
    ) {
        val begin = data.position()
        val limit = data.limit()
        try {
            while (data.position() < limit) {
                if (!data.isDirect) data.limit(minOf(limit, data.position() + MOST_ON_HEAP))
                writeOnce(data, position + data.position() - begin)
            }
        } finally {
            data.limit(limit)
        }
    }

    private fun writeOnce(
        data: ByteBuffer,
        position: Long,
    ) {
        if (isSeekable && !isAppending) {
            if (writer is FileChannel) {
                writer.write(data, position)
                return
            }
            writer.position(position)
        }
        writer.write(data)
    }

    override fun size(): Long = writer.size()

    override fun setSize(size: Long) {
        val present = writer.size()
        when {
            size < present -> {
                writer.truncate(size)
            }

            size > present && !isAppending -> {
                writeOnce(ByteBuffer.allocate(1), size - 1)
            }

            size > present -> {
                Files.newByteChannel(path, StandardOpenOption.WRITE).use {
                    it.position(size - 1).write(ByteBuffer.allocate(1))
                }
            }
        }
    }

    override fun force() {
        (writer as? FileChannel)?.force(true)
    }

    override fun close() {
        try {
            reader.close()
        } finally {
            try {
                writer.close()
            } finally {
                onClose()
            }
        }
    }

    companion object {
        private const val MOST_ON_HEAP = 256 * 1024

        fun open(
            path: Path,
            mode: Mode,
            onClose: () -> Unit = {},
        ): ChannelMedium {
            // One channel cannot do both.
            val isTwo = mode.isAppending && mode.isReadable
            val writer = Files.newByteChannel(path, if (isTwo) mode.options - StandardOpenOption.READ else mode.options)
            try {
                val kind = if (path.fileSystem.isOpen) kindOf(path) else null
                if (kind?.isDirectory == true) throw FileSystemException(path.toString(), null, "Is a directory")
                val reader = if (isTwo) Files.newByteChannel(path, StandardOpenOption.READ) else writer
                val isSeekable = kind == null || kind.isRegularFile || hasPosition(reader)
                return ChannelMedium(path, reader, writer, mode.isAppending, isSeekable, onClose)
            } catch (error: Throwable) {
                writer.close()
                throw error
            }
        }

        /** Null if it has no name any more. */
        private fun kindOf(path: Path): BasicFileAttributes? =
            try {
                Files.readAttributes(path, BasicFileAttributes::class.java)
            } catch (_: java.io.IOException) {
                null
            }

        private fun hasPosition(channel: SeekableByteChannel): Boolean =
            try {
                channel.position()
                channel.size() > 0
            } catch (_: java.io.IOException) {
                false
            }
    }
}
