package asyncio.internal.file

import asyncio.AsyncContextManager
import asyncio.Awaitable
import asyncio.file.BinaryFile
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import java.io.IOException
import java.nio.ByteBuffer
import java.nio.channels.FileChannel
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardCopyOption
import java.nio.file.StandardOpenOption
import java.util.UUID

/** A file beside another one, in whose place it comes. Its methods block. */
internal class Replacement(
    path: Path,
) {
    // A link stays one.
    private val target: Path by lazy {
        if (Files.isSymbolicLink(path) &&
            Files.exists(path)
        ) {
            path.toRealPath()
        } else {
            path.toAbsolutePath()
        }
    }

    val beside: Path by lazy { target.resolveSibling(".${target.fileName}.${UUID.randomUUID()}.part") }

    /** Its content is in [beside] and on the disk. */
    fun commit() {
        try {
            if (Files.exists(target)) copyPermissions()
            Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING)
        } catch (error: Throwable) {
            discard()
            throw error
        }
        syncDirectory()
    }

    private fun copyPermissions() {
        if ("posix" !in target.fileSystem.supportedFileAttributeViews()) return
        Files.setPosixFilePermissions(beside, Files.getPosixFilePermissions(target))
    }

    /** So that the new name is there after a crash. Systems that cannot do it need not. */
    private fun syncDirectory() {
        try {
            FileChannel.open(target.parent, StandardOpenOption.READ).use { it.force(true) }
        } catch (_: IOException) {
        } catch (_: UnsupportedOperationException) {
        }
    }

    fun discard() {
        Files.deleteIfExists(beside)
    }

    companion object {
        fun replace(
            path: Path,
            data: ByteBuffer,
        ) {
            val replacement = Replacement(path)
            try {
                val medium = ChannelMedium.open(replacement.beside, MODE)
                try {
                    medium.write(data, 0)
                    medium.force()
                } finally {
                    medium.close()
                }
            } catch (error: Throwable) {
                replacement.discard()
                throw error
            }
            replacement.commit()
        }

        val MODE = Mode.parse("xb+", isText = false)
    }
}

/** The block writes to a file that comes in the place of another one. */
internal class Replacing(
    private val path: Path,
) : AsyncContextManager<BinaryFile> {
    private var replacement: Replacement? = null
    private var core: FileCore? = null

    override fun aenter(): Awaitable<BinaryFile> =
        coroutine {
            check(replacement == null) { "replacing: a context manager is entered once" }
            val replacement = Replacement(path).also { replacement = it }
            val opening =
                Opening(loopHere(), replacement::discard) { ChannelMedium.open(replacement.beside, Replacement.MODE) }
            val core = opening.await(path, Replacement.MODE)
            this.core = core
            BinaryFileImpl(core)
        }

    override fun aexit(error: Throwable?): Awaitable<Boolean> =
        coroutine {
            val core = core!!
            val replacement = replacement!!
            if (error == null) {
                commit(core, replacement)
            } else {
                discard(core, replacement)
            }
            false
        }

    private suspend fun commit(
        core: FileCore,
        replacement: Replacement,
    ) {
        try {
            if (!core.isClosed) {
                core.force()
                core.closeAndWait()
            }
        } catch (failed: Throwable) {
            discard(core, replacement)
            throw failed
        }
        core.lane.await(replacement::commit)
    }

    private suspend fun discard(
        core: FileCore,
        replacement: Replacement,
    ) {
        core.abandon()
        core.lane.await(replacement::discard)
    }
}
