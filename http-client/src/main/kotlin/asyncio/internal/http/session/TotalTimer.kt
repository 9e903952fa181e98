package asyncio.internal.http.session

import asyncio.TimeoutException
import asyncio.TimerHandle
import asyncio.internal.http.connect.timeoutRaising
import asyncio.internal.loop.HostThread
import asyncio.internal.loop.shown
import asyncio.internal.run.EventLoopImpl
import java.time.Duration

/**
 * The `total` of a request: over all its attempts, to the end of the last body. The time in the pool's queue does
 * not count, or a program that starts thousands of requests at once would lose the last ones. On the context's thread.
 *
 * When the time is over it tells the block of [tells] or [limits] that began last of the ones that run; as soon as that has ended,
 * the one before it, since a middleware may catch what the first one has raised. Between such blocks it tells the target of
 * [tellsFromNowOn]. Blocks need not be nested: a middleware may send two requests at once.
 */
internal class TotalTimer(
    private val loop: EventLoopImpl,
    private val host: HostThread,
    private val limit: Duration,
) {
    /** Ends when the time is over. */
    fun interface Target {
        fun expireTotal(limit: Duration)
    }

    /** Of the blocks that run, in the order of their beginnings. */
    private val blocks = ArrayList<Target>(1)

    /** That between the blocks. */
    private var between: Target? = null

    private var left = limit
    private var runningSince = loop.time()
    private var timer: TimerHandle? = null
    private var expired = false

    /** A waiter that was cancelled in the queue leaves the queue later, and must not start the timer again. */
    private var stopped = false

    init {
        start()
    }

    /** Runs [block], which [target] can end. */
    suspend inline fun <T> tells(
        target: Target,
        block: suspend () -> T,
    ): T {
        blocks.add(target)
        try {
            if (expired) target.expireTotal(limit)
            return block()
        } finally {
            blocks.remove(target)
            if (expired) blocks.lastOrNull()?.expireTotal(limit)
        }
    }

    /** Runs [block], which is cancelled when the time is over; that raises a TimeoutException, which [describe] begins. */
    suspend fun <T> limits(
        describe: () -> String,
        block: suspend () -> T,
    ): T =
        timeoutRaising({
            TimeoutException("${describe()}: no response within the total of ${shown(limit)}")
        }, null) { cancelling ->
            // It may be told again, by the end of each block inside.
            tells({ if (!cancelling.expired()) cancelling.reschedule(loop.time()) }) { block() }
        }

    /** Outside all blocks [target] is told. */
    fun tellsFromNowOn(target: Target) {
        between = target
        if (expired && blocks.isEmpty()) target.expireTotal(limit)
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
        between = null
    }

    private fun start() {
        runningSince = loop.time()
        timer = loop.callLater(left) { host.execute(::expire) }
    }

    private fun expire() {
        if (timer == null) return
        timer = null
        expired = true
        (blocks.lastOrNull() ?: between)?.expireTotal(limit)
    }
}
