package asyncio.internal.http.session

import asyncio.ExceptionContext
import asyncio.http.TraceConfig
import asyncio.internal.http.connect.ConnectListener

/** Reports the events of one request to the trace configs of its session. */
internal class Traces(
    private val session: ClientSessionImpl,
    configs: List<TraceConfig>,
    requestContext: Any?,
) {
    private val configs = configs.toTypedArray()
    private val contexts = Array(configs.size) { i -> guarded { configs[i].newContext(requestContext) } }

    inline fun tell(
        attempt: RequestAttempt,
        event: TraceConfig.(TraceConfig.Request) -> Unit,
    ) {
        for (i in configs.indices) {
            val request =
                TraceConfig.Request.of(session, contexts[i], attempt.method(), attempt.url(), attempt.headers())
            guarded { configs[i].event(request) }
        }
    }

    /** An exception of a trace config must not end the request. */
    private inline fun <T> guarded(action: () -> T): T? =
        try {
            action()
        } catch (error: Exception) {
            report(error)
            null
        }

    private fun report(error: Exception) {
        session.loop.callExceptionHandler(
            ExceptionContext.of("A trace config of a ClientSession failed").withException(error),
        )
    }

    fun connectListener(attempt: RequestAttempt): ConnectListener =
        object : ConnectListener {
            override fun dnsStart(host: String) = tell(attempt) { onDnsResolvehostStart(it, host) }

            override fun dnsEnd(host: String) = tell(attempt) { onDnsResolvehostEnd(it, host) }

            override fun cacheHit(host: String) = tell(attempt) { onDnsCacheHit(it, host) }

            override fun cacheMiss(host: String) = tell(attempt) { onDnsCacheMiss(it, host) }
        }
}
