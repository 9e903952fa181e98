package asyncio.internal.file

import asyncio.AsyncIterator
import asyncio.Awaitable
import asyncio.Coroutine
import asyncio.StopAsyncIteration
import asyncio.file.TextFile
import asyncio.file.TextOptions
import asyncio.file.Whence
import asyncio.kotlin.coroutine
import java.nio.file.Path

/** A file of text as its users see it. */
internal class TextFileImpl(
    private val core: FileCore,
    private val options: TextOptions,
) : TextFile {
    private val turns = Turns(core.loop)
    private val input = TextInput(core, options)

    /** Made when something is first written. */
    private var encoder: TextEncoder? = null

    init {
        core.end.ownedBy(this)
    }

    override fun options(): TextOptions = options

    override fun name(): Path = core.name

    override fun mode(): String = core.mode.text

    override fun closed(): Boolean = core.isClosed

    override fun readable(): Boolean = core.mode.isReadable

    override fun writable(): Boolean = core.mode.isWritable

    override fun seekable(): Boolean = core.isSeekable

    // ---- reading

    override fun read(): Coroutine<String> = read(-1)

    override fun read(n: Int): Coroutine<String> =
        coroutine {
            core.checkReadable("read")
            turns.with { if (n < 0) input.readAll() else input.read(n) }
        }

    override fun readline(): Coroutine<String> = coroutine { line() }

    private suspend fun line(): String = lineNow() ?: turns.with { input.readLine(-1) }

    private fun lineNow(): String? {
        core.checkReadable("readline")
        return if (turns.isFree) input.readLineNow() else null
    }

    override fun readline(limit: Int): Coroutine<String> =
        coroutine {
            core.checkReadable("readline")
            turns.with { input.readLine(limit) }
        }

    override fun readlines(): Coroutine<List<String>> = readlines(Long.MAX_VALUE)

    override fun readlines(hint: Long): Coroutine<List<String>> =
        coroutine {
            val most = if (hint <= 0) Long.MAX_VALUE else hint
            val lines = ArrayList<String>()
            var size = 0L
            while (size <= most) {
                val line = line()
                if (line.isEmpty()) break
                lines.add(line)
                size += line.codePointCount(0, line.length)
            }
            lines
        }

    override fun aiter(): AsyncIterator<String> = Lines { it }

    override fun lines(): AsyncIterator<String> = Lines { LineEnds.strip(it, options.newline()) }

    private inner class Lines(
        private val finish: (String) -> String,
    ) : AsyncIterator<String> {
        override fun anext(): Coroutine<String> =
            coroutine {
                val line = line()
                if (line.isEmpty()) throw StopAsyncIteration()
                finish(line)
            }
    }

    // ---- writing

    override fun write(text: CharSequence): Coroutine<Int> =
        coroutine {
            core.checkWritable("write")
            turns.with { put(text) }
            text.length
        }

    private suspend fun put(text: CharSequence) {
        if (!input.isEmpty) backToPosition()
        val encoder = encoder ?: newEncoder().also { encoder = it }
        val bytes = encoder.encode(text)
        if (!core.writeNow(bytes)) core.write(bytes)
    }

    /** Python's too writes a byte order mark at the begin of a file only. */
    private suspend fun newEncoder() = TextEncoder(options, isInside = core.isSeekable && core.tell() > 0)

    override fun writelines(lines: Iterable<CharSequence>): Coroutine<Void?> =
        coroutine {
            core.checkWritable("writelines")
            for (line in lines) turns.with { put(line) }
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

    private suspend fun position(): Long = if (input.isEmpty) core.tell() else input.position()

    /** What was decoded and not taken is read anew. */
    private suspend fun backToPosition() {
        val position = input.position()
        core.seek(position, Whence.SEEK_SET)
        input.drop()
    }

    override fun seek(offset: Long): Coroutine<Long> = seek(offset, Whence.SEEK_SET)

    override fun seek(
        offset: Long,
        whence: Whence,
    ): Coroutine<Long> =
        coroutine {
            require(whence == Whence.SEEK_SET || offset == 0L) {
                "can't do nonzero ${whence.name.lowercase()}-relative seeks in text"
            }
            turns.with {
                val target =
                    if (whence == Whence.SEEK_CUR) {
                        core.seek(position(), Whence.SEEK_SET)
                    } else {
                        core.seek(offset, whence)
                    }
                input.drop()
                if (target == 0L) encoder = null
                target
            }
        }

    override fun tell(): Coroutine<Long> =
        coroutine {
            core.checkPosition("tell")
            turns.with { position() }
        }

    override fun truncate(): Coroutine<Long> = resize(-1)

    override fun truncate(size: Long): Coroutine<Long> {
        require(size >= 0) { "truncate: size is negative: $size" }
        return resize(size)
    }

    private fun resize(size: Long): Coroutine<Long> =
        coroutine {
            core.checkWritable("truncate")
            turns.with {
                if (!input.isEmpty) backToPosition()
                core.truncate(size)
            }
        }

    override fun size(): Coroutine<Long> = coroutine { core.size() }

    // ---- the end

    override fun aclose(): Coroutine<Void?> =
        coroutine {
            end()
            core.end.closeAndWait()
            null
        }

    /** Of a charset whose bytes mean different things, the last ones bring back the first meaning. */
    private fun end() {
        val encoder = encoder ?: return
        this.encoder = null
        if (core.isClosed) return
        val last = encoder.end()
        if (last.hasRemaining()) core.writeLast(last)
    }

    override fun close() {
        if (core.loop.isInJavaBody) {
            aclose().doAwait()
        } else {
            end()
            core.end.closeSoon()
        }
    }

    override fun aenter(): Awaitable<TextFile> = coroutine { this }

    override fun aexit(error: Throwable?): Awaitable<Boolean> =
        coroutine {
            end()
            core.end.closeAndWait()
            false
        }

    override fun toString(): String =
        "<TextFile name='${name()}' mode='${mode()}' encoding='${options.encoding()}'${if (closed()) " closed" else ""}>"
}
