package asyncio.internal.http.sse

import asyncio.CancelledError
import asyncio.StopAsyncIteration
import asyncio.TimeoutException
import asyncio.http.ClientConnectionException
import asyncio.http.ClientConnectorCertificateException
import asyncio.http.ClientOSException
import asyncio.http.ClientPayloadException
import asyncio.http.ClientRequest
import asyncio.http.ClientResponse
import asyncio.http.ClientResponseException
import asyncio.http.ContentTypeException
import asyncio.http.EventSource
import asyncio.http.EventStream
import asyncio.http.InvalidUrlException
import asyncio.http.LineTooLongException
import asyncio.http.RequestInfo
import asyncio.http.ServerFingerprintMismatchException
import asyncio.http.ServerSentEvent
import asyncio.internal.http.body.Feed
import asyncio.internal.http.body.StreamReaderImpl
import asyncio.internal.http.body.turns
import asyncio.internal.http.message.ResponseHeaders
import asyncio.internal.testing.VirtualLoop
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import asyncio.kotlin.createTask
import asyncio.kotlin.sleep
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.types.shouldBeSameInstanceAs
import java.lang.reflect.Proxy
import java.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** What a server does with one request: it gives a response, or raises. */
private typealias Answer = suspend () -> ClientResponse

/** A server, and the session that talks to it, in virtual time. */
private class Server(
    private vararg val answers: Answer,
) {
    /** When each request was sent, in milliseconds, and its headers. */
    val times = ArrayList<Long>()
    val headers = ArrayList<Map<String, String>>()

    fun request(): ClientRequest {
        val sent = LinkedHashMap<String, String>()
        return fake<ClientRequest> { name, arguments, self ->
            when (name) {
                "header" -> {
                    sent[arguments[0] as String] = arguments[1] as String
                    self
                }

                "timeout" -> {
                    self
                }

                "doAwait" -> {
                    times.add(now())
                    headers.add(sent)
                    asyncio.Asyncio.await(coroutine(answers[times.size - 1]))
                }

                else -> {
                    throw UnsupportedOperationException(name)
                }
            }
        }
    }

    companion object {
        fun now(): Long =
            asyncio.Asyncio
                .getRunningLoop()
                .time()
                .toMillis()
    }
}

private inline fun <reified T> fake(crossinline call: (String, Array<Any?>, Any) -> Any?): T =
    Proxy.newProxyInstance(T::class.java.classLoader, arrayOf(T::class.java)) { self, method, arguments ->
        when (method.name) {
            "toString" -> "a fake"
            else -> call(method.name, arguments ?: arrayOf(), self)
        }
    } as T

private class Response(
    private val status: Int = 200,
    private val contentType: String = "text/event-stream",
) {
    val feed = Feed()
    var released = 0
    val response: ClientResponse =
        fake { name, _, _ ->
            when (name) {
                "status" -> {
                    status
                }

                "reason" -> {
                    "reason"
                }

                "url" -> {
                    "http://test/"
                }

                "contentType" -> {
                    contentType
                }

                "headers" -> {
                    ResponseHeaders.NONE
                }

                "history" -> {
                    listOf<ClientResponse>()
                }

                "requestInfo" -> {
                    RequestInfo.of("http://test/", "GET", ResponseHeaders.NONE, "http://test/")
                }

                "content" -> {
                    StreamReaderImpl(feed.stream)
                }

                "release" -> {
                    released++
                    feed.stream.abort(ClientConnectionException("the response was closed"))
                }

                else -> {
                    throw UnsupportedOperationException(name)
                }
            }
        }
}

/** A response that has all of [stream] at once, and ends. */
private fun whole(stream: String): Answer =
    {
        val response = Response()
        response.feed.feed(stream)
        response.feed.stream.end()
        response.response
    }

private fun status(
    status: Int,
    contentType: String = "text/event-stream",
): Answer = { Response(status, contentType).response }

private fun failing(error: () -> Exception): Answer = { throw error() }

private val refused = failing { ClientOSException("refused") }

