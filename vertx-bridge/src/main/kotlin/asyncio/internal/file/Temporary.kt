package asyncio.internal.file

import asyncio.Awaitable
import asyncio.Coroutine
import asyncio.ExceptionContext
import asyncio.file.BinaryFile
import asyncio.file.TemporaryDirectory
import asyncio.internal.run.EventLoopImpl
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import java.io.IOException
import java.nio.file.FileVisitResult
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.SimpleFileVisitor
import java.nio.file.StandardOpenOption
import java.nio.file.attribute.BasicFileAttributes
import java.util.concurrent.Callable

/** Files and directories that are gone at the end. */
internal object Temporary {
    private val MODE = Mode.parse("r+b", isText = false)
    private val UNNAMED = Mode.of(MODE.options + StandardOpenOption.DELETE_ON_CLOSE)

    suspend fun file(
        dir: Path?,
        prefix: String?,
        suffix: String?,
        isNamed: Boolean,
    ): BinaryFile {
        lateinit var path: Path
        val opening =
            Opening(loopHere(), existing = null) {
                path =
                    if (dir == null) Files.createTempFile(prefix, suffix) else Files.createTempFile(dir, prefix, suffix)
                if (isNamed) named(path) else ChannelMedium.open(path, UNNAMED)
            }
        return BinaryFileImpl(opening.await(MODE) { path })
    }

    private fun named(path: Path): ChannelMedium = ChannelMedium.open(path, MODE) { Files.deleteIfExists(path) }

    /** Blocks. */
    fun unnamed(): ChannelMedium = ChannelMedium.open(Files.createTempFile(null, null), UNNAMED)

    suspend fun directory(
        dir: Path?,
        prefix: String?,
    ): TemporaryDirectory {
        val loop = loopHere()
        val made = MadeDirectory()
        val job =
            Callable {
                made.make {
                    if (dir == null) {
                        Files.createTempDirectory(prefix)
                    } else {
                        Files.createTempDirectory(dir, prefix)
                    }
                }
            }
        loop.closeWithLoop(made)
        try {
            val path = await(loop.runInExecutor(FileThreads.disk, job))
            return TemporaryDirectoryImpl(loop, path, made)
        } catch (error: Throwable) {
            // It stays registered until it is gone: the program may end with the loop.
            Lane(loop).start(made::close) { loop.closedBeforeLoop(made) }
            throw error
        }
    }

    /** Removes [top] with all that is in it; blocks. */
    fun removeTree(top: Path) {
        Files.walkFileTree(
            top,
            object : SimpleFileVisitor<Path>() {
                override fun visitFile(
                    file: Path,
                    attributes: BasicFileAttributes,
                ): FileVisitResult {
                    Files.delete(file)
                    return FileVisitResult.CONTINUE
                }

                override fun postVisitDirectory(
                    dir: Path,
                    error: IOException?,
                ): FileVisitResult {
                    if (error != null) throw error
                    Files.delete(dir)
                    return FileVisitResult.CONTINUE
                }
            },
        )
    }
}

/** A directory that is made and removed by threads; once it is to be removed, it is not made any more. */
internal class MadeDirectory : AutoCloseable {
    private var path: Path? = null
    private var isGone = false

    @Synchronized
    fun make(action: () -> Path): Path {
        check(!isGone) { "the directory is not wanted any more" }
        return action().also { path = it }
    }

    /** Blocks; with the loop, or before. */
    @Synchronized
    override fun close() {
        isGone = true
        val path = path ?: return
        this.path = null
        if (Files.exists(path)) Temporary.removeTree(path)
    }
}

private class TemporaryDirectoryImpl(
    private val loop: EventLoopImpl,
    private val path: Path,
    private val made: MadeDirectory,
) : TemporaryDirectory {
    override fun name(): Path = path

    override fun cleanup(): Coroutine<Void?> =
        coroutine {
            remove()
            null
        }

    private suspend fun remove() {
        Lane(loop).await(made::close)
        loop.closedBeforeLoop(made)
    }

    override fun close() {
        if (loop.isInJavaBody) {
            cleanup().doAwait()
            return
        }
        Lane(loop).start(made::close) { result ->
            loop.closedBeforeLoop(made)
            result.onFailure {
                loop.callExceptionHandler(ExceptionContext.of("Removing the directory $path failed").withException(it))
            }
        }
    }

    override fun aenter(): Awaitable<Path> = coroutine { path }

    override fun aexit(error: Throwable?): Awaitable<Boolean> =
        coroutine {
            remove()
            false
        }

    override fun toString(): String = "<TemporaryDirectory '$path'>"
}
