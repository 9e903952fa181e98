package asyncio.internal.http.ws

import asyncio.TimerHandle
import asyncio.internal.run.EventLoopImpl
import java.time.Duration

/**
 * Pings a server that is silent for [interval], and finds it dead if it stays so for half of that. Everything it sends counts
 * as a sign of life. One timer at a time, which is not moved with each of those signs.
 */
internal class Heartbeat(
    private val loop: EventLoopImpl,
    private val interval: Duration,
    private val connection: Connection,
) {
    interface Connection {
        /** Whether nothing can be heard of the server because nothing is read. */
        val isReadPaused: Boolean

        fun sendPing()

        fun isDead(silence: Duration)
    }

    private val pongTimeout = interval.dividedBy(2)
    private var lastSign = loop.time()
    private var timer: TimerHandle? = null
    private var stopped = false

    fun start(): Unit = pingAfter(interval)

    fun sign() {
        lastSign = loop.time()
    }

    fun stop() {
        stopped = true
        timer?.cancelInAnyCase()
    }

    private fun pingAfter(delay: Duration) {
        timer = loop.callLater(delay) { pingIfSilent() }
    }

    private fun pingIfSilent() {
        if (stopped) return
        val left = lastSign + interval - loop.time()
        if (left > Duration.ZERO) return pingAfter(left)
        connection.sendPing()
        val pinged = loop.time()
        timer = loop.callLater(pongTimeout) { judge(pinged) }
    }

    private fun judge(pinged: Duration) {
        when {
            stopped -> Unit
            lastSign >= pinged -> pingAfter(maxOf(lastSign + interval - loop.time(), Duration.ZERO))
            connection.isReadPaused -> pingAfter(interval)
            else -> connection.isDead(pongTimeout)
        }
    }
}

/** Cancels a timer, also while the loop is stopping. */
internal fun TimerHandle.cancelInAnyCase() {
    try {
        cancel()
    } catch (_: IllegalStateException) {
        // The loop has stopped: the timer will never run.
    }
}
