package asyncio.internal.process

import asyncio.internal.loop.HostThread
import java.io.InputStream
import java.util.concurrent.locks.ReentrantLock
import kotlin.concurrent.withLock

/**
 * Standard input, which one loop after another reads. A read that a loop has left behind goes on: what it gives belongs to the
 * next loop.
 */
internal class StandardInput private constructor(
    private val stream: InputStream,
) {
    private val lock = ReentrantLock()
    private val changed = lock.newCondition()
    private var reading = false
    private val left = ArrayDeque<ByteArray>()

    /** The bytes of [buffer] that were filled, -1 at the end; 0 if they are kept because [pump] was closed meanwhile. */
    private fun read(
        buffer: ByteArray,
        pump: Pump,
    ): Int {
        lock.withLock {
            while (reading && !pump.closed) changed.await()
            if (pump.closed) return 0
            left.removeFirstOrNull()?.let { return take(it, buffer) }
            reading = true
        }
        var count = 0
        try {
            count = stream.read(buffer)
        } finally {
            lock.withLock {
                reading = false
                changed.signalAll()
                if (count > 0 && pump.closed) {
                    left.addLast(buffer.copyOf(count))
                    count = 0
                }
            }
        }
        return count
    }

    private fun take(
        bytes: ByteArray,
        buffer: ByteArray,
    ): Int {
        val count = minOf(bytes.size, buffer.size)
        bytes.copyInto(buffer, 0, 0, count)
        if (count < bytes.size) left.addFirst(bytes.copyOfRange(count, bytes.size))
        return count
    }

    private inner class Pump(
        host: HostThread,
    ) : InputPump(host, stream) {
        override fun read(buffer: ByteArray): Int = read(buffer, this)

        override fun tooLate(bytes: ByteArray): Unit = lock.withLock { left.addLast(bytes) }

        override fun onClose(): Unit = lock.withLock { changed.signalAll() }

        override fun closeInput(): Unit = Unit
    }

    companion object {
        private var current: StandardInput? = null

        @Synchronized
        fun newPump(host: HostThread): InputPump {
            val stream = System.`in`
            val input = current?.takeIf { it.stream === stream } ?: StandardInput(stream).also { current = it }
            return input.Pump(host)
        }
    }
}
