package asyncio.internal.process

import asyncio.internal.loop.HostThread
import java.io.IOException
import java.io.InputStream
import java.util.concurrent.RejectedExecutionException
import java.util.concurrent.locks.ReentrantLock
import kotlin.concurrent.withLock

/**
 * Reads a blocking stream on a thread of [PipeThreads], and gives what comes to a [Target] on the host's thread.
 *
 * ```
 * HELD --release--> READING --end, error, close--> ENDED    the stream is closed
 *   ^---holdBack------/
 * ```
 *
 * A read that is under way cannot be called off: what it gives after [close] is lost, and only then the stream is closed. Closing it
 * before would free the number of its file descriptor, which could belong to another file at the next read.
 */
internal open class InputPump(
    private val host: HostThread,
    private val input: InputStream,
    private val closesAtOnce: Boolean = false,
) : Runnable {
    /** Whose methods are called on the host's thread. */
    interface Target {
        fun hasCome(bytes: ByteArray)

        fun endHasCome()

        fun readingFailed(error: Throwable)
    }

    private val lock = ReentrantLock()
    private val changed = lock.newCondition()
    private var released = false
    private var inFlight = 0

    /** Set before [release]. */
    lateinit var target: Target

    @Volatile var closed = false
        private set

    fun start(): Unit = PipeThreads.execute(this)

    fun release(): Unit = change { released = true }

    fun holdBack(): Unit = change { released = false }

    fun close() {
        if (closed) return
        change { closed = true }
        onClose()
        if (closesAtOnce) PipeThreads.execute { closeInput() }
    }

    private inline fun change(action: () -> Unit) {
        lock.withLock {
            action()
            changed.signalAll()
        }
    }

    // ---- on the thread

    override fun run() {
        try {
            pump()
        } finally {
            closeInput()
        }
    }

    private fun pump() {
        var buffer = ByteArray(FIRST_SIZE)
        while (awaitTurn()) {
            val count =
                try {
                    read(buffer)
                } catch (error: IOException) {
                    if (!closed) post { target.readingFailed(error) }
                    return
                }
            if (count < 0) {
                post { target.endHasCome() }
                return
            }
            if (count == 0) continue
            val whole = count == buffer.size
            val bytes = if (whole) buffer else buffer.copyOf(count)
            if (whole) buffer = ByteArray(SIZE)
            change { inFlight++ }
            post {
                change { inFlight-- }
                if (closed) tooLate(bytes) else target.hasCome(bytes)
            }
        }
    }

    protected open fun read(buffer: ByteArray): Int = input.read(buffer)

    protected open fun onClose(): Unit = Unit

    /** [bytes] have come after the end. */
    protected open fun tooLate(bytes: ByteArray): Unit = Unit

    /** Waits while it is held back, or the loop has not yet seen what was read before. */
    private fun awaitTurn(): Boolean =
        lock.withLock {
            while (!closed && !(released && inFlight < MOST_IN_FLIGHT)) changed.await()
            !closed
        }

    private fun post(action: () -> Unit) {
        try {
            host.execute { action() }
        } catch (_: RejectedExecutionException) {
            // The host has ended, and its loop with it.
            change { closed = true }
        }
    }

    protected open fun closeInput() {
        try {
            input.close()
        } catch (_: IOException) {
            // Nobody reads it any more.
        }
    }

    private companion object {
        const val FIRST_SIZE = 8 * 1024

        /** What a pipe of Linux holds. */
        const val SIZE = 64 * 1024
        const val MOST_IN_FLIGHT = 2
    }
}
