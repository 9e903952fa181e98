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
import java.nio.file.attribute.PosixFileAttributeView
import java.nio.file.attribute.PosixFileAttributes
import java.nio.file.attribute.PosixFilePermissions
import java.util.UUID

/** A file beside another one, in whose place it comes. Its methods block. */
internal class Replacement(
    path: Path,
) {
    // A link stays one.
    private val target: Path by lazy {
        if (Files.isSymbolicLink(path) && Files.exists(path)) path.toRealPath() else path.toAbsolutePath()
    }

    private val beside: Path by lazy { target.resolveSibling(".${target.fileName}.${UUID.randomUUID()}.part") }

    private val hasPosix: Boolean get() = "posix" in target.fileSystem.supportedFileAttributeViews()

    fun open(): ChannelMedium {
        // What nobody else may read, nobody else may read in between.
        val isPrivate = hasPosix && Files.exists(target)
        return if (isPrivate) ChannelMedium.open(beside, MODE, OWNER_ONLY) else ChannelMedium.open(beside, MODE)
    }

    /** Its content is there, and on the disk. */
    fun commit() {
        try {
            if (hasPosix && Files.exists(target)) copyPermissions()
            Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING)
        } catch (error: Throwable) {
            discard()
            throw error
        }
        syncDirectory()
    }

    private fun copyPermissions() {
        val old = Files.readAttributes(target, PosixFileAttributes::class.java)
        val new = Files.getFileAttributeView(beside, PosixFileAttributeView::class.java)
        try {
            if (new.readAttributes().group() != old.group()) new.setGroup(old.group())
            if (new.owner != old.owner()) new.owner = old.owner()
        } catch (_: IOException) {
            // Only a superuser gives files away.
        }
        new.setPermissions(old.permissions())
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
            parts: List<ByteBuffer>,
        ) {
            val replacement = Replacement(path)
            try {
                val medium = replacement.open()
                try {
                    var at = 0L
                    for (part in parts) {
                        val size = part.remaining()
                        medium.write(part, at)
                        at += size
                    }
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

        private val OWNER_ONLY = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
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
            val opening = Opening(loopHere(), existing = null, replacement::discard, replacement::open)
            val core = opening.await(Replacement.MODE) { path }
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
                core.end.closeAndWait()
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
        core.end.abandon()
        core.lane.await(replacement::discard)
    }
}
