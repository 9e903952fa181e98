package asyncio.internal.http.body

import asyncio.Action
import asyncio.Future
import asyncio.IncompleteReadException
import asyncio.http.ClientPayloadException
import asyncio.http.LineTooLongException
import asyncio.internal.run.EventLoopImpl
import asyncio.internal.stream.ByteQueue
import asyncio.internal.stream.Separator
import asyncio.internal.vertx.offer
import asyncio.internal.vertx.offerException
import asyncio.kotlin.await
import asyncio.kotlin.sleep
import io.netty.buffer.ByteBuf
import kotlin.time.Duration

/** Sees a body pass. */
internal interface BodyTap {
    /** [bytes] are a copy. */
    fun received(bytes: ByteArray)

    /** All of it has come. */
    fun ended()
}

private class BothTaps(
    private val first: BodyTap,
    private val second: BodyTap,
) : BodyTap {
    override fun received(bytes: ByteArray) {
        first.received(bytes)
        second.received(bytes)
    }

    override fun ended() {
        first.ended()
        second.ended()
    }
}

/**
 * The body of a response, between the connection that feeds it and the task that reads it.
 *
 * ```
 * OPEN --end--> ENDED        the received bytes can still be read
 *   \---fail--> FAILED       likewise; then reading raises
 *    \--abort-> FAILED       reading raises at once (from ENDED too)
 * ```
 *
 * The feeding side is on the context's thread, the reading side where its task runs; the two never run at the same time.
 * Nothing leaves the [ready] bytes before a reader has all that it wants, so that a reader that is cancelled half-way
 * takes nothing with it. Encoded data is decoded piece by piece when readers ask, never before.
 */
