package asyncio.internal.http.payload

import asyncio.http.ClientPayloadException
import asyncio.internal.http.payload.Blocking.inExecutor
import java.io.IOException
import java.nio.ByteBuffer
import java.nio.channels.SeekableByteChannel
import java.nio.file.Files
import java.nio.file.NoSuchFileException
import java.nio.file.Path

/** A file, opened anew each time that it is sent. */
internal class FilePayload(
    private val file: Path,
) : OwnPayload() {
    override fun size(): Long? =
        try {
            if (Files.isRegularFile(file)) Files.size(file) else null
        } catch (_: IOException) {
            null
        }

    override suspend fun measure(): Long = inExecutor { size() ?: -1 }

    override fun contentType(): String? = OCTET_STREAM

    override fun filename(): String? = file.fileName?.toString()

    override fun replayable(): Boolean = true

    override suspend fun portions(): Portions = FilePortions(file).also { it.open() }

    override fun toString(): String = "<Payload $file>"
}

private class FilePortions(
    private val file: Path,
) : Portions {
    override var size = -1L
        private set
    private var left = 0L

    // Used by the thread that reads and by one that closes meanwhile.
    private val lock = Any()
    private var channel: SeekableByteChannel? = null
    private var closed = false

    private var reading = false
    private var closing = false

    suspend fun open() {
        try {
            read { openNow() }
        } catch (error: Throwable) {
            close()
            throw error
        }
        left = size
    }

    private fun openNow() {
        if (Files.isDirectory(file)) throw ClientPayloadException("$file cannot be sent: it is a directory")
        val channel = Files.newByteChannel(file)
        this.channel = channel
        // The size of a pipe or a device is known only at its end.
        if (Files.isRegularFile(file)) size = channel.size()
    }

    override suspend fun next(): ByteArray? {
        if (size >= 0 && left == 0L) return null
        return read { nextNow() }
    }

    private fun nextNow(): ByteArray? {
        val channel = channel ?: throw ClientPayloadException("$file was closed before it was sent to its end")
        val wanted = if (size < 0) PORTION else minOf(left, PORTION.toLong()).toInt()
        val portion = ByteBuffer.allocate(wanted)
        do {
            val count = channel.read(portion)
        } while (count >= 0 && portion.hasRemaining() && size >= 0)
        if (size < 0) return if (portion.position() == 0) null else portion.array().copyOf(portion.position())
        left -= portion.position()
        if (portion.hasRemaining()) changed("ended after ${size - left}")
        if (left == 0L && channel.read(ByteBuffer.allocate(1)) > 0) changed("has more than that now")
        return portion.array()
    }

    private fun changed(how: String): Nothing =
        throw ClientPayloadException("$file was changed while it was sent: it had $size bytes, and $how")

    private suspend fun <T> read(call: () -> T): T {
        reading = true
        val result =
            try {
                inExecutor { synchronized(lock) { if (closed) null else call() } }
            } catch (error: NoSuchFileException) {
                throw ClientPayloadException("$file cannot be sent: there is no such file", error)
            } catch (error: IOException) {
                throw ClientPayloadException("$file cannot be read: ${error.message ?: error}", error)
            }
        // Not if the wait was cancelled: the thread is then still at it.
        reading = false
        @Suppress("UNCHECKED_CAST")
        return result as T
    }

    override suspend fun close() {
        if (closing) return
        closing = true
        Blocking.close(mayWait = !reading) {
            synchronized(lock) {
                closed = true
                channel?.close()
                channel = null
            }
        }
    }
}

internal const val PORTION = 256 * 1024
