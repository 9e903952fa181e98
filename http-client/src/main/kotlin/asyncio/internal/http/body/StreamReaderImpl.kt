package asyncio.internal.http.body

import asyncio.Action
import asyncio.AsyncIterator
import asyncio.Awaitable
import asyncio.Coroutine
import asyncio.StopAsyncIteration
import asyncio.http.StreamReader
import asyncio.kotlin.coroutine

/** A [BodyStream] as its user sees it. */
internal class StreamReaderImpl(
    private val stream: BodyStream,
    /** The response of this body. The reference keeps it from being garbage-collected during the reading. */
    @Suppress("unused") private val owner: Any? = null,
) : StreamReader {
    override fun read(): Coroutine<ByteArray> = coroutine { stream.readAll() }

    override fun read(n: Int): Coroutine<ByteArray> {
        require(n >= 0) { "n is negative: $n. read() reads everything" }
        return coroutine { stream.read(n) }
    }

    override fun readany(): Coroutine<ByteArray> = coroutine { stream.readany() }

    override fun readexactly(n: Int): Coroutine<ByteArray> {
        require(n >= 0) { "n is negative: $n" }
        return coroutine { stream.readexactly(n) }
    }

    override fun readline(): Coroutine<ByteArray> = coroutine { stream.readuntil(NEWLINE, stream.lineLimit) }

    override fun readline(maxLength: Int): Coroutine<ByteArray> {
        require(maxLength > 0) { "maxLength is not positive: $maxLength" }
        return coroutine { stream.readuntil(NEWLINE, maxLength) }
    }

    override fun readuntil(separator: ByteArray): Coroutine<ByteArray> = readuntil(separator, stream.lineLimit)

    override fun readuntil(
        separator: ByteArray,
        maxLength: Int,
    ): Coroutine<ByteArray> {
        require(separator.isNotEmpty()) { "the separator is empty" }
        require(maxLength >= separator.size) { "the separator alone is longer than maxLength, which is $maxLength" }
        val sought = separator.clone()
        return coroutine { stream.readuntil(sought, maxLength) }
    }

    override fun readNowait(): ByteArray = stream.readNow(Int.MAX_VALUE)

    override fun readNowait(n: Int): ByteArray {
        require(n >= 0) { "n is negative: $n. readNowait() reads all that is there" }
        return stream.readNow(n)
    }

    override fun iterChunked(n: Int): AsyncIterator<ByteArray> {
        require(n > 0) { "n is not positive: $n" }
        return ReaderIterator { stream.read(n) }
    }

    override fun iterAny(): AsyncIterator<ByteArray> = ReaderIterator { stream.readany() }

    override fun lines(): AsyncIterator<ByteArray> = ReaderIterator { stream.readuntil(NEWLINE, stream.lineLimit) }

    override fun lines(maxLength: Int): AsyncIterator<ByteArray> {
        require(maxLength > 0) { "maxLength is not positive: $maxLength" }
        return ReaderIterator { stream.readuntil(NEWLINE, maxLength) }
    }

    override fun atEof(): Boolean = stream.atEof()

    override fun isEof(): Boolean = stream.isEof

    override fun waitEof(): Coroutine<Void?> =
        coroutine {
            stream.waitEof()
            null
        }

    override fun onEof(callback: Action): Unit = stream.onEof(callback)

    override fun exception(): Throwable? = stream.failure

    override fun totalBytes(): Long = stream.totalBytes

    override fun totalCompressedBytes(): Long? = stream.totalCompressedBytes

    override fun totalRawBytes(): Long = stream.received

    override fun toString(): String = "<StreamReader${stream.describeState()}>"

    /** Calls [read] until it gives no bytes. */
    private class ReaderIterator(
        private val read: suspend () -> ByteArray,
    ) : AsyncIterator<ByteArray> {
        override fun anext(): Awaitable<ByteArray> =
            coroutine {
                val portion = read()
                if (portion.isEmpty()) throw StopAsyncIteration()
                portion
            }
    }

    private companion object {
        val NEWLINE = byteArrayOf('\n'.code.toByte())
    }
}