internal class BodyStream(
    private val loop: EventLoopImpl,
    private val source: BodySource,
    /** The codings to undo, in the order in which they were applied; null if there are none. */
    private val codings: ContentCodings? = null,
    bufferSize: Int = BUFFER_SIZE,
    /** How many decoded bytes a read of everything gives at most; Python has no such limit. */
    val limit: Long = Long.MAX_VALUE,
) {
    private enum class State { OPEN, ENDED, FAILED }

    private var state = State.OPEN

    /** Why reading fails when nothing is left to read. */
    var failure: Throwable? = null
        private set

    /** As received. */
    private val wire = ByteQueue()

    /** As readers get it: the same, if there is nothing to decode. */
    private val ready = if (codings == null) wire else ByteQueue()
    private var decoding: Decoding? = null

    /** Nothing more comes out of the [decoding]. */
    private var decoded = codings == null

    /** The future of a waiting reader, and the number of bytes on the wire that it waits for. */
    private var waiter: Future<Unit>? = null
    private var wanted = 0L
    private var reading = false

    private var eofWaiters: ArrayList<Future<Unit>>? = null
    private var eofCallbacks: ArrayList<Action>? = null

    private val lowWater = bufferSize.toLong()
    private val highWater = 2 * lowWater
    private var paused = false
    private var resuming = false

    /** Bytes as received, however encoded. */
    var received = 0L
        private set

    /** Bytes as readers get them; of an encoded body only as far as it was decoded. */
    var totalBytes = 0L
        private set

    val isEncoded: Boolean get() = codings != null

    /** Whether it holds native memory at this moment. */
    val holdsDecoders: Boolean get() = decoding != null

    /** Gets all bytes as they are received; see [listen]. */
    private var tap: BodyTap? = null

    // ---- the feeding side, on the context's thread

    /** [bytes] belong to this from now on. */
    fun feed(bytes: ByteArray) {
        if (state != State.OPEN) return
        tap?.received(bytes.clone())
        wire.add(bytes)
        fed(bytes.size)
    }

    /** Copies [size] bytes of [buffer]. */
    fun feed(
        buffer: ByteBuf,
        from: Int,
        size: Int,
    ) {
        if (state != State.OPEN) return
        tap?.received(ByteArray(size).also { buffer.getBytes(from, it) })
        wire.add(size) { array, at -> buffer.getBytes(from, array, at, size) }
        fed(size)
    }

    private fun fed(size: Int) {
        received += size
        if (codings == null) totalBytes = received
        if (waiter != null) {
            if (wire.size >= wanted) wake()
        } else if (!paused && wire.size > highWater) {
            paused = true
            source.reading(false)
        }
    }

    /** The body has ended as it should. */
    fun end() {
        if (state != State.OPEN) return
        state = State.ENDED
        tap?.ended()
        tap = null
        if (paused) {
            // The connection has other uses.
            paused = false
            source.reading(true)
        }
        wake()
        eofWaiters?.forEach { loop.offer(it, Unit) }
        eofWaiters = null
        if (!loop.isClosed) eofCallbacks?.forEach { loop.callSoon(it) }
        eofCallbacks = null
    }

    /** Tells [tap] of all bytes as they are on the wire. Before the first reader; on the context's thread, or where readers run. */
    fun listen(tap: BodyTap) {
        if (!wire.isEmpty) tap.received(wire.copy())
        when (state) {
            State.OPEN -> this.tap = this.tap?.let { BothTaps(it, tap) } ?: tap
            State.ENDED -> tap.ended()
            State.FAILED -> Unit
        }
    }

    /** No more bytes will come; the received ones can be read before [error] is raised. */
    fun fail(error: Throwable) {
        if (state != State.OPEN) return
        state = State.FAILED
        failure = error
        wake()
        endWithoutEof(error)
    }

    /** Ends the reading: readers get [error] at once. On the context's thread or where the readers run. */
    fun abort(error: Throwable) {
        if (state != State.FAILED) {
            state = State.FAILED
            failure = error
        }
        wire.clear()
        ready.clear()
        stopDecoding()
        wake()
        endWithoutEof(error)
    }

    private fun endWithoutEof(error: Throwable) {
        eofWaiters?.forEach { loop.offerException(it, error) }
        eofWaiters = null
        eofCallbacks = null
    }

    private fun wake() {
        waiter?.let { loop.offer(it, Unit) }
    }

    // ---- queries, at any time

    val isEof: Boolean get() = state == State.ENDED

    fun atEof(): Boolean {
        if (state != State.ENDED || !ready.isEmpty) return false
        if (!decoded && !reading) tryDecoding()
        return decoded && ready.isEmpty && failure == null
    }

    /** Decodes a piece, if there is one; readers get a failure later. */
    private fun tryDecoding() {
        try {
            decodePiece()
        } catch (_: ClientPayloadException) {
            // It is the failure now.
        }
    }

    val totalCompressedBytes: Long? get() = if (codings == null) null else received

    fun onEof(callback: Action) {
        when (state) {
            State.ENDED -> loop.callSoon(callback)
            State.OPEN -> (eofCallbacks ?: ArrayList<Action>().also { eofCallbacks = it }).add(callback)
            State.FAILED -> Unit
        }
    }

    suspend fun waitEof() {
        if (state == State.OPEN) {
            val future = loop.createFuture<Unit>()
            (eofWaiters ?: ArrayList<Future<Unit>>().also { eofWaiters = it }).add(future)
            try {
                await(future)
            } finally {
                eofWaiters?.remove(future)
            }
        } else if (state == State.FAILED) {
            throw failure!!
        }
    }

    // ---- readers

    /** Everything from here to the end, unless that is more than [limit] bytes. */
    suspend fun readAll(limit: Long = this.limit): ByteArray {
        checkAlone()
        if (!isOver()) gatherAll(limit)
        if (ready.size > limit) throw tooLarge("$limit bytes, the limit of maxBodySize")
        if (ready.size > MAX_ARRAY) throw tooLarge("an array can be: read it in portions, or set maxBodySize")
        failure?.let { throw it }
        return ready.take(ready.size.toInt())
    }

    private fun tooLarge(than: String) = ClientPayloadException("${source.describe()}: the body is larger than $than")

    private suspend fun gatherAll(limit: Long) {
        val most = minOf(limit, MAX_ARRAY)
        var unbroken = 0L
        while (ready.size <= most) {
            val before = ready.size
            if (fillNow()) {
                unbroken += ready.size - before
                if (unbroken <= UNBROKEN) continue
                letOthersRun()
            } else {
                if (isOver()) return
                wait(if (codings == null) most + 1 else DECODE_FROM)
            }
            unbroken = 0
        }
    }

    /** At least one and at most [count] bytes; none at the end. */
    suspend fun read(count: Int): ByteArray {
        checkAlone()
        if (count == 0) return ready.take(0)
        if (ready.isEmpty && !fillTo(1)) return nothingLeft()
        // More of what is here already, as long as that needs no waiting.
        while (ready.size < count && fillNow()) continue
        return taken(minOf(ready.size, count.toLong()).toInt())
    }

    /** The bytes that are there, but at least one; none at the end. */
    suspend fun readany(): ByteArray {
        checkAlone()
        if (ready.isEmpty && !fillTo(1)) return nothingLeft()
        return taken(minOf(ready.size, MAX_ARRAY).toInt())
    }

    suspend fun readexactly(count: Int): ByteArray {
        checkAlone()
        if (!fillTo(count.toLong())) {
            failure?.let { throw it }
            val partial = taken(ready.size.toInt())
            throw IncompleteReadException(partial, count.toLong())
        }
        return taken(count)
    }

    /** All bytes up to and with [separator]; at the end of the body the rest, perhaps nothing. */
    suspend fun readuntil(
        separator: ByteArray,
        limit: Int,
    ): ByteArray {
        checkAlone()
        val search = Separator(separator)
        while (!search.findIn(ready, limit.toLong())) {
            if (search.passed >= limit && ready.size > limit) throw lineTooLong(limit)
            if (!fillNow()) {
                if (isOver()) {
                    failure?.let { throw it }
                    return taken(ready.size.toInt())
                }
                wait(wire.size + 1)
            }
        }
        return taken(search.passed.toInt())
    }

    private fun lineTooLong(limit: Int) =
        LineTooLongException("${source.describe()}: no separator within $limit bytes of the body", limit)

    /** The bytes that are there now. */
    fun readNow(count: Int): ByteArray {
        checkAlone()
        if (ready.isEmpty) fillNow()
        if (ready.isEmpty) failure?.let { if (isOver()) throw it }
        return taken(minOf(ready.size, count.toLong()).toInt())
    }

    /** How long a line may be unless its reader says something else. */
    val lineLimit: Int get() = highWater.coerceAtMost(Int.MAX_VALUE.toLong()).toInt()

    private fun nothingLeft(): ByteArray {
        failure?.let { throw it }
        return ready.take(0)
    }

    /** Takes bytes that are there, and lets more be received where that was held back. */
    private fun taken(count: Int): ByteArray {
        val bytes = ready.take(count)
        if (paused && wire.size < lowWater) resume()
        return bytes
    }

    // ---- filling what is ready

    /** Waits until [count] bytes are ready; false if there are not that many. */
    private suspend fun fillTo(count: Long): Boolean {
        while (ready.size < count) {
            if (fillNow()) continue
            if (isOver()) return false
            wait(if (codings == null) count else wire.size + 1)
        }
        return true
    }

    /** Makes more bytes ready without waiting, if it can. Data that is not encoded is ready when it comes. */
    private fun fillNow(): Boolean = !decoded && decodePiece()

    /** Whether there is nothing more to wait for. */
    private fun isOver() = decoded && state != State.OPEN || failure != null

    private fun decodePiece(): Boolean {
        val codings = codings!!
        if (wire.isEmpty && decoding == null) {
            if (state != State.OPEN) decoded = true
            return false
        }
        try {
            val decoding = decoding ?: Decoding(codings).also { decoding = it }
            val count = decoding.decodeInto(ready, wire)
            totalBytes += count
            if (paused && wire.size < lowWater) resume()
            if (count > 0) return true
            if (state == State.ENDED) decoding.checkEnded()
            if (state != State.OPEN) stopDecoding()
            return false
        } catch (error: BadContentException) {
            throw malformed(error, codings)
        }
    }

    private fun malformed(
        cause: BadContentException,
        codings: ContentCodings,
    ): ClientPayloadException {
        val error =
            ClientPayloadException(
                "${source.describe()}: the body is not encoded as Content-Encoding: $codings says: ${cause.message}",
                cause,
            )
        state = State.FAILED
        failure = error
        wire.clear()
        stopDecoding()
        endWithoutEof(error)
        source.onContext { source.malformed(error) }
        return error
    }

    private fun stopDecoding() {
        decoded = true
        decoding?.close()
        decoding = null
    }

    // ---- waiting

    private fun checkAlone() {
        check(!reading) {
            "${source.describe()}: another task is reading this body already. Let one task read it for all"
        }
    }

    /** Waits until the wire has [size] bytes, or nothing more comes. */
    private suspend fun wait(size: Long) {
        val future = loop.createFuture<Unit>()
        waiter = future
        wanted = size
        reading = true
        source.waiting(true)
        if (paused) resume()
        try {
            await(future)
        } finally {
            waiter = null
            reading = false
            source.waiting(false)
        }
    }

    private suspend fun letOthersRun() {
        reading = true
        try {
            sleep(Duration.ZERO)
        } finally {
            reading = false
        }
    }

    private fun resume() {
        if (resuming) return
        resuming = true
        source.onContext {
            resuming = false
            if (paused && state == State.OPEN && (waiter != null || wire.size < lowWater)) {
                paused = false
                source.reading(true)
            }
        }
    }

    /** The number of ready bytes, and whether the body has ended, for messages; begins with a space. */
    fun describeState(): String {
        val size = if (ready.isEmpty) "" else " ${ready.size} bytes"
        val end =
            when (state) {
                State.OPEN -> ""
                State.ENDED -> " eof"
                State.FAILED -> " e=$failure"
            }
        return size + end
    }

    companion object {
        /** aiohttp's read_bufsize. */
        const val BUFFER_SIZE = 256 * 1024

        /** How much is to be there before everything is decoded on. */
        private const val DECODE_FROM = 64L * 1024

        /** How much is decoded while no other task can run. */
        private const val UNBROKEN = 1024L * 1024
        private const val MAX_ARRAY = Int.MAX_VALUE - 8L
    }
}
