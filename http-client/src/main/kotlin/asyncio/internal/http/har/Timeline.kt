package asyncio.internal.http.har

import asyncio.EventLoop
import asyncio.http.TraceConfig
import java.time.Duration

/** When the steps of one sending were, on the loop's clock. Null where a step was not taken. */
internal class Timeline(
    private val loop: EventLoop,
) : TraceConfig {
    private val begin = now()
    private var connecting: Duration? = null
    private var connected: Duration? = null
    private var lookUp: Duration? = null
    private var lookedUp: Duration? = null
    private var sent: Duration? = null
    private var head: Duration? = null
    private var end: Duration? = null

    override fun onConnectionCreateStart(request: TraceConfig.Request) {
        connecting = now()
    }

    override fun onConnectionCreateEnd(request: TraceConfig.Request) {
        connected = now()
    }

    override fun onConnectionReuseconn(request: TraceConfig.Request) {
        // The request may have asked for a new one before, which is for another request now.
        connecting = null
        lookUp = null
        connected = now()
    }

    override fun onDnsResolvehostStart(
        request: TraceConfig.Request,
        host: String,
    ) {
        lookUp = now()
    }

    override fun onDnsResolvehostEnd(
        request: TraceConfig.Request,
        host: String,
    ) {
        lookedUp = now()
    }

    override fun onRequestHeadersSent(request: TraceConfig.Request) {
        sent = now()
    }

    override fun onRequestChunkSent(
        request: TraceConfig.Request,
        bytes: Int,
    ) {
        if (head == null) sent = now()
    }

    fun head() {
        head = now()
    }

    fun end() {
        if (end == null) end = now()
    }

    private fun now() = loop.time()

    /** The `timings` of HAR, in milliseconds; -1 for a step that was not taken. What is under way ends now. */
    fun timings(): Map<String, Double> {
        val over = end ?: now()
        val answered = head ?: over
        val written = (sent ?: answered).coerceAtMost(answered)
        val open = connected ?: connecting?.let { written } ?: begin
        val asked = connecting ?: open
        val names = lookUp?.let { (lookedUp ?: open) - it }
        return linkedMapOf(
            "blocked" to millis(asked - begin),
            "dns" to (names?.let(::millis) ?: NONE),
            "connect" to (connecting?.let { millis(open - it - (names ?: Duration.ZERO)) } ?: NONE),
            "ssl" to NONE,
            "send" to millis(written - open),
            "wait" to millis(answered - written),
            "receive" to millis(over - answered),
        )
    }

    private companion object {
        const val NONE = -1.0

        /** To a thousandth. */
        fun millis(time: Duration) = maxOf(0, time.toNanos() / 1000) / 1000.0
    }
}
