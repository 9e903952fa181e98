package asyncio.internal.file

import asyncio.AsyncContextManager
import asyncio.AsyncGenerator
import asyncio.AsyncIterator
import asyncio.Coroutine
import asyncio.StopAsyncIteration
import asyncio.file.BinaryFile
import asyncio.file.CopyProgress
import asyncio.file.SpooledTemporaryFile
import asyncio.file.TemporaryDirectory
import asyncio.file.TextFile
import asyncio.file.TextOptions
import asyncio.file.WalkEntry
import asyncio.file.WalkOptions
import asyncio.kotlin.asyncGenerator
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import asyncio.spi.IoFiles
import java.nio.ByteBuffer
import java.nio.file.Files
import java.nio.file.OpenOption
import java.nio.file.Path
import java.nio.file.StandardOpenOption.APPEND
import java.nio.file.StandardOpenOption.CREATE
import java.nio.file.StandardOpenOption.TRUNCATE_EXISTING
import java.nio.file.StandardOpenOption.WRITE
import java.util.concurrent.Callable

internal object FilesImpl : IoFiles {
    override fun open(
        path: Path,
        mode: String,
    ): Coroutine<BinaryFile> = open(path, Mode.parse(mode, isText = false))

    override fun open(
        path: Path,
        options: Set<OpenOption>,
    ): Coroutine<BinaryFile> = open(path, Mode.of(options))

    private fun open(
        path: Path,
        mode: Mode,
    ): Coroutine<BinaryFile> = coroutine { BinaryFileImpl(core(path, mode)) }

    override fun openText(
        path: Path,
        mode: String,
        options: TextOptions,
    ): Coroutine<TextFile> {
        val parsed = Mode.parse(mode, isText = true)
        return coroutine { TextFileImpl(core(path, parsed), options) }
    }

    private suspend fun core(
        path: Path,
        mode: Mode,
    ): FileCore = Opening(loopHere(), path) { ChannelMedium.open(path, mode) }.await(mode) { path }

    override fun lines(
        path: Path,
        options: TextOptions,
    ): AsyncGenerator<String> =
        asyncGenerator {
            val file = await(openText(path, "r", options))
            try {
                val lines = file.lines()
                while (true) {
                    yield(nextOrNull(lines) ?: break)
                }
            } finally {
                await(file.aclose())
            }
        }

    private suspend fun nextOrNull(lines: AsyncIterator<String>): String? =
        try {
            await(lines.anext())
        } catch (_: StopAsyncIteration) {
            null
        }

    override fun <T> call(call: Callable<out T>): Coroutine<T> =
        coroutine { await(loopHere().runInExecutor<T>(FileThreads.disk, call)) }

    override fun readText(
        path: Path,
        options: TextOptions,
    ): Coroutine<String> = call { Texts.decode(Files.readAllBytes(path), options) }

    override fun writeText(
        path: Path,
        text: CharSequence,
        options: TextOptions,
        append: Boolean,
    ): Coroutine<Void?> {
        val content = text.toString()
        return call {
            // Before the file is emptied: what cannot be encoded leaves it as it is.
            val isInside = append && Files.exists(path) && Files.size(path) > 0
            val parts = Texts.encode(content, options, isInside)
            val how = if (append) setOf(CREATE, APPEND) else setOf(CREATE, WRITE, TRUNCATE_EXISTING)
            Files.newByteChannel(path, how).use {
                for (bytes in parts) while (bytes.hasRemaining()) it.write(bytes)
            }
            null
        }
    }

    override fun replaceBytes(
        path: Path,
        data: ByteArray,
    ): Coroutine<Void?> =
        call {
            Replacement.replace(path, listOf(ByteBuffer.wrap(data)))
            null
        }

    override fun replaceText(
        path: Path,
        text: CharSequence,
        options: TextOptions,
    ): Coroutine<Void?> {
        val content = text.toString()
        return call {
            Replacement.replace(path, Texts.encode(content, options, isInside = false))
            null
        }
    }

    override fun replacing(path: Path): AsyncContextManager<BinaryFile> = Replacing(path)

    override fun copyfile(
        source: Path,
        target: Path,
        progress: CopyProgress?,
    ): Coroutine<Long> = coroutine { Copying(loopHere(), source, target, progress).run() }

    override fun walk(
        top: Path,
        options: WalkOptions,
    ): AsyncGenerator<WalkEntry> = Walk(options).of(top)

    override fun temporaryFile(
        dir: Path?,
        prefix: String?,
        suffix: String?,
        isNamed: Boolean,
    ): Coroutine<BinaryFile> = coroutine { Temporary.file(dir, prefix, suffix, isNamed) }

    override fun spooledTemporaryFile(maxSize: Int): Coroutine<SpooledTemporaryFile> =
        coroutine { SpooledFile.create(loopHere(), maxSize) }

    override fun temporaryDirectory(
        dir: Path?,
        prefix: String?,
    ): Coroutine<TemporaryDirectory> = coroutine { Temporary.directory(dir, prefix) }
}
