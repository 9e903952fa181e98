package asyncio.internal.http.http2

/**
 * Counts the frames that cost work and bring nothing: PING, SETTINGS, empty DATA and the like. A server may send some of them at any
 * time, and some for each request, but not thousands in a few seconds for nothing.
 */
internal class FloodGuard {
    private var count = 0
    private var since = System.nanoTime()

    /** Something was done that may bring so many of them. */
    fun allow(more: Int) {
        count = maxOf(count - more, 0)
    }

    /** One more; true if they are too many. */
    fun isFlood(): Boolean {
        if (++count <= MOST) return false
        val now = System.nanoTime()
        if (now - since < PERIOD) return true
        since = now
        count = 0
        return false
    }

    private companion object {
        const val MOST = 1000
        const val PERIOD = 10_000_000_000L
    }
}
