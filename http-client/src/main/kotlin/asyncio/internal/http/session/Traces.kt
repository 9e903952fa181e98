package asyncio.internal.http.session

import asyncio.ExceptionContext
import asyncio.http.AwaitedTraceConfig
import asyncio.http.TraceConfig
import asyncio.internal.http.connect.ConnectListener

/** Reports the events of one request to the trace configs of its session. */
internal class Traces private constructor(
    private val session: ClientSessionImpl,
    private val configs: Array<TraceConfig>,
    private val contexts: Array<Any?>,
    /** Null if no config awaits. */
    val awaited: AwaitedEvents?,
) {
    constructor(session: ClientSessionImpl, configs: List<TraceConfig>, requestContext: Any?) : this(
        session,
        configs.toTypedArray(),
        Array(configs.size) { i -> session.guarded { configs[i].newContext(requestContext) } },
        if (configs.any { it is AwaitedTraceConfig }) AwaitedEvents(session) else null,
    )

    /** These, and then [config], which does not await. */
    fun plus(config: TraceConfig) = Traces(session, configs + config, contexts + null, awaited)

    /** Tells of an event. Configs that await hear of it soon. */
    inline fun tell(
        attempt: RequestAttempt,
        crossinline event: TraceConfig.(TraceConfig.Request) -> Unit,
    ) {
        enqueue(attempt, event)
        awaited?.start()
    }

    /** Tells of an event in the task of the request, which waits until all configs have heard of it. */
    suspend inline fun tellAndAwait(
        attempt: RequestAttempt,
        crossinline event: TraceConfig.(TraceConfig.Request) -> Unit,
    ) {
        // The other task must not take the new events, too.
        awaited?.settle()
        enqueue(attempt, event)
        awaited?.settle()
    }

    private inline fun enqueue(
        attempt: RequestAttempt,
        crossinline event: TraceConfig.(TraceConfig.Request) -> Unit,
    ) {
        for (i in configs.indices) {
            val config = configs[i]
            val request =
                TraceConfig.Request.of(session, contexts[i], attempt.method(), attempt.url(), attempt.headers())
            if (config is AwaitedTraceConfig) {
                awaited!!.add { config.event(request) }
            } else {
                session.guarded { config.event(request) }
            }
        }
    }

    fun connectListener(attempt: RequestAttempt): ConnectListener =
        object : ConnectListener {
            override fun dnsStart(host: String) = tell(attempt) { onDnsResolvehostStart(it, host) }

            override fun dnsEnd(host: String) = tell(attempt) { onDnsResolvehostEnd(it, host) }

            override fun cacheHit(host: String) = tell(attempt) { onDnsCacheHit(it, host) }

            override fun cacheMiss(host: String) = tell(attempt) { onDnsCacheMiss(it, host) }
        }
}

/** An exception of a trace config must not end the request. */
internal inline fun <T> ClientSessionImpl.guarded(action: () -> T): T? =
    try {
        action()
    } catch (error: Exception) {
        reportTrace(error)
        null
    }

internal fun ClientSessionImpl.reportTrace(error: Exception) {
    loop.callExceptionHandler(ExceptionContext.of("A trace config of a ClientSession failed").withException(error))
}
