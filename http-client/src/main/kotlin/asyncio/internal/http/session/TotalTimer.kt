package asyncio.internal.http.session

import asyncio.TimerHandle
import asyncio.internal.loop.HostThread
import asyncio.internal.run.EventLoopImpl
import java.time.Duration

/**
 * The `total` of a request: over all its attempts, to the end of the last body. The time in the pool's queue does
 * not count, or a program that starts thousands of requests at once would lose the last ones. On the context's thread.
 */
internal class TotalTimer(
    private val loop: EventLoopImpl,
    private val host: HostThread,
    val limit: Duration,
) {
    /** Ends when the time is over. */
    fun interface Target {
        fun expireTotal(limit: Duration)
    }

    var target: Target? = null
        set(value) {
            field = value
            if (value != null && expired) value.expireTotal(limit)
        }

    private var left = limit
    private var runningSince = loop.time()
    private var timer: TimerHandle? = null
    private var expired = false

    /** A waiter that was cancelled in the queue leaves the queue later, and must not start the timer again. */
    private var stopped = false

    val isOver: Boolean get() = expired

    init {
        start()
    }

    fun pause() {
        val timer = timer ?: return
        timer.cancel()
        this.timer = null
        left -= loop.time() - runningSince
    }

    fun resume() {
        if (timer == null && !expired && !stopped) start()
    }

    fun stop() {
        stopped = true
        timer?.cancel()
        timer = null
        target = null
    }

    private fun start() {
        runningSince = loop.time()
        timer = loop.callLater(left) { host.execute(::expire) }
    }

    private fun expire() {
        if (timer == null) return
        timer = null
        expired = true
        target?.expireTotal(limit)
    }
}