class EventSourceSpec :
    FunSpec({
        fun virtually(main: suspend () -> Unit) {
            val loop = VirtualLoop()
            try {
                loop.runUntilComplete(coroutine(main))
            } finally {
                loop.close()
            }
        }

        suspend fun EventSource.data(): String? =
            try {
                await(anext()).data()
            } catch (_: StopAsyncIteration) {
                null
            }

        test("after the end of a stream it connects again, with the last id, after three seconds") {
            virtually {
                val server =
                    Server(
                        whole("id: 1\ndata: a\n\n"),
                        whole("data: b\n\nid\ndata: c\n\n"),
                        whole("data: d\n\n"),
                        status(204),
                    )
                val events = EventSourceBuilder(server::request).build()
                events.state() shouldBe EventSource.State.CONNECTING
                await(events.anext()) shouldBe ServerSentEvent.of("message", "a", "1")
                events.state() shouldBe EventSource.State.OPEN
                events.lastEventId() shouldBe "1"
                await(events.anext()) shouldBe ServerSentEvent.of("message", "b", "1")
                await(events.anext()) shouldBe ServerSentEvent.of("message", "c", "")
                events.data() shouldBe "d"
                events.data() shouldBe null
                events.state() shouldBe EventSource.State.CLOSED
                events.data() shouldBe null
                server.times shouldContainExactly listOf(0, 3000, 6000, 9000)
                server.headers.map { it["Last-Event-ID"] } shouldContainExactly listOf(null, "1", null, null)
                server.headers.forEach {
                    it["Accept"] shouldBe "text/event-stream"
                    it["Cache-Control"] shouldBe "no-store"
                }
            }
        }

        test("the server says how long to wait") {
            virtually {
                val server =
                    Server(
                        whole("retry: 10\n\ndata: a\n\n"),
                        whole("data: b\n\n"),
                        whole("retry: 5000\nid: 9\n\n"),
                        status(204),
                    )
                val events = EventSourceBuilder(server::request).retry(Duration.ofSeconds(1)).build()
                events.retry() shouldBe Duration.ofSeconds(1)
                events.data() shouldBe "a"
                events.retry() shouldBe Duration.ofMillis(10)
                events.data() shouldBe "b"
                events.data() shouldBe null
                server.times shouldContainExactly listOf(0, 10, 20, 5020)
                server.headers.last()["Last-Event-ID"] shouldBe "9"
            }
        }

        test("it begins with the id of an earlier life") {
            virtually {
                val server = Server(whole("data: a\n\n"), status(204))
                val events = EventSourceBuilder(server::request).lastEventId("41").build()
                await(events.anext()) shouldBe ServerSentEvent.of("message", "a", "41")
                server.headers[0]["Last-Event-ID"] shouldBe "41"
            }
        }

        test("an id that no header can carry is not sent") {
            virtually {
                val server = Server(whole("id: \u0001\ndata: a\n\n"), status(204))
                val events = EventSourceBuilder(server::request).build()
                events.data() shouldBe "a"
                events.data() shouldBe null
                server.headers.last()["Last-Event-ID"] shouldBe null
            }
        }

        test("attempts that fail wait longer and longer, until one succeeds") {
            virtually {
                val answers =
                    List(8) { refused } + whole("data: a\n\n") + refused + refused + whole("data: b\n\n") + status(204)
                val server = Server(*answers.toTypedArray())
                val events =
                    EventSourceBuilder(server::request)
                        .retry(Duration.ofSeconds(1))
                        .maxBackoff(Duration.ofSeconds(10))
                        .build()
                events.data() shouldBe "a"
                events.data() shouldBe "b"
                events.data() shouldBe null
                server.times.zipWithNext { before, after -> (after - before) / 1000 } shouldContainExactly
                    listOf<Long>(1, 2, 4, 8, 10, 10, 10, 10, 1, 1, 2, 1)
            }
        }

        test("a server that wants no wait, but does not answer, is not run over") {
            virtually {
                val answers = listOf(whole("retry: 0\n\ndata: a\n\n")) + List(4) { refused } + status(204)
                val server = Server(*answers.toTypedArray())
                val events = EventSourceBuilder(server::request).build()
                events.data() shouldBe "a"
                events.data() shouldBe null
                server.times shouldContainExactly listOf(0, 0, 100, 300, 700, 1500)
            }
        }

        test("a server that wants no wait and has nothing to say is not run over") {
            virtually {
                for (answer in listOf("retry: 0\n\n", "", ": nothing\n\n", "retry: 0\ndata: a\n\n")) {
                    val start = Server.now()
                    val server = Server(*Array(8) { whole(answer) }, status(204))
                    val events = EventSourceBuilder(server::request).retry(Duration.ZERO).build()
                    while (events.data() != null) continue
                    // As in Firefox: half a second, here after the first few.
                    server.times.map { it - start } shouldContainExactly listOf(0, 0, 0, 0, 500, 1000, 1500, 2000, 2500)
                }
            }
        }

        test("a connection that has lasted is not counted") {
            virtually {
                val answers =
                    Array<Answer>(8) {
                        {
                            val response = Response()
                            asyncio.Asyncio.getRunningLoop().callLater(Duration.ofSeconds(1)) {
                                response.feed.stream.end()
                            }
                            response.response
                        }
                    }
                val server = Server(*answers, status(204))
                val events = EventSourceBuilder(server::request).retry(Duration.ZERO).build()
                events.data() shouldBe null
                server.times shouldContainExactly (0..8).map { it * 1000L }
            }
        }

        test("a wait without end is a day") {
            virtually {
                val server = Server(whole("retry: 99999999999999999999\n\ndata: a\n\n"), refused, status(204))
                val events = EventSourceBuilder(server::request).build()
                events.data() shouldBe "a"
                events.data() shouldBe null
                server.times.zipWithNext { before, after -> after - before } shouldContainExactly
                    List(2) { Duration.ofDays(1).toMillis() }
            }
        }

        test("what breaks off is connected again; the event it breaks off in is dropped") {
            virtually {
                for (error in listOf(
                    ClientPayloadException("cut"),
                    ClientConnectionException("gone"),
                    TimeoutException("slow"),
                )) {
                    val broken = Response()
                    val server = Server({ broken.response }, whole("data: b\n\n"), status(204))
                    val events = EventSourceBuilder(server::request).build()
                    broken.feed.feed("id: 5\ndata: a\n\nid: 6\ndata: x")
                    events.data() shouldBe "a"
                    broken.feed.stream.fail(error)
                    events.data() shouldBe "b"
                    server.headers[1]["Last-Event-ID"] shouldBe "5"
                    broken.released shouldBe 1
                }
            }
        }

        test("timeouts and broken connections before the head are connected again") {
            virtually {
                val server = Server(failing { TimeoutException("slow") }, refused, whole("data: a\n\n"))
                EventSourceBuilder(server::request).build().data() shouldBe "a"
            }
        }

        test("other answers are raised, and end it") {
            virtually {
                for (code in listOf(201, 301, 400, 401, 404, 500, 503)) {
                    val response = Response(code)
                    val events = EventSourceBuilder(Server({ response.response })::request).build()
                    shouldThrow<ClientResponseException> { await(events.anext()) }.status() shouldBe code
                    response.released shouldBe 1
                    events.state() shouldBe EventSource.State.CLOSED
                    shouldThrow<StopAsyncIteration> { await(events.anext()) }
                }
                val page = Response(200, "text/html")
                val events = EventSourceBuilder(Server({ page.response })::request).build()
                shouldThrow<ContentTypeException> { await(events.anext()) }.message shouldContain "text/html"
                page.released shouldBe 1
            }
        }

        test("what can never work is raised at once") {
            virtually {
                val futile =
                    listOf<Exception>(
                        InvalidUrlException("nonsense is no URL"),
                        IllegalStateException("Session is closed"),
                        ClientConnectorCertificateException("test", 443, "expired", null),
                        ServerFingerprintMismatchException(ByteArray(32), ByteArray(32), "test", 443),
                    )
                for (error in futile) {
                    val events = EventSourceBuilder(Server(failing { error })::request).build()
                    shouldThrow<Exception> { await(events.anext()) } shouldBeSameInstanceAs error
                    events.state() shouldBe EventSource.State.CLOSED
                }
            }
        }

        test("as many attempts in a row may fail as is said") {
            virtually {
                val answers = listOf(refused, refused, whole("data: a\n\n"), refused, refused, refused)
                val server = Server(*answers.toTypedArray())
                val events = EventSourceBuilder(server::request).maxFailures(2).build()
                events.data() shouldBe "a"
                shouldThrow<ClientOSException> { await(events.anext()) }
                server.times.size shouldBe 6
                val impatient = EventSourceBuilder(Server(refused)::request).maxFailures(0).build()
                shouldThrow<ClientOSException> { await(impatient.anext()) }
            }
        }

        test("an event that is too large is raised") {
            virtually {
                val server = Server(whole("data: " + "x".repeat(100) + "\n\n"))
                val events = EventSourceBuilder(server::request).maxEventSize(50).build()
                shouldThrow<LineTooLongException> { await(events.anext()) }.message shouldContain "maxEventSize"
            }
        }

        test("closing ends who waits for an event") {
            virtually {
                val open = Response()
                val events = EventSourceBuilder(Server({ open.response })::request).build()
                val waiting = createTask { events.data() }
                turns()
                events.close()
                events.close()
                await(waiting) shouldBe null
                open.released shouldBe 1
            }
        }

        test("closing ends who waits for the next attempt") {
            virtually {
                val events = EventSourceBuilder(Server(refused)::request).build()
                val waiting = createTask { events.data() }
                sleep(1.seconds)
                events.close()
                await(waiting) shouldBe null
                Server.now() shouldBe 1000
            }
        }

        test("closing while it connects releases the response, when it comes") {
            virtually {
                val late = Response()
                val answer: Answer = {
                    sleep(1.seconds)
                    late.response
                }
                val failing: Answer = {
                    sleep(1.seconds)
                    throw ClientOSException("refused")
                }
                for (slow in listOf(answer, failing)) {
                    val events = EventSourceBuilder(Server(slow)::request).build()
                    val waiting = createTask { events.data() }
                    sleep(10.milliseconds)
                    events.close()
                    await(waiting) shouldBe null
                }
                late.released shouldBe 1
            }
        }

        test("a task that is cancelled loses no event, wherever it waits") {
            virtually {
                for (after in listOf(0, 500, 1500, 2500, 3500, 4500)) {
                    val answer: Answer = {
                        sleep(1.seconds)
                        val response = Response()
                        asyncio.Asyncio.getRunningLoop().callLater(Duration.ofSeconds(1)) {
                            response.feed.feed("id: 1\ndata: a\n\n")
                        }
                        response.response
                    }
                    val server = Server(refused, answer, answer)
                    val events = EventSourceBuilder(server::request).retry(Duration.ofSeconds(1)).build()
                    val waiting = createTask { events.data() }
                    sleep(after.milliseconds)
                    if (!waiting.done()) {
                        waiting.cancel()
                        shouldThrow<CancelledError> { await(waiting) }
                        after to events.data() shouldBe (after to "a")
                    }
                    events.close()
                }
            }
        }

        test("two tasks cannot wait for events at the same time") {
            virtually {
                val open = Response()
                val events = EventSourceBuilder(Server({ open.response })::request).build()
                val waiting = createTask { events.data() }
                turns()
                shouldThrow<IllegalStateException> { await(events.anext()) }
                open.feed.feed("data: a\n\n")
                await(waiting) shouldBe "a"
            }
        }

        test("a stream of one response ends with it") {
            virtually {
                val response = Response()
                response.feed.feed("retry: 7\nid: 3\ndata: a\n\n")
                val events = EventStream.of(response.response)
                await(events.anext()) shouldBe ServerSentEvent.of("message", "a", "3")
                events.lastEventId() shouldBe "3"
                events.retry() shouldBe Duration.ofMillis(7)
                val waiting = createTask { shouldThrow<StopAsyncIteration> { await(events.anext()) } }
                turns()
                response.feed.feed("data: x")
                response.feed.stream.end()
                await(waiting)
                events.close()
                response.released shouldBe 1
                shouldThrow<StopAsyncIteration> { await(events.anext()) }
            }
        }

        test("closing a stream ends who waits, failing raises") {
            virtually {
                val response = Response()
                val events = EventStream.of(response.response)
                val waiting = createTask { shouldThrow<StopAsyncIteration> { await(events.anext()) } }
                turns()
                events.close()
                await(waiting)
                val broken = Response()
                broken.feed.stream.fail(ClientPayloadException("cut"))
                shouldThrow<ClientPayloadException> { await(EventStream.of(broken.response).anext()) }
            }
        }

        test("a stream of something else is refused") {
            virtually {
                for (code in listOf(204, 404)) {
                    val response = Response(code)
                    shouldThrow<ClientResponseException> { EventStream.of(response.response) }.status() shouldBe code
                    response.released shouldBe 1
                }
                val page = Response(200, "application/json")
                shouldThrow<ContentTypeException> { EventStream.of(page.response) }
                shouldThrow<IllegalArgumentException> { EventStream.of(Response().response, 0) }
            }
        }

        test("senseless settings are refused") {
            val builder = EventSourceBuilder { throw AssertionError() }
            shouldThrow<IllegalArgumentException> { builder.lastEventId("a\nb") }
            shouldThrow<IllegalArgumentException> { builder.lastEventId("a\u0000") }
            shouldThrow<IllegalArgumentException> { builder.retry(Duration.ofMillis(-1)) }
            shouldThrow<IllegalArgumentException> { builder.maxBackoff(Duration.ofMillis(-1)) }
            shouldThrow<IllegalArgumentException> { builder.maxFailures(-1) }
            shouldThrow<IllegalArgumentException> { builder.maxEventSize(0) }
        }
    })
