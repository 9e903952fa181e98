package asyncio.kotlin.http

import asyncio.http.AwaitedTraceConfig
import asyncio.http.ClientResponse
import asyncio.http.ClientSession
import asyncio.http.TraceConfig
import asyncio.http.TraceConfig.Request
import asyncio.kotlin.coroutine

/**
 * Hears what happens to the requests of a session, in suspend functions that the requests wait for; override what is of
 * interest. [AwaitedTraceConfig] says which of them run where, [TraceConfig] what each of them means.
 * Python: `aiohttp.TraceConfig`.
 */
public interface SuspendTraceConfig {
    /** See [TraceConfig.newContext]; it does not suspend. */
    public fun newContext(requestContext: Any?): Any? = requestContext

    /** See [TraceConfig.onRequestStart]. */
    public suspend fun onRequestStart(request: Request) {}

    /** See [TraceConfig.onRequestHeadersSent]. */
    public suspend fun onRequestHeadersSent(request: Request) {}

    /** See [TraceConfig.onRequestChunkSent]. */
    public suspend fun onRequestChunkSent(
        request: Request,
        bytes: Int,
    ) {}

    /** See [TraceConfig.onResponseChunkReceived]. */
    public suspend fun onResponseChunkReceived(
        request: Request,
        bytes: Int,
    ) {}

    /** See [TraceConfig.onRequestEnd]. */
    public suspend fun onRequestEnd(
        request: Request,
        response: ClientResponse,
    ) {}

    /** See [TraceConfig.onResponseEnd]. */
    public suspend fun onResponseEnd(request: Request) {}

    /** See [TraceConfig.onRequestException]. */
    public suspend fun onRequestException(
        request: Request,
        exception: Throwable,
    ) {}

    /** See [TraceConfig.onRequestRedirect]. */
    public suspend fun onRequestRedirect(
        request: Request,
        response: ClientResponse,
    ) {}

    /** See [TraceConfig.onConnectionQueuedStart]. */
    public suspend fun onConnectionQueuedStart(request: Request) {}

    /** See [TraceConfig.onConnectionQueuedEnd]. */
    public suspend fun onConnectionQueuedEnd(request: Request) {}

    /** See [TraceConfig.onConnectionCreateStart]. */
    public suspend fun onConnectionCreateStart(request: Request) {}

    /** See [TraceConfig.onConnectionCreateEnd]. */
    public suspend fun onConnectionCreateEnd(request: Request) {}

    /** See [TraceConfig.onConnectionReuseconn]. */
    public suspend fun onConnectionReuseconn(request: Request) {}

    /** See [TraceConfig.onDnsResolvehostStart]. */
    public suspend fun onDnsResolvehostStart(
        request: Request,
        host: String,
    ) {}

    /** See [TraceConfig.onDnsResolvehostEnd]. */
    public suspend fun onDnsResolvehostEnd(
        request: Request,
        host: String,
    ) {}

    /** See [TraceConfig.onDnsCacheHit]. */
    public suspend fun onDnsCacheHit(
        request: Request,
        host: String,
    ) {}

    /** See [TraceConfig.onDnsCacheMiss]. */
    public suspend fun onDnsCacheMiss(
        request: Request,
        host: String,
    ) {}
}

/** Has [config] hear of the requests of the session; can be called several times. See [ClientSession.Builder.trace]. */
public fun ClientSession.Builder.trace(config: SuspendTraceConfig): ClientSession.Builder = trace(SuspendEvents(config))

private class SuspendEvents(
    private val config: SuspendTraceConfig,
) : AwaitedTraceConfig {
    private fun told(event: suspend SuspendTraceConfig.() -> Unit) {
        coroutine { config.event() }.doAwait()
    }

    override fun newContext(requestContext: Any?): Any? = config.newContext(requestContext)

    override fun onRequestStart(request: Request): Unit = told { onRequestStart(request) }

    override fun onRequestHeadersSent(request: Request): Unit = told { onRequestHeadersSent(request) }

    override fun onRequestChunkSent(
        request: Request,
        bytes: Int,
    ): Unit = told { onRequestChunkSent(request, bytes) }

    override fun onResponseChunkReceived(
        request: Request,
        bytes: Int,
    ): Unit = told { onResponseChunkReceived(request, bytes) }

    override fun onRequestEnd(
        request: Request,
        response: ClientResponse,
    ): Unit = told { onRequestEnd(request, response) }

    override fun onResponseEnd(request: Request): Unit = told { onResponseEnd(request) }

    override fun onRequestException(
        request: Request,
        exception: Throwable,
    ): Unit = told { onRequestException(request, exception) }

    override fun onRequestRedirect(
        request: Request,
        response: ClientResponse,
    ): Unit = told { onRequestRedirect(request, response) }

    override fun onConnectionQueuedStart(request: Request): Unit = told { onConnectionQueuedStart(request) }

    override fun onConnectionQueuedEnd(request: Request): Unit = told { onConnectionQueuedEnd(request) }

    override fun onConnectionCreateStart(request: Request): Unit = told { onConnectionCreateStart(request) }

    override fun onConnectionCreateEnd(request: Request): Unit = told { onConnectionCreateEnd(request) }

    override fun onConnectionReuseconn(request: Request): Unit = told { onConnectionReuseconn(request) }

    override fun onDnsResolvehostStart(
        request: Request,
        host: String,
    ): Unit = told { onDnsResolvehostStart(request, host) }

    override fun onDnsResolvehostEnd(
        request: Request,
        host: String,
    ): Unit = told { onDnsResolvehostEnd(request, host) }

    override fun onDnsCacheHit(
        request: Request,
        host: String,
    ): Unit = told { onDnsCacheHit(request, host) }

    override fun onDnsCacheMiss(
        request: Request,
        host: String,
    ): Unit = told { onDnsCacheMiss(request, host) }
}
