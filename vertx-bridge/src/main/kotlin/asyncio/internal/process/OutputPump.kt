package asyncio.internal.process

import asyncio.internal.vertx.VertxHost
import java.io.IOException
import java.io.OutputStream
import java.net.SocketException
import java.util.concurrent.RejectedExecutionException
import java.util.concurrent.TimeUnit
import java.util.concurrent.locks.ReentrantLock
import kotlin.concurrent.withLock

/**
 * Writes to a blocking stream, on a thread of [PipeThreads] while there is something to write.
 *
 * ```
 * IDLE --write--> WRITING --all is written--> IDLE
 * either --close--> CLOSED    a write that is under way ends first
 * ```
 */
internal class OutputPump(
    private val host: VertxHost,
    private val output: OutputStream,
    private val closesAtOnce: Boolean = false,
    /** Whether closing the stream never waits. */
    private val closesQuickly: Boolean = false,
) : Runnable {
    /** Whose methods are called on the host's thread. */
    interface Target {
        fun wasWritten(count: Int)

        fun writingFailed(error: Throwable)

        /** The other side has ended, and all was written that it could take. */
        fun gone()
    }

    private class Portion(
        val bytes: ByteArray,
        val from: Int,
        val length: Int,
    )

    private var target: Target? = null
    private val lock = ReentrantLock()
    private val idle = lock.newCondition()
    private val queue = ArrayDeque<Portion>()
    private var writing = false

    @Volatile private var closing = false
    private var peerGone = false

    /** Writes [length] bytes of [bytes], which do not change any more. */
    fun write(
        bytes: ByteArray,
        from: Int,
        length: Int,
    ) {
        val starts =
            lock.withLock {
                if (closing) return
                queue.add(Portion(bytes, from, length))
                !writing.also { writing = true }
            }
        if (starts) PipeThreads.execute(this)
    }

    /** From now on [target] is told what happens. The other side may have ended before. */
    fun attach(target: Target) {
        val atOnce =
            lock.withLock {
                this.target = target
                peerGone
            }
        if (atOnce) post { target.gone() }
    }

    /** The other side has ended: nothing more is written than what is under way. */
    fun peerGone() {
        val atOnce =
            lock.withLock {
                peerGone = true
                !writing && !closing
            }
        if (atOnce) post { target?.gone() }
    }

    /** Drops what is not written yet, and closes the stream. */
    fun close() {
        val atOnce =
            lock.withLock {
                if (closing) return
                closing = true
                queue.clear()
                !writing
            }
        when {
            atOnce && closesQuickly -> closeOutput()
            atOnce || closesAtOnce -> PipeThreads.execute { closeOutput() }
        }
    }

    /** Waits until all is written, [nanos] at the most. */
    fun awaitWritten(nanos: Long) {
        var left = nanos
        lock.withLock {
            while (writing && left > 0) left = idle.awaitNanos(left)
        }
    }

    // ---- on the thread

    override fun run() {
        while (true) {
            val portion = next() ?: return
            try {
                write(portion)
            } catch (error: IOException) {
                fail(error)
            }
        }
    }

    private fun next(): Portion? {
        val gone =
            lock.withLock {
                queue.removeFirstOrNull()?.let { return it }
                writing = false
                idle.signalAll()
                if (!closing) peerGone else null
            }
        when (gone) {
            null -> closeOutput()
            true -> post { target?.gone() }
            else -> Unit
        }
        return null
    }

    private fun write(portion: Portion) {
        var at = portion.from
        val end = at + portion.length
        while (at < end && !closing) {
            val part = minOf(end - at, SIZE)
            output.write(portion.bytes, at, part)
            output.flush()
            at += part
            post { target?.wasWritten(part) }
        }
    }

    private fun fail(error: IOException) {
        lock.withLock { queue.clear() }
        if (!closing) post { target?.writingFailed(brokenPipe(error)) }
    }

    private fun post(action: () -> Unit) {
        try {
            // Behind what the thread has told, also from the host's own thread.
            host.post { action() }
        } catch (_: RejectedExecutionException) {
            // The host has ended, and its loop with it.
        }
    }

    private fun closeOutput() {
        try {
            output.close()
        } catch (_: IOException) {
            // Nobody writes to it any more.
        }
    }

    companion object {
        private const val SIZE = 64 * 1024

        /** As sockets raise it. */
        fun brokenPipe(cause: IOException?): SocketException = SocketException("Broken pipe").apply { initCause(cause) }

        fun secondsToNanos(seconds: Long): Long = TimeUnit.SECONDS.toNanos(seconds)
    }
}
