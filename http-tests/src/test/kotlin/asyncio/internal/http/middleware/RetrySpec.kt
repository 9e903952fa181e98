package asyncio.internal.http.middleware

import asyncio.Asyncio
import asyncio.CancelledError
import asyncio.http.ClientConnectionException
import asyncio.http.ClientConnectorCertificateException
import asyncio.http.ClientPayloadException
import asyncio.http.ClientResponse
import asyncio.http.OutgoingRequest
import asyncio.http.Payload
import asyncio.http.RetryMiddleware
import asyncio.http.ServerDisconnectedException
import asyncio.kotlin.await
import asyncio.kotlin.createTask
import asyncio.kotlin.sleep
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.io.ByteArrayInputStream
import java.time.Clock
import java.time.Duration
import java.time.Instant
import java.time.ZoneOffset
import java.util.Random
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

class RetrySpec :
    FunSpec({
        val plain = { RetryMiddleware.builder().jitter(0.0) }

        /** What is sent: each attempt is a response or an exception; notes when it was. */
        class Server(
            private vararg val answers: Any,
        ) {
            val times = ArrayList<Long>()

            suspend fun next(request: OutgoingRequest): ClientResponse {
                val answer = answers[times.size]
                times.add(Asyncio.getRunningLoop().time().toMillis())
                check(request.method().isNotEmpty())
                if (answer is FakeResponse) return answer.response
                throw answer as Throwable
            }
        }

        suspend fun RetryMiddleware.send(
            request: FakeRequest,
            server: Server,
        ): ClientResponse = (this as SuspendMiddleware).intercept(request.outgoing, server::next)

        test("what goes well is sent once") {
            inVirtualTime {
                for (status in listOf(200, 301, 400, 404, 500, 501)) {
                    val server = Server(FakeResponse(status))
                    RetryMiddleware.create().send(FakeRequest("http://h/"), server).status() shouldBe status
                    server.times.size shouldBe 1
                }
            }
        }

        test("the pauses double up to the longest, and what failed is released") {
            inVirtualTime {
                val failed = List(6) { FakeResponse(503) }
                val server = Server(*failed.toTypedArray(), FakeResponse(200))
                val retry = plain().attempts(7).backoff(Duration.ofMillis(100), Duration.ofSeconds(1)).build()
                retry.send(FakeRequest("http://h/"), server).status() shouldBe 200
                server.times shouldBe listOf<Long>(0, 100, 300, 700, 1500, 2500, 3500)
                failed.all { it.released } shouldBe true
            }
        }

        test("the last response is the caller's") {
            inVirtualTime {
                val last = FakeResponse(502)
                val server = Server(FakeResponse(429), FakeResponse(504), last)
                RetryMiddleware.create().send(FakeRequest("http://h/"), server) shouldBe last.response
                last.released shouldBe false
            }
        }

        test("chance shortens the pauses, the same with the same seed") {
            fun times(seed: Long): List<Long> {
                val server = Server(*Array(5) { FakeResponse(503) })
                inVirtualTime {
                    RetryMiddleware
                        .builder()
                        .attempts(5)
                        .backoff(Duration.ofSeconds(8), Duration.ofSeconds(8))
                        .random(Random(seed))
                        .build()
                        .send(FakeRequest("http://h/"), server)
                }
                return server.times
            }
            times(1) shouldBe times(1)
            (times(1) == times(2)) shouldBe false
            times(3).zipWithNext { a, b -> b - a }.forEach { (it in 4000L..8000L) shouldBe true }
        }

        test("exceptions of the connection are tried again, the last one has the others") {
            inVirtualTime {
                val first = ServerDisconnectedException("1")
                val second = ClientConnectionException("2")
                val third = ClientConnectionException("3")
                val server = Server(first, second, third)
                shouldThrow<ClientConnectionException> {
                    plain().build().send(
                        FakeRequest("http://h/"),
                        server,
                    )
                } shouldBe
                    third
                third.suppressed.toList() shouldBe listOf(first, second)
                server.times shouldBe listOf<Long>(0, 500, 1500)

                val same = ClientConnectionException("same")
                shouldThrow<ClientConnectionException> {
                    RetryMiddleware.create().send(FakeRequest("http://h/"), Server(same, same, same))
                } shouldBe same
                same.suppressed.size shouldBe 0
            }
        }

        test("other exceptions are not, unless told") {
            inVirtualTime {
                val bad =
                    listOf(
                        ClientPayloadException("x"),
                        ClientConnectorCertificateException("h", 443, "x", null),
                        IllegalStateException("x"),
                        CancelledError(),
                        OutOfMemoryError("x"),
                    )
                for (error in bad) {
                    withClue(error) {
                        val server = Server(error, FakeResponse(200))
                        shouldThrow<Throwable> {
                            RetryMiddleware.create().send(
                                FakeRequest("http://h/"),
                                server,
                            )
                        } shouldBe
                            error
                        server.times.size shouldBe 1
                    }
                }
                val server = Server(ClientPayloadException("x"), FakeResponse(200))
                val retry = RetryMiddleware.builder().exceptions { it is ClientPayloadException }.build()
                retry.send(FakeRequest("http://h/"), server).status() shouldBe 200
            }
        }

        test("a closed session is not asked again") {
            inVirtualTime {
                val request = FakeRequest("http://h/").also { it.sessionClosed = true }
                val server = Server(ClientConnectionException("closed"), FakeResponse(200))
                shouldThrow<ClientConnectionException> { RetryMiddleware.create().send(request, server) }
                server.times.size shouldBe 1
            }
        }

        test("only what does no harm twice") {
            inVirtualTime {
                suspend fun sent(
                    method: String,
                    retry: RetryMiddleware = RetryMiddleware.create(),
                    key: Boolean = false,
                ): Int {
                    val request = FakeRequest("http://h/", method)
                    if (key) request.headers.add("idempotency-key", "1")
                    val server = Server(FakeResponse(503), FakeResponse(200))
                    retry.send(request, server)
                    return server.times.size
                }
                for (method in listOf("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "QUERY")) {
                    sent(method) shouldBe
                        2
                }
                for (method in listOf("POST", "PATCH", "CONNECT", "BREW")) {
                    sent(method) shouldBe 1
                    sent(method, key = true) shouldBe 2
                    sent(method, RetryMiddleware.builder().methods("post", "patch", "connect", "brew").build()) shouldBe
                        2
                }
                sent("GET", RetryMiddleware.builder().methods().build()) shouldBe 1
                sent("GET", RetryMiddleware.builder().attempts(1).build()) shouldBe 1
                sent("GET", RetryMiddleware.builder().statuses().build()) shouldBe 1
                sent("GET", RetryMiddleware.builder().statuses(503).build()) shouldBe 2
            }
        }

        test("only bodies that can be sent again") {
            inVirtualTime {
                val again = FakeRequest("http://h/", "PUT", Payload.ofText("x"))
                RetryMiddleware.create().send(again, Server(FakeResponse(503), FakeResponse(200))).status() shouldBe 200
                val once = FakeRequest("http://h/", "PUT", Payload.ofInputStream(ByteArrayInputStream(ByteArray(1))))
                val failed = FakeResponse(503)
                RetryMiddleware.create().send(once, Server(failed)) shouldBe failed.response
                failed.released shouldBe false
                shouldThrow<ServerDisconnectedException> {
                    RetryMiddleware.create().send(once, Server(ServerDisconnectedException("x")))
                }
            }
        }

        test("the server says when") {
            val now = Clock.fixed(Instant.parse("2030-01-01T00:00:00Z"), ZoneOffset.UTC)
            mapOf(
                "0" to 500L,
                "7" to 7000L,
                " 60 " to 60_000L,
                "Tue, 01 Jan 2030 00:00:09 GMT" to 9000L,
                "Tuesday, 01-Jan-30 00:00:09 GMT" to 9000L,
                "Mon, 31 Dec 2029 00:00:00 GMT" to 500L,
                "-1" to 500L,
                "soon" to 500L,
                "1.5" to 500L,
                "" to 500L,
            ).forEach { (header, pause) ->
                withClue(header) {
                    inVirtualTime {
                        val server = Server(FakeResponse(429, "Retry-After" to header), FakeResponse(200))
                        plain()
                            .clock(now)
                            .build()
                            .send(FakeRequest("http://h/"), server)
                            .status() shouldBe 200
                        server.times shouldBe listOf(0L, pause)
                    }
                }
            }
        }

        test("a server that asks for too much is not asked again") {
            inVirtualTime {
                for (header in listOf("61", "99999999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT")) {
                    val failed = FakeResponse(503, "Retry-After" to header)
                    RetryMiddleware.create().send(FakeRequest("http://h/"), Server(failed)) shouldBe failed.response
                    failed.released shouldBe false
                }
                val server = Server(FakeResponse(503, "Retry-After" to "61"), FakeResponse(200))
                plain().maxRetryAfter(Duration.ZERO).build().send(FakeRequest("http://h/"), server)
                server.times shouldBe listOf<Long>(0, 500)
            }
        }

        test("a short body is received, so that the connection stays; a long or slow one is not") {
            inVirtualTime {
                val short = FakeResponse(503, "Content-Length" to "10")
                val long = FakeResponse(503, "Content-Length" to "99999999")
                val unknown = FakeResponse(503)
                val slow = FakeResponse(503, "Content-Length" to "10") { sleep(1000.seconds).let { ByteArray(0) } }
                val broken = FakeResponse(503, "Content-Length" to "10") { throw ClientPayloadException("x") }
                val server = Server(short, long, unknown, slow, broken, FakeResponse(200))
                plain()
                    .attempts(6)
                    .backoff(Duration.ZERO, Duration.ZERO)
                    .build()
                    .send(FakeRequest("http://h/"), server)
                server.times shouldBe listOf<Long>(0, 0, 0, 0, 1000, 1000)
                listOf(short, long, unknown, slow, broken).map { it.wasRead } shouldBe
                    listOf(true, false, false, true, true)
                listOf(short, long, unknown, slow, broken).all { it.released } shouldBe true
            }
        }

        test("who is cancelled in a pause sends nothing more") {
            inVirtualTime {
                val failed = FakeResponse(503)
                val server = Server(failed, FakeResponse(200))
                val task = createTask { RetryMiddleware.create().send(FakeRequest("http://h/"), server) }
                sleep(100.milliseconds)
                task.cancel()
                shouldThrow<CancelledError> { await(task) }
                sleep(100.seconds)
                server.times.size shouldBe 1
                failed.released shouldBe true
            }
        }

        test("settings without sense are refused") {
            val builder = RetryMiddleware.builder()
            shouldThrow<IllegalArgumentException> { builder.attempts(0) }
            shouldThrow<IllegalArgumentException> { builder.backoff(Duration.ofSeconds(2), Duration.ofSeconds(1)) }
            shouldThrow<IllegalArgumentException> { builder.backoff(Duration.ofSeconds(-1), Duration.ofSeconds(1)) }
            for (part in listOf(-0.1, 1.1, Double.NaN)) shouldThrow<IllegalArgumentException> { builder.jitter(part) }
            shouldThrow<IllegalArgumentException> { builder.statuses(99) }
            shouldThrow<IllegalArgumentException> { builder.maxRetryAfter(Duration.ofSeconds(-1)) }
            for (method in listOf(
                "",
                "A B",
                "A\n",
                "Ä",
            )) {
                shouldThrow<IllegalArgumentException> { builder.methods(method) }
            }
        }
    })
