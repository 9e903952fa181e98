package asyncio.internal.file

import asyncio.AsyncIterator
import asyncio.Awaitable
import asyncio.Coroutine
import asyncio.StopAsyncIteration
import asyncio.file.BinaryFile
import asyncio.file.Whence
import asyncio.kotlin.coroutine
import java.nio.ByteBuffer
import java.nio.file.Path
import java.util.Objects

/** A file of bytes as its users see it. */
internal open class BinaryFileImpl(
    protected val core: FileCore,
) : BinaryFile {
    init {
        core.end.ownedBy(this)
    }

    override fun name(): Path = core.name

    override fun mode(): String = core.mode.text

    override fun closed(): Boolean = core.isClosed

    override fun readable(): Boolean = core.mode.isReadable

    override fun writable(): Boolean = core.mode.isWritable

    override fun seekable(): Boolean = core.isSeekable

    // ---- reading

    override fun read(): Coroutine<ByteArray> = read(-1)

    override fun read(n: Int): Coroutine<ByteArray> = coroutine { core.readNow(n) ?: core.read(n) }

    override fun read1(n: Int): Coroutine<ByteArray> =
        coroutine {
            core.checkReadable("read1")
            core.read1(n)
        }

    override fun readinto(buffer: ByteBuffer): Coroutine<Int> =
        coroutine {
            core.checkReadable("readinto")
            core.readInto(buffer)
        }

    override fun peek(): Coroutine<ByteArray> =
        coroutine {
            core.checkReadable("peek")
            core.peek()
        }

    override fun readline(): Coroutine<ByteArray> = readline(-1)

    override fun readline(limit: Int): Coroutine<ByteArray> =
        coroutine {
            val most = if (limit < 0) FileCore.MOST_BYTES else limit.toLong()
            core.readLineNow(most) ?: core.readLine(most)
        }

    override fun readlines(): Coroutine<List<ByteArray>> = readlines(Long.MAX_VALUE)

    override fun readlines(hint: Long): Coroutine<List<ByteArray>> =
        coroutine {
            val most = if (hint <= 0) Long.MAX_VALUE else hint
            val lines = ArrayList<ByteArray>()
            var size = 0L
            while (size <= most) {
                val line = core.readLineNow(FileCore.MOST_BYTES) ?: core.readLine(FileCore.MOST_BYTES)
                if (line.isEmpty()) break
                lines.add(line)
                size += line.size
            }
            lines
        }

    override fun chunks(size: Int): AsyncIterator<ByteArray> {
        require(size > 0) { "chunks: size is not positive: $size" }
        return Portions { core.readNow(size) ?: core.read(size) }
    }

    override fun lines(): AsyncIterator<ByteArray> =
        Portions { core.readLineNow(FileCore.MOST_BYTES) ?: core.readLine(FileCore.MOST_BYTES) }

    private class Portions(
        private val next: suspend () -> ByteArray,
    ) : AsyncIterator<ByteArray> {
        override fun anext(): Coroutine<ByteArray> =
            coroutine {
                val bytes = next()
                if (bytes.isEmpty()) throw StopAsyncIteration()
                bytes
            }
    }

    // ---- writing

    override fun write(data: ByteArray): Coroutine<Int> = write(data, 0, data.size)

    override fun write(
        data: ByteArray,
        offset: Int,
        length: Int,
    ): Coroutine<Int> {
        Objects.checkFromIndexSize(offset, length, data.size)
        return coroutine {
            val buffer = ByteBuffer.wrap(data, offset, length)
            if (!core.writeNow(buffer)) core.write(buffer)
            written()
            length
        }
    }

    override fun write(data: ByteBuffer): Coroutine<Int> =
        coroutine {
            val count = data.remaining()
            if (!core.writeNow(data)) core.write(data)
            written()
            count
        }

    /** Something was written. */
    protected open suspend fun written(): Unit = Unit

    override fun writelines(lines: Iterable<ByteArray>): Coroutine<Void?> =
        coroutine {
            core.checkWritable("writelines")
            for (line in lines) {
                val buffer = ByteBuffer.wrap(line)
                if (!core.writeNow(buffer)) core.write(buffer)
                written()
            }
            null
        }

    override fun flush(): Coroutine<Void?> =
        coroutine {
            core.flush()
            null
        }

    override fun fsync(): Coroutine<Void?> =
        coroutine {
            core.force()
            null
        }

    // ---- positions

    override fun seek(offset: Long): Coroutine<Long> = seek(offset, Whence.SEEK_SET)

    override fun seek(
        offset: Long,
        whence: Whence,
    ): Coroutine<Long> = coroutine { core.seek(offset, whence) }

    override fun tell(): Coroutine<Long> =
        coroutine {
            val position = core.tellNow()
            if (position < 0) core.tell() else position
        }

    override fun truncate(): Coroutine<Long> = resize(-1)

    override fun truncate(size: Long): Coroutine<Long> {
        require(size >= 0) { "truncate: size is negative: $size" }
        return resize(size)
    }

    private fun resize(size: Long): Coroutine<Long> =
        coroutine {
            core.checkWritable("truncate")
            core.truncate(size)
        }

    override fun size(): Coroutine<Long> = coroutine { core.size() }

    // ---- the end

    override fun aclose(): Coroutine<Void?> =
        coroutine {
            core.end.closeAndWait()
            null
        }

    override fun close() {
        if (core.loop.isInJavaBody) aclose().doAwait() else core.end.closeSoon()
    }

    override fun aenter(): Awaitable<BinaryFile> = coroutine { this }

    override fun aexit(error: Throwable?): Awaitable<Boolean> =
        coroutine {
            core.end.closeAndWait()
            false
        }

    override fun toString(): String = "<BinaryFile name='${name()}' mode='${mode()}'${if (closed()) " closed" else ""}>"
}
