package asyncio.internal.file

import asyncio.AsyncGenerator
import asyncio.file.WalkEntry
import asyncio.file.WalkOptions
import asyncio.internal.run.EventLoopImpl
import asyncio.kotlin.AsyncGeneratorScope
import asyncio.kotlin.asyncGenerator
import asyncio.kotlin.await
import java.io.IOException
import java.nio.file.DirectoryIteratorException
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.Callable

/** Goes through a tree of directories; one is read at a time, by a thread of the files. */
internal class Walk(
    private val options: WalkOptions,
) {
    fun of(top: Path): AsyncGenerator<WalkEntry> =
        asyncGenerator {
            if (options.topdown()) fromTop(loopHere(), top) else fromBottom(loopHere(), top)
        }

    private suspend fun AsyncGeneratorScope<WalkEntry>.fromTop(
        loop: EventLoopImpl,
        top: Path,
    ) {
        val left = ArrayDeque<Path>()
        left.addLast(top)
        while (true) {
            val directory = left.removeLastOrNull() ?: return
            val entry = read(loop, directory) ?: continue
            yield(entry)
            // Only now: the user may have changed the list.
            for (name in entry.dirnames().asReversed()) {
                val path = directory.resolve(name)
                if (options.followlinks() || !isLink(loop, path)) left.addLast(path)
            }
        }
    }

    private suspend fun AsyncGeneratorScope<WalkEntry>.fromBottom(
        loop: EventLoopImpl,
        top: Path,
    ) {
        val open = ArrayDeque<Level>()
        read(loop, top)?.let { open.addLast(Level(it)) }
        while (true) {
            val level = open.lastOrNull() ?: return
            if (level.names.hasNext()) {
                val path = level.entry.dirpath().resolve(level.names.next())
                if (options.followlinks() || !isLink(loop, path)) read(loop, path)?.let { open.addLast(Level(it)) }
            } else {
                open.removeLast()
                yield(level.entry)
            }
        }
    }

    /** A directory whose own ones come before it. */
    private class Level(
        val entry: WalkEntry,
    ) {
        val names = entry.dirnames().toList().iterator()
    }

    private suspend fun isLink(
        loop: EventLoopImpl,
        path: Path,
    ): Boolean = await(loop.runInExecutor(FileThreads.disk, Callable { Files.isSymbolicLink(path) }))

    /** Null if it cannot be read. */
    private suspend fun read(
        loop: EventLoopImpl,
        directory: Path,
    ): WalkEntry? =
        try {
            await(loop.runInExecutor(FileThreads.disk, Callable { list(directory) }))
        } catch (error: IOException) {
            options.onerror()?.accept(error)
            null
        }

    private fun list(directory: Path): WalkEntry {
        val directories = ArrayList<String>()
        val others = ArrayList<String>()
        try {
            Files.newDirectoryStream(directory).use { entries ->
                for (entry in entries) {
                    (if (Files.isDirectory(entry)) directories else others).add(entry.fileName.toString())
                }
            }
        } catch (error: DirectoryIteratorException) {
            throw error.cause ?: error
        }
        return WalkEntry(directory, directories, others)
    }
}
