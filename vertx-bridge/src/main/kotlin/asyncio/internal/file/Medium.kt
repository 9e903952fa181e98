package asyncio.internal.file

import java.io.IOException
import java.nio.ByteBuffer
import java.nio.channels.FileChannel
import java.nio.channels.SeekableByteChannel
import java.nio.file.FileAlreadyExistsException
import java.nio.file.FileSystemException
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardOpenOption
import java.nio.file.attribute.BasicFileAttributes
import java.nio.file.attribute.FileAttribute

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

/** What there is from [at] on, but no more than [most] bytes. */
internal fun Medium.readUpTo(
    at: Long,
    most: Long,
): ByteArray {
    val known = maxOf(0, size() - at)
    var bytes = ByteArray(minOf(known, most, FileCore.MOST_BYTES).toInt())
    var count = 0
    while (true) {
        val part = read(ByteBuffer.wrap(bytes, count, bytes.size - count), at + count)
        count += maxOf(0, part)
        if (count < bytes.size || count >= most) break
        // More than its size says: it has grown, or is one of /proc.
        val probe = ByteBuffer.allocate(minOf(PROBE, most - count).toInt())
        if (read(probe, at + count) <= 0) break
        if (count + probe.position() > FileCore.MOST_BYTES) throw OutOfMemoryError("the file is too large for an array")
        bytes = bytes.copyOf(minOf(FileCore.MOST_BYTES, most, maxOf(2L * count, 2 * PROBE)).toInt())
        probe.flip().get(bytes, count, probe.limit())
        count += probe.limit()
    }
    return if (count == bytes.size) bytes else bytes.copyOf(count)
}

private const val PROBE = 8192L

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

        /** @param permissions of a file that is made */
        fun open(
            path: Path,
            mode: Mode,
            vararg permissions: FileAttribute<*>,
            onClose: () -> Unit = {},
        ): ChannelMedium {
            val kind = kindOf(path)
            if (kind?.isDirectory == true) throw directoryFailure(path, mode)
            // One channel cannot do both.
            val isTwo = mode.isAppending && mode.isReadable
            val options = if (isTwo) mode.options - StandardOpenOption.READ else mode.options
            val writer = Files.newByteChannel(path, options, *permissions)
            try {
                val reader = if (isTwo) Files.newByteChannel(path, StandardOpenOption.READ) else writer
                val isSeekable = kind == null || kind.isRegularFile || hasPosition(reader)
                return ChannelMedium(path, reader, writer, mode.isAppending, isSeekable, onClose)
            } catch (error: Throwable) {
                writer.close()
                throw error
            }
        }

        private fun directoryFailure(
            path: Path,
            mode: Mode,
        ): FileSystemException =
            if (StandardOpenOption.CREATE_NEW in mode.options) {
                FileAlreadyExistsException(path.toString())
            } else {
                FileSystemException(path.toString(), null, "Is a directory")
            }

        /** Whether the operating system may let its readers and writers wait for others. */
        fun isPipe(path: Path): Boolean = kindOf(path)?.isOther == true

        /** Null if there is none yet. */
        private fun kindOf(path: Path): BasicFileAttributes? =
            try {
                Files.readAttributes(path, BasicFileAttributes::class.java)
            } catch (_: IOException) {
                null
            }

        private fun hasPosition(channel: SeekableByteChannel): Boolean =
            try {
                channel.position()
                channel.size() > 0
            } catch (_: IOException) {
                false
            }
    }
}
