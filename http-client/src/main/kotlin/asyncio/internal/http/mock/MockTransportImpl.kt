package asyncio.internal.http.mock

import asyncio.CancelledError
import asyncio.http.ClientConnectionException
import asyncio.http.ClientResponse
import asyncio.http.MockCall
import asyncio.http.MockHandler
import asyncio.http.MockResponse
import asyncio.http.MockTransport
import asyncio.internal.http.message.HeaderFields
import asyncio.internal.http.message.ResponseHeaders
import asyncio.internal.http.message.reason
import asyncio.internal.http.session.LocalExchange
import asyncio.internal.http.session.OutgoingBody
import asyncio.internal.http.session.RequestAttempt
import asyncio.internal.http.session.Sender
import asyncio.internal.http.session.TotalTimer
import asyncio.kotlin.await
import asyncio.kotlin.sleep
import java.io.ByteArrayOutputStream
import java.time.Duration
import java.util.Collections
import java.util.concurrent.Callable
import java.util.function.Supplier
import kotlin.time.toKotlinDuration

/** Answers requests from a list of routes, and remembers them. */
internal class MockTransportImpl(
    private val recorded: RecordedAnswers? = null,
) : MockTransport,
    Sender {
    private val routes = ArrayList<RouteImpl>()
    private val calls = ArrayList<MockCallImpl>()

    override fun on(
        method: String,
        url: String,
    ): MockTransport.Route = RouteImpl(UrlPattern(method, url)).also { routes.add(it) }

    // ---- answering

    override suspend fun send(
        attempt: RequestAttempt,
        total: TotalTimer?,
    ): ClientResponse {
        check(attempt.upgrade == null) { "A mock transport knows no WebSockets: test them with a server of your own" }
        val exchange = LocalExchange(attempt, total)
        return exchange.head {
            val call = receive(attempt, exchange)
            calls.add(call)
            recorded?.find(call)?.let { return@head it() }
            val route = routes.firstOrNull { it.accepts(call) } ?: throw unmatched(call)
            route.answer(call)
        }
    }

    /** Takes the whole request, as a server would. */
    private suspend fun receive(
        attempt: RequestAttempt,
        exchange: LocalExchange,
    ): MockCallImpl {
        val outgoing = OutgoingBody.of(attempt)
        val headers = HeaderFields()
        attempt.writeHeaders(outgoing.length, multiplexed = false) { name, value -> headers.add(name, value) }
        attempt.traces?.tell(attempt) { onRequestHeadersSent(it) }
        val body = outgoing.bytes?.also { exchange.portionSent(it.size) } ?: bodyOf(outgoing, exchange)
        exchange.uploadEnded()
        return MockCallImpl(attempt.method(), attempt.target, ResponseHeaders(headers), body, exchange.loop.time())
    }

    private suspend fun bodyOf(
        outgoing: OutgoingBody,
        exchange: LocalExchange,
    ): ByteArray {
        val portions = outgoing.portions ?: return ByteArray(0)
        val body = ByteArrayOutputStream()
        try {
            while (true) {
                val portion = portions.next() ?: break
                body.writeBytes(portion)
                exchange.portionSent(portion.size)
            }
        } catch (error: CancelledError) {
            throw error
        } catch (error: ClientConnectionException) {
            throw error
        } catch (error: Throwable) {
            throw ClientConnectionException(
                "${exchange.describe()}: the request's body failed: ${reason(error)}",
                error,
            )
        } finally {
            portions.close()
        }
        return body.toByteArray()
    }

    private fun unmatched(call: MockCallImpl): AssertionError {
        if (recorded != null && routes.isEmpty()) {
            return AssertionError("Nothing answers $call. ${recorded.nearest(call)}")
        }
        val known =
            if (routes.isEmpty()) "There are no routes" else "The routes are" + routes.joinToString("") { "\n  $it" }
        val nearest = recorded?.let { ". ${it.nearest(call)}" }.orEmpty()
        return AssertionError("No route of the mock transport matches $call. $known$nearest")
    }

    private inner class RouteImpl(
        private val pattern: UrlPattern,
    ) : MockTransport.Route {
        private val headers = ArrayList<Pair<String, String>>()
        private var times = -1
        private var delay = Duration.ZERO
        private val answered = ArrayList<MockCallImpl>()
        private var handler = MockHandler { MockResponse.ok() }

        override fun header(
            name: String,
            value: String,
        ): MockTransport.Route = apply { headers.add(name to value) }

        override fun times(times: Int): MockTransport.Route =
            apply {
                require(times >= 0) { "A route cannot match $times times" }
                this.times = times
            }

        override fun delay(delay: Duration): MockTransport.Route =
            apply {
                require(!delay.isNegative) { "A delay cannot be negative: $delay" }
                this.delay = delay
            }

        override fun respond(
            first: MockResponse,
            vararg then: MockResponse,
        ): MockTransport.Route {
            val responses = listOf(first, *then)
            var next = 0
            return respond { responses[minOf(next++, responses.size - 1)] }
        }

        override fun respond(handler: MockHandler): MockTransport.Route = apply { this.handler = handler }

        override fun raise(error: Supplier<out Throwable>): MockTransport.Route = respond { throw error.get() }

        override fun calls(): List<MockCall> = answered.toList()

        fun accepts(call: MockCallImpl): Boolean {
            if (times >= 0 && answered.size >= times) return false
            if (headers.any { (name, value) -> value !in call.headers().getAll(name) }) return false
            call.pathValues = pattern.match(call.method(), call.target) ?: return false
            answered.add(call)
            return true
        }

        suspend fun answer(call: MockCall): MockResponse {
            sleepUnlessZero(delay)
            val response = await(asyncio.Asyncio.async(Callable { handler.handle(call) }))
            sleepUnlessZero(response.delay())
            return response
        }

        private suspend fun sleepUnlessZero(delay: Duration) {
            if (!delay.isZero) sleep(delay.toKotlinDuration())
        }

        val missing: String?
            get() =
                when {
                    times >= 0 && answered.size < times -> "$this: was used ${answered.size} times"
                    times < 0 && answered.isEmpty() -> "$this: was not used"
                    else -> null
                }

        override fun toString(): String =
            "$pattern" + headers.joinToString("") { " with ${it.first}" } +
                if (times >= 0) " ($times times, ${answered.size} used)" else ""
    }

    // ---- calls

    override fun calls(): List<MockCall> = Collections.unmodifiableList(calls.toList())

    override fun calls(
        method: String,
        url: String,
    ): List<MockCall> {
        val pattern = UrlPattern(method, url)
        return calls.filter { pattern.match(it.method(), it.target) != null }
    }

    override fun assertCalledOnce(
        method: String,
        url: String,
    ): MockCall {
        val found = calls(method, url)
        if (found.size != 1) throw unexpected("one request $method $url, but there were ${found.size}")
        return found[0]
    }

    override fun assertCalled(
        method: String,
        url: String,
    ) {
        if (calls(method, url).isEmpty()) throw unexpected("a request $method $url, but there was none")
    }

    override fun assertCalled(
        times: Int,
        method: String,
        url: String,
    ) {
        val found = calls(method, url).size
        if (found != times) throw unexpected("$times requests $method $url, but there were $found")
    }

    override fun assertCalls(vararg calls: String) {
        val patterns =
            calls.map {
                require(' ' in it) { "A call is a method and a pattern, such as \"GET /users\": \"$it\"" }
                UrlPattern(it.substringBefore(' '), it.substringAfter(' ').trim())
            }
        val came = this.calls
        val fits = patterns.size == came.size
        if (!fits || patterns.indices.any { patterns[it].match(came[it].method(), came[it].target) == null }) {
            throw unexpected("these requests:${listed(patterns)}\nbut it was otherwise")
        }
    }

    override fun assertAllUsed() {
        val missing = recorded?.unused().orEmpty() + routes.mapNotNull { it.missing }
        if (missing.isNotEmpty()) throw unexpected("all routes to be used, but not:${listed(missing)}\nso it was not")
    }

    override fun resetCalls(): Unit = calls.clear()

    private fun unexpected(what: String): AssertionError {
        val came = if (calls.isEmpty()) "No requests came" else "The requests that came are:${listed(calls)}"
        return AssertionError("Expected $what. $came")
    }

    private fun listed(items: List<Any>) = items.withIndex().joinToString("") { (i, item) -> "\n  ${i + 1}. $item" }

    override fun toString(): String = "<MockTransport ${routes.size} routes, ${calls.size} calls>"
}
