package shop

import asyncio.TimeoutException
import asyncio.http.ClientSession
import asyncio.http.ClientTimeout
import asyncio.http.Connector
import asyncio.http.MockResponse
import asyncio.http.MockTransport
import asyncio.http.RateLimitMiddleware
import asyncio.http.RetryMiddleware
import asyncio.kotlin.await
import asyncio.kotlin.http.backoff
import asyncio.kotlin.http.bodyAsText
import asyncio.kotlin.http.clientTimeout
import asyncio.kotlin.http.closeTimeout
import asyncio.kotlin.http.delay
import asyncio.kotlin.http.happyEyeballsDelay
import asyncio.kotlin.http.heartbeat
import asyncio.kotlin.http.keepAlive
import asyncio.kotlin.http.maxRetryAfter
import asyncio.kotlin.http.rate
import asyncio.kotlin.http.receiveTimeout
import asyncio.kotlin.http.timeout
import asyncio.kotlin.http.ttlDnsCache
import asyncio.kotlin.http.use
import asyncio.kotlin.http.withDelay
import asyncio.kotlin.runAsyncio
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.minutes
import kotlin.time.Duration.Companion.seconds
import kotlin.time.toJavaDuration

/** Kotlin's durations for the client, in a program that has no java.time. */
class DurationsSpec :
    FunSpec({
        test("limits of a session") {
            clientTimeout() shouldBe ClientTimeout.DEFAULT
            clientTimeout(total = null, sockConnect = null) shouldBe ClientTimeout.NONE
            val timeout = clientTimeout(1.minutes, 2.seconds, 3.seconds, 4.seconds, 5.seconds)
            listOf(
                timeout.total(),
                timeout.connect(),
                timeout.sockConnect(),
                timeout.sockRead(),
                timeout.pool(),
            ) shouldBe
                listOf(1.minutes, 2.seconds, 3.seconds, 4.seconds, 5.seconds).map { it.toJavaDuration() }
            shouldThrow<IllegalArgumentException> { clientTimeout(total = (-1).seconds) }
        }

        test("limits of a request, and answers that come late") {
            runAsyncio {
                val transport = MockTransport.create()
                transport.get("http://shop/slow").delay(1.hours).respond(MockResponse.ok())
                transport.get("http://shop/late").respond(MockResponse.ok().withDelay(1.hours))
                transport.get("http://shop/quick").delay(1.milliseconds).respond(MockResponse.text("here"))
                ClientSession.builder().transport(transport).build().use { session ->
                    for (page in listOf("slow", "late")) {
                        shouldThrow<TimeoutException> {
                            await(
                                session.get("http://shop/$page").timeout(5.milliseconds),
                            )
                        }
                    }
                    session.get("http://shop/quick").timeout(Duration.INFINITE).use { it.bodyAsText() } shouldBe "here"
                }
            }
        }

        test("builders") {
            Connector
                .builder()
                .keepAlive(3.seconds)
                .ttlDnsCache(1.minutes)
                .ttlDnsCache(null as Duration?)
                .happyEyeballsDelay(100.milliseconds)
            RateLimitMiddleware.builder().rate(3, 1.seconds).build()
            RetryMiddleware
                .builder()
                .backoff(1.milliseconds, 1.seconds)
                .maxRetryAfter(1.minutes)
                .build()
            shouldThrow<IllegalArgumentException> { ClientSession.builder().keepAlive((-1).seconds) }
            runAsyncio {
                ClientSession.create().use { session ->
                    val request = session.wsConnect("ws://shop/")
                    request
                        .heartbeat(1.seconds)
                        .receiveTimeout(2.seconds)
                        .closeTimeout(3.seconds)
                        .timeout(4.seconds)
                    shouldThrow<IllegalArgumentException> { request.heartbeat((-1).seconds) }
                }
            }
        }
    })
