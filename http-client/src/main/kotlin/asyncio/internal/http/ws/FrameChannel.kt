package asyncio.internal.http.ws

import asyncio.Future
import asyncio.TimerHandle
import asyncio.internal.http.wire.Pipe
import asyncio.internal.run.EventLoopImpl
import asyncio.internal.vertx.VertxHost
import asyncio.internal.vertx.offer
import asyncio.internal.vertx.offerException
import io.netty.buffer.ByteBuf
import java.time.Duration

/**
 * The connection of a WebSocket, as bytes: sends frames in the order in which they were given, and receives as far as
 * its user wants it, and nothing before [start].
 *
 * ```
 * OPEN --finish--> FINISHING: the rest is written, perhaps the server still sends --> CLOSED
 *   \----------------------------abort, or the server closes, or it breaks---------------------^
 * ```
 *
 * [write] may be called from a coroutine's body, everything else on the context's thread only.
 */
internal class FrameChannel(
    private val loop: EventLoopImpl,
    private val host: VertxHost,
    private val pipe: Pipe,
) : Pipe.User {
    /** On the context's thread. */
    interface User {
        /** Takes messages out of [data], all of it unless it wants no more for now. */
        fun received(data: ByteBuf)

        /** There is little left to be sent. */
        fun faster()

        /** It is closed, and everything that came before was given to [received]; [cause] if it broke. */
        fun lost(cause: Throwable?)
    }

    private enum class Phase { OPEN, FINISHING, CLOSED }

    private var user: User? = null
    private var phase = Phase.OPEN

    private val outbox = ArrayDeque<ByteArray>()
    private var flushing = false

    /** How many bytes were given to [write] and are not with the operating system yet. */
    private var unsent = 0L
    private val slowed = ArrayList<Future<Unit>>()
    private var lingers = false
    private var graceTimer: TimerHandle? = null

    private val inbox = ArrayDeque<ByteBuf>()
    private var reading = true
    private var delivering = false
    private var cause: Throwable? = null
    private var told = false

    val isOpen: Boolean get() = phase == Phase.OPEN

    /** Whether so much is to be sent that a sender should wait. */
    val isSlow: Boolean get() = unsent > SLOW

    init {
        pipe.listen(this)
    }

    fun start(user: User) {
        this.user = user
        pipe.reading(true)
        deliver()
    }

    override fun received(data: ByteBuf) {
        if (phase == Phase.OPEN) {
            inbox.addLast(data)
            deliver()
        } else {
            data.release()
        }
    }

    override fun closed(cause: Throwable?) {
        if (this.cause == null) this.cause = cause
        ended()
    }

    // ---- out

    fun write(frame: ByteArray) {
        outbox.addLast(frame)
        unsent += frame.size
        if (!flushing) {
            flushing = true
            host.execute(::flush)
        }
    }

    /** A future that is done when less is to be sent; it fails if the connection ends. */
    fun whenFaster(): Future<Unit> = loop.createFuture<Unit>().also { slowed.add(it) }

    fun forget(waiting: Future<Unit>) {
        slowed.remove(waiting)
    }

    private fun flush() {
        flushing = false
        if (phase == Phase.CLOSED) return
        if (outbox.isEmpty()) return
        val frames = outbox.toList()
        outbox.clear()
        val size = frames.sumOf { it.size.toLong() }
        pipe.write(frames) { isSent -> if (isSent) sent(size) else abort() }
    }

    private fun sent(size: Long) {
        unsent -= size
        if (unsent <= FAST) {
            if (slowed.isNotEmpty()) wake { loop.offer(it, Unit) }
            user?.faster()
        }
        if (phase == Phase.FINISHING && unsent == 0L) allSent()
    }

    private inline fun wake(end: (Future<Unit>) -> Unit) {
        val waiting = slowed.toList()
        slowed.clear()
        waiting.forEach(end)
    }

    // ---- in

    /** Stops or resumes reading. Nothing is received while it is off, not even the end. */
    fun reading(on: Boolean) {
        if (reading == on || phase == Phase.CLOSED) return
        reading = on
        pipe.reading(on)
    }

    /** The user wants more of the received data. */
    fun deliver() {
        val user = user ?: return
        if (delivering) return
        delivering = true
        try {
            while (true) {
                val data = inbox.firstOrNull() ?: break
                user.received(data)
                if (data.isReadable) break
                inbox.removeFirst().release()
            }
        } finally {
            delivering = false
        }
        if (phase == Phase.CLOSED && inbox.isEmpty() && !told) {
            told = true
            user.lost(cause)
        }
    }

    private fun ended() {
        if (phase == Phase.CLOSED) return
        if (phase == Phase.FINISHING) clear()
        phase = Phase.CLOSED
        graceTimer?.cancelInAnyCase()
        outbox.clear()
        wake { loop.offerException(it, ConnectionGone()) }
        deliver()
    }

    private fun clear() {
        // During a delivery the user reads from the first buffer, and skips the rest itself.
        if (!delivering) while (inbox.isNotEmpty()) inbox.removeFirst().release()
    }

    // ---- the end

    /**
     * Sends the rest, for at most [limit], and closes. Nothing is received any more.
     *
     * @param lingers whether the server may be sending: a connection that is closed while data comes in is reset, and the
     *     server might not see what was sent last
     */
    fun finish(
        limit: Duration?,
        lingers: Boolean,
    ) {
        if (phase != Phase.OPEN) return
        phase = Phase.FINISHING
        this.lingers = lingers
        clear()
        reading = true
        pipe.reading(true)
        if (limit != null && !abortAfter(limit)) return
        if (flushing) flush()
        if (unsent == 0L && phase == Phase.FINISHING) allSent()
    }

    private fun allSent() {
        // Not as long as a server that may be slow with its answer is waited for.
        if (pipe.endOutput(lingers)) abortAfter(LINGER) else abort()
    }

    private fun abortAfter(limit: Duration): Boolean {
        graceTimer?.cancelInAnyCase()
        try {
            graceTimer = loop.callLater(limit) { host.execute(::abort) }
            return true
        } catch (_: IllegalStateException) {
            // The loop has just stopped.
            abort()
            return false
        }
    }

    /** Closes at once. */
    fun abort() {
        // Without a user nothing else takes what came.
        if (user == null) clear()
        if (phase == Phase.CLOSED) return
        phase = Phase.FINISHING
        pipe.close()
    }

    /** Why a sender's waiting ended. */
    class ConnectionGone : Exception()

    private companion object {
        const val SLOW = 64L * 1024
        const val FAST = 32L * 1024
        val LINGER: Duration = Duration.ofSeconds(1)
    }
}
