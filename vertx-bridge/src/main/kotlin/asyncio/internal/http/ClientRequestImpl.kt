package asyncio.internal.http

import asyncio.http.ClientRequest
import asyncio.http.ClientResponse
import asyncio.http.ClientTimeout
import asyncio.internal.task.SuspendAwaitable
import asyncio.kotlin.coroutine
import io.vertx.core.http.HttpMethod
import java.time.Duration
import kotlin.coroutines.Continuation
import kotlin.coroutines.intrinsics.startCoroutineUninterceptedOrReturn

/** A request as its user builds it. */
internal class ClientRequestImpl(
    private val session: ClientSessionImpl,
    private val method: HttpMethod,
    private val url: String,
) : ClientRequest,
    SuspendAwaitable<ClientResponse> {
    private var headers: RequestHeaders? = null
    private var params: StringBuilder? = null
    private var timeout = session.settings.timeout
    private var awaited = false

    override fun header(
        name: String,
        value: String,
    ): ClientRequest =
        changing {
            val headers = headers ?: RequestHeaders().also { headers = it }
            headers.add(name, value)
        }

    override fun param(
        name: String,
        value: String,
    ): ClientRequest =
        changing {
            val params = params?.append('&') ?: StringBuilder().also { params = it }
            Url.encodeParam(name, params)
            params.append('=')
            Url.encodeParam(value, params)
        }

    override fun timeout(total: Duration): ClientRequest = changing { timeout = timeout.withTotal(total) }

    override fun timeout(timeout: ClientTimeout): ClientRequest = changing { this.timeout = timeout }

    private inline fun changing(change: () -> Unit): ClientRequest {
        check(!awaited) { "$this was awaited already, and cannot be changed any more" }
        change()
        return this
    }

    override fun await(): ClientResponse = coroutine { send() }.await()

    override fun awaitIn(continuation: Continuation<ClientResponse>): Any? {
        val sending: suspend () -> ClientResponse = { send() }
        return sending.startCoroutineUninterceptedOrReturn(continuation)
    }

    private suspend fun send(): ClientResponse {
        check(!awaited) { "$this was awaited already: a request is sent once. Make another one with session.get(…)" }
        session.checkLoop("A request")
        check(!session.closed()) { "Session is closed" }
        awaited = true
        val parsed = Url.parse(url, session.settings.baseUrl)
        val params = params
        val target = if (params == null) parsed else parsed.withParams(params)
        return Exchange(session, method, target, headers, timeout).head()
    }

    override fun toString(): String = "<ClientRequest $method $url>"
}
