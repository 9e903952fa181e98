package shop

import asyncio.TimeoutException
import asyncio.http.ClientConnectorDnsException
import asyncio.http.ClientConnectorException
import asyncio.http.ClientPayloadException
import asyncio.http.ClientResponseException
import asyncio.http.ClientSession
import asyncio.http.ClientTimeout
import asyncio.http.ServerDisconnectedException
import asyncio.kotlin.await
import asyncio.kotlin.createTask
import asyncio.kotlin.http.bodyAsText
import asyncio.kotlin.http.use
import asyncio.kotlin.runAsyncio
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import java.time.Duration

/** HttpTracebackTest for programs that are Kotlin alone. */
class HttpTracebackSpec :
    FunSpec({
        val server = BadServer.start()
        afterSpec { server.close() }

        test("a refused connection") { check<ClientConnectorException>(server.refusedUrl()) }
        test("an unknown host") { check<ClientConnectorDnsException>("http://no.such.host.invalid/") }
        test("the end of the total") { check<TimeoutException>(server.url("never")) }
        test("a status that is an error") { check<ClientResponseException>(server.url("missing")) }
        test("a connection that the server closes") { check<ServerDisconnectedException>(server.url("close")) }
        test("a body that the server breaks off") { check<ClientPayloadException>(server.url("half")) }
    })

private inline fun <reified T : Throwable> check(url: String) {
    val error = shouldThrow<T> { fetch(url) }
    val lines = error.stackTrace.filter { it.className.endsWith("HttpTracebackSpecKt") }.map { it.methodName }
    lines shouldBe listOf("get", "page", "fetch")
    error
        .stackTraceToString()
        .lines()
        .filter { line ->
            listOf("asyncio.internal.", "asyncio.kotlin.", "kotlinx.coroutines.").any { "at $it" in line } &&
                "io.kotest" !in line
        }.takeWhile { "kotlinx" !in it }
        .shouldBeEmpty()
}

private fun fetch(url: String): String =
    runAsyncio {
        val timeout = ClientTimeout.ofTotal(Duration.ofMillis(500))
        ClientSession
            .builder()
            .timeout(timeout)
            .build()
            .use { page(it, url) }
    }

private suspend fun page(
    session: ClientSession,
    url: String,
): String {
    val text = await(createTask { get(session, url) })
    return text.trim()
}

private suspend fun get(
    session: ClientSession,
    url: String,
): String {
    // Of a call at the end of a suspend function Kotlin keeps no frame.
    val text =
        session.get(url).use {
            it.raiseForStatus()
            it.bodyAsText()
        }
    return text.trim()
}
