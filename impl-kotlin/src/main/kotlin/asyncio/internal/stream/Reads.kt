package asyncio.internal.stream

import asyncio.IncompleteReadException
import asyncio.StopAsyncIteration
import asyncio.internal.sync.Operation
import asyncio.internal.task.CoroutineDriver
import asyncio.internal.task.FutureImpl
import asyncio.internal.task.TaskLoop
import asyncio.internal.task.awaitFuture
import asyncio.io.LimitOverrunException
import asyncio.io.LineTooLongException
import java.nio.charset.Charset

/** More than a buffer holds. */
private const val EVERYTHING = Long.MAX_VALUE / 2

/** One call of a reader: it takes what it wants from the buffer, after waiting for it. */
internal abstract class Read<T>(
    protected val reader: StreamReaderImpl,
    private val function: String,
) : Operation<T>() {
    override val ownName: String get() = "StreamReader.$function"

    /** Takes it and gives it; or gives [MUST_WAIT], and nothing is taken. */
    protected abstract fun take(): Any?

    /** How many bytes have to be there before it is worth another look. */
    protected open val wanted: Long get() = reader.buffer.size + 1

    final override fun attempt(loop: TaskLoop): Any? {
        reader.begin(loop)
        return take()
    }

    final override fun waitOnFiber(driver: CoroutineDriver<*>): T =
        takeLater {
            driver.waitFor(it)
            it.result()
        }

    final override suspend fun waitSuspended(): T = takeLater { awaitFuture(it) }

    private inline fun takeLater(wait: (FutureImpl<Unit>) -> Unit): T {
        while (true) {
            val waiter = reader.beginWait(function, wanted)
            try {
                wait(waiter)
            } finally {
                reader.endWait()
            }
            val value = take()
            @Suppress("UNCHECKED_CAST")
            if (value !== MUST_WAIT) return value as T
        }
    }

    protected fun bytes(count: Int): ByteArray = reader.buffer.take(count).also { reader.taken() }

    protected fun allBytes(): ByteArray = reader.takeAll()
}

internal class ReadSome(
    reader: StreamReaderImpl,
    private val most: Int,
) : Read<ByteArray>(reader, "read") {
    override fun take(): Any {
        val there = reader.buffer.size
        if (most > 0 && there == 0L && !reader.ended) return MUST_WAIT
        return bytes(minOf(there, most.toLong()).toInt())
    }
}

/** While it waits the buffer grows without a limit: all of it is wanted at once. */
internal class ReadAll(
    reader: StreamReaderImpl,
) : Read<ByteArray>(reader, "read") {
    override val wanted: Long get() = Long.MAX_VALUE

    override fun take(): Any = if (reader.ended) allBytes() else MUST_WAIT
}

internal class ReadExactly(
    reader: StreamReaderImpl,
    private val count: Int,
) : Read<ByteArray>(reader, "readexactly") {
    override val wanted: Long get() = count.toLong()

    override fun take(): Any {
        if (reader.buffer.size >= count) return bytes(count)
        if (!reader.ended) return MUST_WAIT
        throw IncompleteReadException(allBytes(), count.toLong())
    }
}

/** Looks for the separator that ends first, and looks at every byte once. */
internal class ReadUntil(
    reader: StreamReaderImpl,
    separators: List<ByteArray>,
) : Read<ByteArray>(reader, "readuntil") {
    private val search = SeparatorSearch(separators)

    override fun take(): Any {
        if (search.findIn(reader)) return bytes(search.end)
        if (!reader.ended) return MUST_WAIT
        throw IncompleteReadException(allBytes(), IncompleteReadException.UNDEFINED)
    }
}

/** The search for the first of several separators in what a reader has. */
internal class SeparatorSearch(
    separators: List<ByteArray>,
) {
    /** The shortest one first: it counts where several end at the same place. */
    private val separators = separators.sortedBy { it.size }
    private val searches = this.separators.map(::Separator)
    private val longest = this.separators.last().size

    /** Behind the separator that was found. */
    var end = 0
        private set

    /**
     * Whether there is one.
     *
     * @throws LimitOverrunException if there are more bytes before it than the reader's limit
     */
    fun findIn(reader: StreamReaderImpl): Boolean {
        val buffer = reader.buffer
        var found = -1
        for (i in searches.indices) {
            if (!searches[i].findIn(buffer, EVERYTHING)) continue
            if (found < 0 || searches[i].passed < searches[found].passed) found = i
        }
        if (found < 0) {
            val without = buffer.size + 1 - longest
            if (without > reader.limit) {
                throw LimitOverrunException("Separator is not found, and chunk exceed the limit", without)
            }
            return false
        }
        val before = searches[found].passed - separators[found].size
        if (before > reader.limit) {
            throw LimitOverrunException("Separator is found, but chunk is longer than limit", before)
        }
        end = Math.toIntExact(searches[found].passed)
        return true
    }
}

/** A line; [given] makes of it what the caller gets. */
internal abstract class LineRead<T>(
    reader: StreamReaderImpl,
) : Read<T>(reader, "readline") {
    private val search = Separator(StreamReaderImpl.NEWLINE)

    final override fun take(): Any? {
        val buffer = reader.buffer
        return when {
            search.findIn(buffer, EVERYTHING) -> {
                val before = search.passed - 1
                if (before > reader.limit) tooLong(search.passed, "Separator is found, but chunk is longer than limit")
                given(bytes(search.passed.toInt()))
            }

            buffer.size > reader.limit -> {
                tooLong(buffer.size, "Separator is not found, and chunk exceed the limit")
            }

            reader.ended -> {
                given(allBytes())
            }

            else -> {
                MUST_WAIT
            }
        }
    }

    /** An empty [line] is the end. */
    protected abstract fun given(line: ByteArray): T

    private fun tooLong(
        count: Long,
        message: String,
    ): Nothing {
        reader.buffer.drop(count)
        reader.taken()
        throw LineTooLongException(message)
    }
}

internal class ReadLine(
    reader: StreamReaderImpl,
) : LineRead<ByteArray>(reader) {
    override fun given(line: ByteArray): ByteArray = line
}

internal class NextLine(
    reader: StreamReaderImpl,
) : LineRead<ByteArray>(reader) {
    override fun given(line: ByteArray): ByteArray = if (line.isEmpty()) throw StopAsyncIteration() else line
}

internal class NextTextLine(
    reader: StreamReaderImpl,
    private val charset: Charset,
) : LineRead<String>(reader) {
    override fun given(line: ByteArray): String {
        var end = line.size
        if (end == 0) throw StopAsyncIteration()
        if (line[end - 1] == LF) end--
        if (end < line.size && end > 0 && line[end - 1] == CR) end--
        return String(line, 0, end, charset)
    }

    private companion object {
        const val LF = '\n'.code.toByte()
        const val CR = '\r'.code.toByte()
    }
}
