package asyncio.kotlin.http

import asyncio.http.ClientRequest
import asyncio.http.ClientSession
import asyncio.http.ClientTimeout
import asyncio.http.ClientWebSocket
import asyncio.http.Connector
import asyncio.http.Download
import asyncio.http.EventSource
import asyncio.http.MockResponse
import asyncio.http.MockTransport
import asyncio.http.RateLimitMiddleware
import asyncio.http.RetryMiddleware
import asyncio.http.TypeRef
import asyncio.http.WSMessage
import asyncio.http.WebSocketRequest
import asyncio.kotlin.await
import kotlin.time.Duration
import kotlin.time.toJavaDuration
import kotlin.time.toKotlinDuration

/**
 * The default limits with these instead; null for any time. See [ClientTimeout]. Python: `aiohttp.ClientTimeout(…)`.
 *
 * ```
 * ClientSession.builder().timeout(clientTimeout(total = 1.minutes, sockRead = 10.seconds)).build()
 * ```
 *
 * @throws IllegalArgumentException if one is negative
 */
public fun clientTimeout(
    total: Duration? = Defaults.total,
    connect: Duration? = null,
    sockConnect: Duration? = Defaults.sockConnect,
    sockRead: Duration? = null,
    pool: Duration? = null,
): ClientTimeout =
    ClientTimeout.NONE
        .withTotal(total?.toJavaDuration())
        .withConnect(connect?.toJavaDuration())
        .withSockConnect(sockConnect?.toJavaDuration())
        .withSockRead(sockRead?.toJavaDuration())
        .withPool(pool?.toJavaDuration())

private object Defaults {
    val total: Duration? = ClientTimeout.DEFAULT.total()?.toKotlinDuration()
    val sockConnect: Duration? = ClientTimeout.DEFAULT.sockConnect()?.toKotlinDuration()
}

/** How long this request may take in total; see [ClientRequest.timeout]. Python: `timeout=`. */
public fun ClientRequest.timeout(total: Duration): ClientRequest = timeout(total.toJavaDuration())

/** How long an idle connection is kept; see [ClientSession.Builder.keepAlive]. Python: `keepalive_timeout`. */
public fun ClientSession.Builder.keepAlive(idle: Duration): ClientSession.Builder = keepAlive(idle.toJavaDuration())

/** How long an idle connection is kept; see [Connector.Builder.keepAlive]. Python: `keepalive_timeout`. */
public fun Connector.Builder.keepAlive(idle: Duration): Connector.Builder = keepAlive(idle.toJavaDuration())

/** How long addresses of hosts are kept, null for ever; see [Connector.Builder.ttlDnsCache]. Python: `ttl_dns_cache`. */
public fun Connector.Builder.ttlDnsCache(ttl: Duration?): Connector.Builder = ttlDnsCache(ttl?.toJavaDuration())

/**
 * How long one address of a host is tried before the next one, null for one after the other; see
 * [Connector.Builder.happyEyeballsDelay]. Python: `happy_eyeballs_delay`.
 */
public fun Connector.Builder.happyEyeballsDelay(delay: Duration?): Connector.Builder =
    happyEyeballsDelay(delay?.toJavaDuration())

// ---- WebSockets

/** After how long a silence the server is pinged; see [WebSocketRequest.heartbeat]. Python: `heartbeat`. */
public fun WebSocketRequest.heartbeat(silence: Duration): WebSocketRequest = heartbeat(silence.toJavaDuration())

/** How long to wait for a message; see [WebSocketRequest.receiveTimeout]. Python: `ClientWSTimeout(ws_receive=…)`. */
public fun WebSocketRequest.receiveTimeout(limit: Duration): WebSocketRequest = receiveTimeout(limit.toJavaDuration())

/** How long to wait for the server's close; see [WebSocketRequest.closeTimeout]. Python: `ClientWSTimeout(ws_close=…)`. */
public fun WebSocketRequest.closeTimeout(limit: Duration): WebSocketRequest = closeTimeout(limit.toJavaDuration())

/** How long the handshake may take; see [WebSocketRequest.timeout]. Python: the session's `timeout`. */
public fun WebSocketRequest.timeout(total: Duration): WebSocketRequest = timeout(total.toJavaDuration())

/**
 * Waits for the next message; see [ClientWebSocket.receive]. Python: `await ws.receive(timeout)`.
 *
 * @throws asyncio.TimeoutException if none has come within [timeout]
 */
public suspend fun ClientWebSocket.receive(timeout: Duration): WSMessage = await(receive(timeout.toJavaDuration()))

/** Waits for the next message, which is a text; see [ClientWebSocket.receiveStr]. Python: `await ws.receive_str(timeout=…)`. */
public suspend fun ClientWebSocket.receiveStr(timeout: Duration): String = await(receiveStr(timeout.toJavaDuration()))

/** Waits for the next message, which is binary; see [ClientWebSocket.receiveBytes]. Python: `await ws.receive_bytes(timeout=…)`. */
public suspend fun ClientWebSocket.receiveBytes(timeout: Duration): ByteArray =
    await(receiveBytes(timeout.toJavaDuration()))

/** Waits for the next message, a text with JSON; see [ClientWebSocket.receiveJson]. Python: `await ws.receive_json(timeout=…)`. */
public suspend inline fun <reified T> ClientWebSocket.receiveJson(timeout: Duration): T =
    await(receiveJson(object : TypeRef<T>() {}, timeout.toJavaDuration()))

// ---- event sources and middlewares

/** How long to wait after an attempt that has failed; see [Download.Builder.retry]. */
public fun Download.Builder.retry(delay: Duration): Download.Builder = retry(delay.toJavaDuration())

/** How long to wait before connecting again; see [EventSource.Builder.retry]. */
public fun EventSource.Builder.retry(delay: Duration): EventSource.Builder = retry(delay.toJavaDuration())

/** How long the doubled waits become at most; see [EventSource.Builder.maxBackoff]. */
public fun EventSource.Builder.maxBackoff(delay: Duration): EventSource.Builder = maxBackoff(delay.toJavaDuration())

/** How many [requests] may be sent in [time]; see [RateLimitMiddleware.Builder.rate]. */
public fun RateLimitMiddleware.Builder.rate(
    requests: Int,
    time: Duration,
): RateLimitMiddleware.Builder = rate(requests, time.toJavaDuration())

/** How long to wait before the first retry, and at most; see [RetryMiddleware.Builder.backoff]. */
public fun RetryMiddleware.Builder.backoff(
    first: Duration,
    longest: Duration,
): RetryMiddleware.Builder = backoff(first.toJavaDuration(), longest.toJavaDuration())

/** How long a `Retry-After` is obeyed at most; see [RetryMiddleware.Builder.maxRetryAfter]. */
public fun RetryMiddleware.Builder.maxRetryAfter(longest: Duration): RetryMiddleware.Builder =
    maxRetryAfter(longest.toJavaDuration())

// ---- tests without a network

/** The same response, this much later; see [MockResponse.withDelay]. */
public fun MockResponse.withDelay(delay: Duration): MockResponse = withDelay(delay.toJavaDuration())

/** Answers this much later; see [MockTransport.Route.delay]. */
public fun MockTransport.Route.delay(delay: Duration): MockTransport.Route = delay(delay.toJavaDuration())
