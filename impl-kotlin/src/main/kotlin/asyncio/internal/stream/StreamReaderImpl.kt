package asyncio.internal.stream

import asyncio.AsyncIterator
import asyncio.Coroutine
import asyncio.internal.task.FutureImpl
import asyncio.internal.task.TaskLoop
import asyncio.io.BaseTransport
import asyncio.io.ReadTransport
import asyncio.io.StreamReader
import java.nio.charset.Charset

/**
 * The bytes between a protocol, which feeds them, and the task that reads them.
 *
 * ```
 * OPEN --feedEof-------> ENDED    the bytes that are there can still be read
 *   \---setException--> FAILED    all readers raise, whatever is there
 * ```
 *
 * Nothing leaves the [buffer] before a reader has all that it wants, so a reader that is cancelled half-way takes nothing with it.
 */
internal class StreamReaderImpl(
    private val loop: TaskLoop,
    val limit: Int,
) : StreamReader {
    val buffer = ByteQueue()
    private var failure: Throwable? = null

    /** No more will come. */
    var ended = false
        private set

    private var transport: BaseTransport? = null

    /** The transport is held back because too much waits here. */
    private var paused = false

    /** The future of the one reader that waits, and how many bytes it needs. */
    private var waiter: FutureImpl<Unit>? = null
    private var wanted = 1L

    init {
        require(limit > 0) { "Limit cannot be <= 0" }
    }

    // ---- what readers do

    override fun read(): Coroutine<ByteArray> = ReadAll(this)

    override fun read(n: Int): Coroutine<ByteArray> = if (n < 0) ReadAll(this) else ReadSome(this, n)

    override fun readexactly(n: Int): Coroutine<ByteArray> {
        require(n >= 0) { "readexactly size can not be less than zero" }
        return ReadExactly(this, n)
    }

    override fun readline(): Coroutine<ByteArray> = ReadLine(this)

    override fun readuntil(): Coroutine<ByteArray> = ReadUntil(this, listOf(NEWLINE))

    override fun readuntil(separator: ByteArray): Coroutine<ByteArray> = readuntil(listOf(separator))

    override fun readuntil(separators: List<ByteArray>): Coroutine<ByteArray> {
        require(separators.isNotEmpty()) { "Separator should contain at least one element" }
        require(separators.all { it.isNotEmpty() }) { "Separator should be at least one-byte string" }
        return ReadUntil(this, separators.map { it.clone() })
    }

    override fun lines(): AsyncIterator<ByteArray> = AsyncIterator { NextLine(this) }

    override fun lines(charset: Charset): AsyncIterator<String> = AsyncIterator { NextTextLine(this, charset) }

    override fun atEof(): Boolean = ended && buffer.isEmpty

    override fun exception(): Throwable? = failure

    /** Code of the loop is about to read. */
    fun begin(current: TaskLoop) {
        check(current === loop) { "$this belongs to a different event loop" }
        failure?.let { throw it }
    }

    /** A reader of [function] waits until [wanted] bytes are there, or the end. */
    fun beginWait(
        function: String,
        wanted: Long,
    ): FutureImpl<Unit> {
        check(waiter == null) {
            "$function() called while another coroutine is already waiting for incoming data"
        }
        // It failed between the bytes that woke the reader and its step.
        failure?.let { throw it }
        this.wanted = wanted
        resume()
        return FutureImpl<Unit>(loop).also { waiter = it }
    }

    fun endWait() {
        waiter = null
        wanted = 1
    }

    /** Bytes were taken. */
    fun taken() {
        if (paused && buffer.size <= limit) resume()
    }

    fun takeAll(): ByteArray = buffer.take(Math.toIntExact(buffer.size)).also { taken() }

    private fun resume() {
        if (!paused) return
        paused = false
        (transport as ReadTransport).resumeReading()
    }

    // ---- what protocols do

    override fun setTransport(transport: BaseTransport) {
        check(this.transport == null) { "Transport already set" }
        this.transport = transport
    }

    /** The connection goes on over [transport]. */
    fun replaceTransport(transport: BaseTransport) {
        this.transport = transport
    }

    override fun feedData(data: ByteArray) {
        loop.checkThread("feedData")
        check(!ended) { "feedData after feedEof" }
        if (data.isEmpty()) return
        buffer.add(data)
        val transport = transport
        if (buffer.size >= wanted) wake()
        if (!paused && buffer.size > maxOf(2L * limit, wanted) && transport is ReadTransport) {
            paused = true
            transport.pauseReading()
        }
    }

    override fun feedEof() {
        loop.checkThread("feedEof")
        ended = true
        wake()
    }

    override fun setException(error: Throwable) {
        loop.checkThread("setException")
        failure = error
        val waiter = waiter ?: return
        this.waiter = null
        waiter.offerException(error)
        waiter.markRetrieved()
    }

    private fun wake() {
        val waiter = waiter ?: return
        this.waiter = null
        waiter.offerResult(Unit)
    }

    override fun toString(): String {
        val text = StringBuilder("<StreamReader")
        if (!buffer.isEmpty) text.append(' ').append(buffer.size).append(" bytes")
        if (ended) text.append(" eof")
        if (limit != StreamReader.DEFAULT_LIMIT) text.append(" limit=").append(limit)
        if (waiter != null) text.append(" waiter")
        failure?.let { text.append(" exception=").append(it) }
        transport?.let { text.append(" transport=").append(it) }
        if (paused) text.append(" paused")
        return text.append('>').toString()
    }

    companion object {
        val NEWLINE: ByteArray = byteArrayOf('\n'.code.toByte())
    }
}
