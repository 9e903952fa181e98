package asyncio.internal.stream

import asyncio.Context
import asyncio.EventLoop
import asyncio.ExceptionContext
import asyncio.Future
import asyncio.internal.context.Contexts
import asyncio.internal.context.ThreadState
import asyncio.internal.loop.HostThread
import asyncio.internal.loop.Ready
import asyncio.internal.loop.isFatal
import asyncio.internal.task.FutureImpl
import asyncio.internal.task.TaskLoop
import asyncio.internal.task.tryOnLoopThread
import asyncio.io.BaseProtocol
import asyncio.io.BufferedProtocol
import asyncio.io.ExtraInfo
import asyncio.io.Protocol
import asyncio.io.Transport
import asyncio.io.WriteBufferLimits
import java.io.IOException
import java.util.Objects

/**
 * A transport as its protocol and its writers see it. A subclass is the wire: it moves the bytes.
 *
 * ```
 * NEW --connectionMade--> OPEN --close--> CLOSING --everything is sent--\
 *                           |\--abort-----------------------------------> LOSING --connectionLost, in the next turn--> LOST
 *                            \--the wire fails, the protocol raises-----/
 * ```
 *
 * Bytes are given to the protocol only while it is OPEN, and are sent while it is OPEN or CLOSING.
 *
 * What happens on the wire waits in [events] until the loop gives this a [turn]: the methods of the protocol are callbacks of the
 * loop, in the context of the connection. What is written waits in [outgoing] until that turn, too, so that many small writes
 * are one; only above the upper limit it is sent at once.
 *
 * | | called by | on |
 * | --- | --- | --- |
 * | [received], [ended], [failed], [transmitted] | the wire | the host's thread, or code of the loop |
 * | [transmit], [endOutput], [holdBack], [release] | this | the host's thread, by way of [HostThread.execute] |
 * | the methods of [Transport] | users | code of the loop |
 *
 * The host's thread waits while code of the loop runs, so the two never run at the same time.
 */
