package asyncio.internal.http.session

import asyncio.CancelledError
import asyncio.TimeoutException
import asyncio.http.ClientException
import asyncio.http.ClientHandler
import asyncio.http.ClientMiddleware
import asyncio.http.ClientResponse
import asyncio.http.OutgoingRequest
import asyncio.http.TooManyRedirectsException
import asyncio.internal.http.connect.ConnectionKey
import asyncio.internal.http.cookie.CookieHeader
import asyncio.internal.http.message.HeaderNames
import asyncio.internal.http.middleware.SuspendMiddleware
import asyncio.internal.http.middleware.discard
import asyncio.internal.http.payload.bytesAtHand
import asyncio.internal.http.wire.StreamFailure
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import io.vertx.core.http.HttpMethod
import java.util.concurrent.Callable

/**
 * Brings a request to its final response: over redirects, through the middlewares at each attempt, and again where a kept
 * connection was dead or the server has refused the stream.
 *
 * ```
 * attempt --> middlewares --> exchange --> response --redirect--> next attempt
 *  ^-- dead connection, refused --'
 * ```
 */
internal class Call(
    private val request: ClientRequestImpl,
    private val upgrade: Upgrade? = null,
) {
    private val session = request.session
    private val total = request.timeout.total()?.let { TotalTimer(session.loop, session.hostThread, it) }
    private var history: ArrayList<ClientResponse>? = null
    private var retried = false
    private var refusals = 0
    private var fruitlessRefusals = 0

    private lateinit var attempt: RequestAttempt

    /** The error after which the request is sent again, until it is. */
    private var repeatable: Throwable? = null

    /** Responses that went through middlewares: none of them may be left behind. */
    private var passed: ArrayList<ClientResponse>? = null

    suspend fun run(first: RequestAttempt): ClientResponse {
        attempt = first
        first.upgrade = upgrade
        try {
            first.traces?.tellAndAwait(first) { onRequestStart(it) }
            while (true) {
                val response = sendSafely()
                val next = nextAttempt(attempt, response) ?: return finish(response)
                try {
                    attempt.traces?.tellAndAwait(attempt) { onRequestRedirect(it, response) }
                } finally {
                    response.release()
                }
                attempt = next
                attempt.upgrade = upgrade
            }
        } catch (error: Throwable) {
            total?.stop()
            passed?.forEach(ClientResponse::release)
            if (error is CancelledError || error is TimeoutException) attempt.traces?.awaited?.abandon()
            try {
                attempt.traces?.tellAndAwait(attempt) { onRequestException(it, error) }
            } catch (second: Throwable) {
                second.addSuppressed(error)
                throw second
            } finally {
                request.end()
            }
            throw error
        }
    }

    private fun nextAttempt(
        attempt: RequestAttempt,
        response: ClientResponse,
    ): RequestAttempt? {
        if (!request.allowRedirects) return null
        try {
            val next = Redirects.next(attempt, response) ?: return null
            val history = history ?: ArrayList<ClientResponse>(2).also { history = it }
            history.add(response)
            if (history.size > request.maxRedirects) {
                throw TooManyRedirectsException(
                    history[0].requestInfo(),
                    history.toList(),
                    response.status(),
                    "more than ${request.maxRedirects} redirects, the limit of maxRedirects",
                    response.headers(),
                )
            }
            return next
        } catch (error: Exception) {
            response.release()
            throw error
        }
    }

    private suspend fun finish(response: ClientResponse): ClientResponse {
        val own = response as? ClientResponseImpl
        if (own != null) history?.let { own.history = it.toList() }
        try {
            request.responseCheck?.let { check ->
                covered { await(asyncio.Asyncio.async { check.check(response) }) }
            }
            if (request.raiseForStatus && !response.ok()) response.raiseForStatus()
        } catch (error: Throwable) {
            response.release()
            throw error
        }
        // While trace configs wait, the exchange watches the total.
        try {
            attempt.traces?.tellAndAwait(attempt) { onRequestEnd(it, response) }
        } catch (error: Throwable) {
            response.release()
            throw error
        }
        val exchange = own?.exchange
        if (exchange == null) {
            total?.stop()
            request.end()
        } else {
            exchange.becomeFinal()
            if (request.hasEnd) exchange.whenOver { request.end() }
            own.watchForgetting()
        }
        passed?.forEach { if (it !== response) (it as? ClientResponseImpl)?.watchForgetting() }
        return response
    }

    /** Sends it again where a kept connection was dead, and where the server certainly has not processed it. */
    private suspend fun sendSafely(): ClientResponse {
        if (session.trustsEnvironment) covered { session.prepare(attempt) }
        while (true) {
            try {
                return through(attempt)
            } catch (error: Throwable) {
                if (error !== repeatable) throw error
                repeatable = null
                // The middlewares will change the new attempt again.
                if (request.middlewares.isNotEmpty()) attempt = again(attempt)
            }
        }
    }

    private suspend fun again(attempt: RequestAttempt): RequestAttempt {
        val again = attempt.again()
        if (session.trustsEnvironment) covered { session.prepare(again) }
        return again
    }

    private suspend fun through(attempt: RequestAttempt): ClientResponse {
        val middlewares = request.middlewares
        if (middlewares.isEmpty()) return exchange(attempt)
        attempt.total = total
        return covered { pass(middlewares, 0, attempt) }
    }

    /** Runs [block] within the total. */
    private suspend fun <T> covered(block: suspend () -> T): T =
        if (total == null) block() else total.limits({ attempt.describe() }, block)

    /** [covered], unless that is around the middlewares. */
    private suspend fun <T> coveredUnlessAlready(block: suspend () -> T): T =
        if (request.middlewares.isNotEmpty()) block() else covered(block)

    private suspend fun pass(
        middlewares: List<ClientMiddleware>,
        index: Int,
        request: OutgoingRequest,
    ): ClientResponse {
        if (index == middlewares.size) return exchange(request as RequestAttempt)
        val middleware = middlewares[index]
        if (middleware is SuspendMiddleware) return middleware.intercept(request) { pass(middlewares, index + 1, it) }
        val next = ClientHandler { coroutine { pass(middlewares, index + 1, it) } }
        return await(asyncio.Asyncio.async(Callable { middleware.handle(request, next) }))
    }

    private suspend fun exchange(attempt: RequestAttempt): ClientResponse {
        request.sendings++
        val response = session.transport?.send(attempt, total) ?: sendThroughProxy(attempt)
        if (request.middlewares.isNotEmpty()) {
            (passed ?: ArrayList<ClientResponse>(1).also { passed = it }).add(response)
        }
        val headers = response.headers()
        if (HeaderNames.SET_COOKIE in headers) {
            try {
                CookieHeader.store(session.jar, headers.getAll(HeaderNames.SET_COOKIE), attempt.target)
            } catch (error: Exception) {
                response.release()
                throw error
            }
        }
        return response
    }

    /** Answers a proxy that asks for Digest; one at the end of a tunnel was answered when that was opened. */
    private suspend fun sendThroughProxy(attempt: RequestAttempt): ClientResponse {
        val key = session.keyFor(attempt)
        val proxy = key.proxy
        if (proxy == null || !proxy.usesDigest() || !key.viaProxy) return send(attempt, key)
        val digests = session.connector.transport.proxyDigests
        repeat(MOST_QUESTIONS) { turn ->
            attempt.proxyAnswer =
                coveredUnlessAlready { digests.answer(proxy, attempt.method(), attempt.url(), attempt.body()) }
            val answered = attempt.proxyAnswer
            val response = send(attempt, key)
            if (response.status() != PROXY_AUTHENTICATION) {
                if (answered != null) digests.accepted(proxy, response.headers(), answered)
                return response
            }
            try {
                val asked = digests.asked(proxy, response.headers(), answered, again = turn > 0)
                if (!asked || turn == MOST_QUESTIONS - 1 || attempt.body()?.replayable() == false) return response
            } catch (error: ClientException) {
                response.release()
                throw error
            }
            discard(response)
        }
        error("not reached")
    }

    private suspend fun send(
        attempt: RequestAttempt,
        key: ConnectionKey,
    ): ClientResponse {
        val body = attempt.body()
        val outgoing =
            if (body == null || body.bytesAtHand != null) {
                OutgoingBody.of(attempt)
            } else {
                coveredUnlessAlready { OutgoingBody.of(attempt) }
            }
        val exchange = HttpExchange(attempt, outgoing, key, total, wantsNew = retried)
        try {
            return exchange.head()
        } catch (error: Throwable) {
            if (canRepeat(exchange, attempt)) {
                repeatable = error
                attempt.isRepeated = true
            }
            throw error
        }
    }

    private fun canRepeat(
        exchange: HttpExchange,
        attempt: RequestAttempt,
    ): Boolean {
        if (exchange.refusal?.wantsHttp1 == true) session.connector.speakHttp1(attempt.origin)
        exchange.refusal?.let { return canRepeat(it) && attempt.body()?.replayable() != false }
        if (!exchange.diedBeforeHead || retried || !isSafeToRepeat(attempt)) return false
        retried = true
        return true
    }

    /** A server that takes a few requests on each connection brings all of them to their end, one that takes none does not. */
    private fun canRepeat(refusal: StreamFailure): Boolean {
        if (!refusal.servedOthers) fruitlessRefusals++
        return ++refusals <= MOST_REFUSALS && fruitlessRefusals <= MOST_FRUITLESS
    }

    private fun isSafeToRepeat(attempt: RequestAttempt) =
        request.httpMethod in REPEATABLE && attempt.httpMethod in REPEATABLE && attempt.body()?.replayable() != false

    private companion object {
        const val MOST_REFUSALS = 100
        const val MOST_FRUITLESS = 4
        const val PROXY_AUTHENTICATION = 407

        /** A nonce may be stale at once. */
        const val MOST_QUESTIONS = 3

        val REPEATABLE =
            setOf(
                HttpMethod.GET,
                HttpMethod.HEAD,
                HttpMethod.OPTIONS,
                HttpMethod.TRACE,
                HttpMethod.PUT,
                HttpMethod.DELETE,
            )
    }
}
