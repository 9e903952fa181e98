package asyncio.internal.http.download

import asyncio.internal.http.payload.Blocking
import java.io.ByteArrayOutputStream
import java.nio.ByteBuffer
import java.nio.channels.SeekableByteChannel
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardCopyOption
import java.nio.file.StandardOpenOption
import java.util.UUID

/** A file beside the wanted one, in whose place it comes at the end. */
internal class FileSink(
    file: Path,
) : Sink {
    // A link stays one.
    private val target = if (isLinkToFile(file)) file.toRealPath() else file.toAbsolutePath()
    private val part = target.resolveSibling(".${target.fileName}.${UUID.randomUUID()}.part")

    // Used by the thread that writes and by one that closes meanwhile.
    private val lock = Any()
    private var channel: SeekableByteChannel? = null
    private var closed = false

    private val gathered = ByteArrayOutputStream()
    private var writing = false

    suspend fun open() {
        onDisk {
            channel = Files.newByteChannel(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)
        }
    }

    override suspend fun write(bytes: ByteArray) {
        gathered.write(bytes)
        if (gathered.size() >= ENOUGH) flush()
    }

    override suspend fun restart(why: String) {
        gathered.reset()
        onDisk { channel!!.truncate(0).position(0) }
    }

    private suspend fun flush() {
        val bytes = ByteBuffer.wrap(gathered.toByteArray())
        gathered.reset()
        onDisk { while (bytes.hasRemaining()) channel!!.write(bytes) }
    }

    suspend fun commit() {
        flush()
        onDisk {
            channel!!.close()
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING)
        }
    }

    private suspend fun onDisk(action: () -> Unit) {
        writing = true
        Blocking.inExecutor { synchronized(lock) { if (!closed) action() } }
        // Not if the wait was cancelled: the thread is then still at it.
        writing = false
    }

    suspend fun close() {
        Blocking.close(mayWait = !writing) {
            synchronized(lock) {
                closed = true
                channel?.close()
                Files.deleteIfExists(part)
            }
        }
    }

    private companion object {
        const val ENOUGH = 256 * 1024

        fun isLinkToFile(file: Path): Boolean = Files.isSymbolicLink(file) && Files.exists(file)
    }
}