public abstract class StreamTransport protected constructor(
    loop: EventLoop,
    private var protocol: BaseProtocol<*>,
    /** The context of the protocol's methods; null for a copy of the current one. */
    context: Context? = null,
) : Ready(),
    Transport {
    private enum class State { NEW, OPEN, CLOSING, LOSING, LOST }

    internal val taskLoop = loop as TaskLoop
    private var state = State.NEW
    private val context: Any? = context ?: Contexts.copyOfCurrent()

    /** The thread of the loop's host. */
    protected val hostThread: HostThread = taskLoop.host as? HostThread ?: HostThread.Inline

    private var begun = false
    private var isQueued = false

    // ---- what comes

    private val events = ArrayDeque<Any>(2)
    private var paused = false

    /** Bytes are not taken from the wire any more, because it has ended. */
    private var inputEnded = false

    // ---- what goes

    private val outgoing = ByteQueue()

    /** Bytes that were written and are not sent yet, those in [outgoing] included. */
    private var unsent = 0
    private var high = HIGH
    private var low = HIGH / 4
    private var writingPaused = false

    /** No more may be written. */
    private var eofWritten = false

    /** The other side was told so. */
    private var outputEnded = false

    private var saysGoodbye = false

    /** A file is being sent, and nothing else may be. */
    protected var sendsFile: Boolean = false

    /** How many writes came too late. */
    private var dropped = 0

    private var error: Throwable? = null

    /** It was closed, or has failed, while NEW. */
    private var endsWhenMade: (() -> Unit)? = null

    /** What ends with the loop, if this was not closed before. */
    private val resource = AutoCloseable { closeWithLoop() }

    // ---- the wire

    /** Sends [length] bytes of [bytes], which do not change any more, and calls [transmitted] when some of them are sent. */
    protected abstract fun transmit(
        bytes: ByteArray,
        from: Int,
        length: Int,
    )

    /** [transmit] of bytes that may change afterwards. */
    protected open fun transmitCopy(
        bytes: ByteArray,
        from: Int,
        length: Int,
    ): Unit = transmit(bytes.copyOfRange(from, from + length), 0, length)

    /** All was given to [transmit] for now. */
    protected open fun flush(): Unit = Unit

    /** Tells the other side that no more will come. */
    protected abstract fun endOutput()

    /** Calls [received] no more for now. */
    protected abstract fun holdBack()

    /** Calls [received] again. */
    protected abstract fun release()

    /** Closes the wire at once. May be called again. */
    protected abstract fun closeWire()

    /**
     * Begins to end the wire, after all was sent, where that takes an exchange with the other side; [failed] is called when it is over.
     * False if the wire can be closed at once.
     */
    protected open fun startGoodbye(): Boolean = false

    /** Closes the wire because the loop ends. */
    protected open fun closeWithLoop(): Unit = closeWire()

    /** What [getExtraInfo] gives for [name]. */
    protected abstract fun extraInfo(name: String): Any?

    /** The connection is gone, and the protocol knows it. */
    protected open fun wasLost(): Unit = Unit

    /**
     * The wire is there: the protocol is told so, then bytes are taken, then [connected] gets its result. On the host's thread, or in
     * the loop.
     */
    public fun begin(connected: Future<Unit>?) {
        hostThread.register(resource)
        // What came during a handshake is behind it.
        events.addFirst(Made(connected))
        begun = true
        enqueue()
    }

    /** [bytes] have come, and belong to this. */
    protected fun received(bytes: ByteArray) {
        if (state > State.OPEN) return
        events.add(bytes)
        enqueue()
    }

    /** The other side sends no more. */
    protected fun ended() {
        if (!hearsOfEnd() || inputEnded) return
        inputEnded = true
        events.add(End)
        enqueue()
    }

    /** The answer to a goodbye is an end, too. */
    private fun hearsOfEnd() = state <= State.OPEN || saysGoodbye && state == State.CLOSING

    /** The wire is broken, or closed by the other side in both directions if [error] is null. What has come before is told first. */
    protected fun failed(error: Throwable?) {
        if (state >= State.LOSING || events.lastOrNull() is Failed) return
        events.add(Failed(error))
        enqueue()
    }

    /** [count] bytes more were sent. */
    protected fun transmitted(count: Int) {
        unsent -= count
        if (writingPaused && unsent <= low || unsent == 0 && (state == State.CLOSING || eofWritten)) enqueue()
    }

    /** Takes the bytes that have come and were not given to the protocol. */
    protected fun takeReceived(): List<ByteArray> {
        val taken = events.filterIsInstance<ByteArray>()
        events.removeAll { it is ByteArray }
        return taken
    }

    /** Nothing can be sent any more. What has come and was not told yet is lost. */
    protected fun sendingFailed(error: Throwable) {
        if (state >= State.LOSING) return
        events.addFirst(Failed(error))
        enqueue()
    }

    private fun enqueue() {
        if (isQueued || !begun || taskLoop.isClosed) return
        isQueued = true
        taskLoop.enqueue(this)
    }

    // ---- turns

    internal final override fun turn() {
        isQueued = false
        if (state == State.LOST) return
        if (!outgoing.isEmpty) flushOutgoing()
        taskLoop.context = context
        val before = ThreadState.begin(taskLoop)
        try {
            deliver()
            goOnWriting()
        } finally {
            ThreadState.end(before)
        }
    }

    private fun deliver() {
        while (true) {
            val event = events.firstOrNull() ?: return
            if (paused && event !is Failed && state == State.OPEN) return
            events.removeFirst()
            when (event) {
                is ByteArray -> if (state == State.OPEN) deliver(event)
                is Made -> made(event.connected)
                is Failed -> lose(event.error)
                is Lost -> lost()
                else -> if (hearsOfEnd()) deliverEnd()
            }
        }
    }

    private fun made(connected: Future<Unit>?) {
        state = State.OPEN
        try {
            @Suppress("UNCHECKED_CAST")
            (protocol as BaseProtocol<Transport>).connectionMade(this)
        } catch (error: Throwable) {
            if (isFatal(error)) throw error
            report("Exception in callback protocol.connection_made()", error)
        }
        if (takesBytes()) updateReading()
        endsWhenMade?.invoke()
        (connected as FutureImpl<Unit>?)?.offerResult(Unit)
    }

    private fun deliver(bytes: ByteArray) {
        when (val protocol = protocol) {
            is BufferedProtocol -> fill(protocol, bytes)
            is Protocol -> tell("data_received") { protocol.dataReceived(bytes) }
        }
    }

    /** Fills buffer after buffer, until the protocol pauses or gives the transport to another one: what is left then is an event again. */
    private fun fill(
        protocol: BufferedProtocol,
        bytes: ByteArray,
    ) {
        var at = 0
        while (at < bytes.size && state == State.OPEN) {
            if (paused || this.protocol !== protocol) {
                events.addFirst(bytes.copyOfRange(at, bytes.size))
                return
            }
            tell("get_buffer") {
                val buffer = protocol.getBuffer(bytes.size - at)
                check(buffer.hasRemaining()) { "getBuffer() returned an empty buffer" }
                val part = minOf(buffer.remaining(), bytes.size - at)
                buffer.put(bytes, at, part)
                at += part
                tell("buffer_updated") { protocol.bufferUpdated(part) }
            }
        }
    }

    private fun deliverEnd() {
        var staysOpen = false
        tell("eof_received") {
            staysOpen =
                when (val protocol = protocol) {
                    is BufferedProtocol -> protocol.eofReceived()
                    is Protocol -> protocol.eofReceived()
                    else -> false
                }
        }
        if (!staysOpen || !canWriteEof()) close()
    }

    /** Calls the protocol; what it raises ends the connection. Errors of input and output are not reported, as in asyncio. */
    private inline fun tell(
        method: String,
        call: () -> Unit,
    ) {
        try {
            call()
        } catch (error: Throwable) {
            if (isFatal(error)) throw error
            if (error !is IOException) report("Fatal error: protocol.$method() call failed.", error)
            lose(error)
        }
    }

    private fun report(
        message: String,
        error: Throwable,
    ) {
        taskLoop.callExceptionHandler(
            ExceptionContext
                .of(message)
                .withException(error)
                .withDetail("transport", this)
                .withDetail("protocol", protocol),
        )
    }

    /** Drops what was written; the protocol is told in the next turn. */
    private fun lose(error: Throwable?) {
        if (state >= State.LOSING) return
        if (state == State.NEW) {
            endsWhenMade = { lose(error) }
            return
        }
        this.error = error
        state = State.LOSING
        outgoing.clear()
        unsent = 0
        updateReading()
        events.clear()
        events.add(Lost)
        enqueue()
    }

    private fun lost() {
        state = State.LOST
        events.clear()
        try {
            protocol.connectionLost(error)
        } catch (raised: Throwable) {
            if (isFatal(raised)) throw raised
            report("Exception in callback protocol.connection_lost()", raised)
        } finally {
            hostThread.execute {
                hostThread.unregister(resource)
                closeWire()
            }
            wasLost()
        }
    }

    private fun goOnWriting() {
        if (state >= State.LOSING) return
        if (writingPaused && unsent <= low) {
            writingPaused = false
            tellAboutWriting("resume_writing") { protocol.resumeWriting() }
        }
        if (unsent > 0) return
        if (eofWritten && !outputEnded) {
            outputEnded = true
            hostThread.execute { endOutput() }
        }
        if (state == State.CLOSING) endWhenSent()
    }

    /** All is sent: the wire may say goodbye, and what is behind that is told by [failed]. */
    private fun endWhenSent() {
        if (saysGoodbye) return
        saysGoodbye = startGoodbye()
        if (!saysGoodbye) lose(null)
    }

    private inline fun tellAboutWriting(
        method: String,
        call: () -> Unit,
    ) {
        try {
            call()
        } catch (error: Throwable) {
            if (isFatal(error)) throw error
            report("protocol.$method() failed", error)
        }
    }

    // ---- writing

    override fun write(data: ByteArray): Unit = write(data, 0, data.size)

    override fun write(
        data: ByteArray,
        offset: Int,
        length: Int,
    ) {
        Objects.checkFromIndexSize(offset, length, data.size)
        taskLoop.checkThread("write")
        checkMayWrite("write")
        if (length == 0) return
        if (state >= State.LOSING || state == State.CLOSING && wireHasAll()) return drop()
        if (length >= LARGE && writeAtOnce(data, offset, length)) return
        outgoing.add(data, offset, length)
        unsent = Math.addExact(unsent, length)
        if (unsent > high && !writingPaused) {
            // The wire may take it all.
            taskLoop.tryOnLoopThread { flushOutgoing() }
            if (unsent > high) pauseWriting()
        }
        if (!outgoing.isEmpty) enqueue()
    }

    override fun writelines(data: Iterable<ByteArray>) {
        taskLoop.checkThread("writelines")
        checkMayWrite("writelines")
        for (part in data) write(part)
    }

    private fun checkMayWrite(method: String) {
        check(!eofWritten) { "Cannot call $method() after write_eof()" }
        check(!sendsFile) { "unable to $method; sendfile is in progress" }
    }

    /** Whether nothing is left to send but what waits for the next turn; in asyncio the system has that already. */
    private fun wireHasAll(): Boolean = unsent <= HIGH && unsent.toLong() == outgoing.size

    /** Spares a copy. False if the wire cannot be reached from here. */
    private fun writeAtOnce(
        data: ByteArray,
        offset: Int,
        length: Int,
    ): Boolean {
        var isWritten = false
        taskLoop.tryOnLoopThread {
            if (taskLoop.host.isHostThread()) {
                flushOutgoing()
                unsent = Math.addExact(unsent, length)
                transmitCopy(data, offset, length)
                flush()
                isWritten = true
            }
        }
        if (unsent > high && !writingPaused) pauseWriting()
        return isWritten
    }

    private fun drop() {
        dropped++
        if (dropped == DROPPED_BEFORE_WARNING) {
            logger.log(System.Logger.Level.WARNING, "write to a connection that is lost or closed: {0}", this)
        }
    }

    private fun pauseWriting() {
        writingPaused = true
        tellAboutWriting("pause_writing") { protocol.pauseWriting() }
    }

    /** Gives what was written so far to the wire. */
    protected fun flushOutgoing() {
        var chunk = outgoing.first ?: return
        outgoing.clear()
        hostThread.execute {
            while (state < State.LOSING) {
                transmit(chunk.array, chunk.start, chunk.size)
                chunk = chunk.next ?: break
            }
            flush()
        }
    }

    override fun writeEof() {
        taskLoop.checkThread("writeEof")
        if (!canWriteEof()) throw UnsupportedOperationException("$this cannot end one direction only")
        if (state > State.OPEN || eofWritten) return
        eofWritten = true
        enqueue()
    }

    override fun canWriteEof(): Boolean = true

    override fun getWriteBufferSize(): Int = if (wireHasAll()) 0 else unsent

    override fun setWriteBufferLimits(
        high: Int,
        low: Int,
    ) {
        require(low in 0..high) { "high ($high) must be >= low ($low) must be >= 0" }
        this.high = high
        this.low = low
        if (unsent > high && !writingPaused) pauseWriting()
    }

    override fun getWriteBufferLimits(): WriteBufferLimits = WriteBufferLimits(low, high)

    // ---- reading

    /** Whether the wire may bring bytes now: the answer to a goodbye is some, too. */
    private fun takesBytes() = state == State.OPEN && !paused || state == State.CLOSING && saysGoodbye

    /** What is asked for from a fiber comes to the host's thread later than what is asked for from a callback: the last state counts. */
    private fun updateReading(): Unit = hostThread.execute { if (takesBytes()) release() else holdBack() }

    override fun isReading(): Boolean = state <= State.OPEN && !paused

    override fun pauseReading() {
        taskLoop.checkThread("pauseReading")
        if (state > State.OPEN || paused) return
        paused = true
        updateReading()
    }

    override fun resumeReading() {
        taskLoop.checkThread("resumeReading")
        if (state > State.OPEN || !paused) return
        paused = false
        if (state == State.OPEN) updateReading()
        if (events.isNotEmpty()) enqueue()
    }

    // ---- the end

    override fun close() {
        taskLoop.checkThread("close")
        if (state > State.OPEN) return
        if (state == State.NEW) {
            endsWhenMade = endsWhenMade ?: ::close
            return
        }
        state = State.CLOSING
        updateReading()
        events.removeAll { it !is Failed }
        if (unsent == 0) endWhenSent()
    }

    override fun abort() {
        taskLoop.checkThread("abort")
        lose(null)
    }

    override fun isClosing(): Boolean = state > State.OPEN || endsWhenMade != null

    /** Ends the connection with [error], after it was reported with [message] if that is not null. */
    protected fun fail(
        message: String?,
        error: Throwable,
    ) {
        if (message != null) report(message, error)
        lose(error)
    }

    // ---- the protocol

    override fun setProtocol(protocol: BaseProtocol<*>) {
        taskLoop.checkThread("setProtocol")
        this.protocol = protocol
    }

    override fun getProtocol(): BaseProtocol<*> = protocol

    override fun <T : Any> getExtraInfo(info: ExtraInfo<T>): T? {
        val value = extraInfo(info.pythonName()) ?: return null
        return info.type().cast(value)
    }

    override fun getExtraInfo(name: String): Any? = extraInfo(name)

    /** OPEN, CLOSING and so on, for texts. */
    protected fun stateName(): String = state.name.lowercase()

    private class Made(
        val connected: Future<Unit>?,
    )

    private class Failed(
        val error: Throwable?,
    )

    private object End

    private object Lost

    private companion object {
        const val HIGH = 64 * 1024

        /** From here on a copy costs more than going to the wire. */
        const val LARGE = 16 * 1024

        /** The write that is reported, as asyncio does. */
        const val DROPPED_BEFORE_WARNING = 5

        val logger: System.Logger = System.getLogger("asyncio")
    }
}
