package asyncio.internal.http.pool

import asyncio.ExceptionContext
import asyncio.TimerHandle
import asyncio.internal.loop.shown
import asyncio.internal.run.EventLoopImpl
import asyncio.internal.vertx.VertxHost
import java.time.Duration

/**
 * Reports that requests wait for a connection, and no connection becomes free because of responses that were left open. One timer
 * for each pool, and only while requests wait. On the context's thread.
 */
internal class QueueWatch(
    private val loop: EventLoopImpl,
    private val host: VertxHost,
    /** The requests that wait, the oldest first. */
    private val queue: Collection<ConnectionWaiter>,
    /** The requests that have a connection. */
    private val users: () -> List<ConnectionWaiter>,
) {
    private var timer: TimerHandle? = null
    private var served = 0
    private var reported: ConnectionWaiter? = null

    /** A request waits. */
    fun queued() {
        if (timer != null) return
        val oldest = queue.first()
        val before = served
        val pause = longestWait
        timer = loop.callLater(pause) { host.execute { look(oldest, before, pause) } }
    }

    /** A request has got a connection. */
    fun served() {
        served++
    }

    /** No request will wait any more. */
    fun close() {
        timer?.cancel()
        timer = null
    }

    private fun look(
        oldest: ConnectionWaiter,
        before: Int,
        pause: Duration,
    ) {
        timer = null
        if (loop.isClosed || queue.isEmpty()) return
        if (served == before && queue.first() === oldest && reported !== oldest) report(oldest, pause)
        queued()
    }

    private fun report(
        oldest: ConnectionWaiter,
        waited: Duration,
    ) {
        val all = users()
        val open = all.filter { it.isLeftOpen }
        if (open.isEmpty()) return
        reported = oldest
        val text = StringBuilder("${oldest.describe()} has waited for a connection for ${shown(waited)}.")
        text.append(" ${all.size} connections are in use, ${open.size} of them by responses that are not closed and")
        text.append(" that no code reads at the moment. Close each response, or read it to its end")
        if (open.none { it.madeAt != null }) text.append(". Debug mode tells where they were requested")
        for (waiter in open.take(MOST_SHOWN)) {
            text.append("\n\t").append(waiter.describe())
            waiter.madeAt?.forEach { text.append("\n\t\tat ").append(it) }
        }
        if (open.size > MOST_SHOWN) text.append("\n\tand ${open.size - MOST_SHOWN} more")
        loop.callExceptionHandler(ExceptionContext.of(text.toString()))
    }

    companion object {
        private const val MOST_SHOWN = 10

        /** How long a request waits before it is looked at why. Tests set others. */
        @JvmStatic
        @Volatile
        var longestWait: Duration = Duration.ofSeconds(5)
    }
}
