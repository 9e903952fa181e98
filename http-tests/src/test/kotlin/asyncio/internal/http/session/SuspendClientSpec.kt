package asyncio.internal.http.session

import asyncio.Asyncio
import asyncio.CancelledError
import asyncio.TimeoutException
import asyncio.http.ClientConnectionException
import asyncio.http.ClientResponse
import asyncio.http.ClientSession
import asyncio.http.TraceConfig
import asyncio.kotlin.await
import asyncio.kotlin.createTask
import asyncio.kotlin.gather
import asyncio.kotlin.http.SuspendTraceConfig
import asyncio.kotlin.http.bodyAsBytes
import asyncio.kotlin.http.bodyAsText
import asyncio.kotlin.http.clientMiddleware
import asyncio.kotlin.http.trace
import asyncio.kotlin.http.use
import asyncio.kotlin.sleep
import asyncio.kotlin.timeout
import asyncio.kotlin.toThread
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.shouldBe
import io.vertx.core.Vertx
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.flatMapMerge
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import kotlin.time.Duration.Companion.milliseconds

/** The client from suspend functions, which run on the context's own thread. */
@OptIn(ExperimentalCoroutinesApi::class)
class SuspendClientSpec :
    FunSpec({
        val vertx = Vertx.vertx()
        val asked = CountDownLatch(1)
        val gone = CountDownLatch(1)
        val server =
            vertx
                .createHttpServer()
                .requestHandler { request ->
                    if (request.path() == "/never") {
                        request.connection().closeHandler { gone.countDown() }
                        asked.countDown()
                    } else {
                        request.response().end(request.path())
                    }
                }.listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS)
        val url = "http://localhost:${server.actualPort()}"

        afterSpec { vertx.close() }

        test("a trace config of suspend functions is waited for") {
            val events = ArrayList<String>()
            val config =
                object : SuspendTraceConfig {
                    override fun newContext(requestContext: Any?): Any = "<$requestContext>"

                    override suspend fun onRequestStart(request: TraceConfig.Request) {
                        sleep(1.milliseconds)
                        events.add("start ${request.context()}")
                    }

                    override suspend fun onRequestEnd(
                        request: TraceConfig.Request,
                        response: ClientResponse,
                    ) {
                        sleep(1.milliseconds)
                        events.add("end ${response.status()}")
                    }
                }
            Asyncio.run(
                asyncio.kotlin.coroutine {
                    ClientSession.builder().trace(config).build().use { session ->
                        session.get("$url/a").traceContext("mine").use { events.add(it.bodyAsText()) }
                    }
                },
            )
            events shouldBe listOf("start <mine>", "end 200", "/a")
        }

        fun run(main: suspend () -> Unit) = Asyncio.run(asyncio.kotlin.coroutine(main))

        test("bodies are received") {
            run {
                ClientSession.builder().limit(5).build().use { session ->
                    val paths = List(50) { "/$it" }
                    val bodies =
                        gather(
                            *paths
                                .map { path ->
                                    createTask { await(await(session.get(url + path)).text()) }
                                }.toTypedArray(),
                        )
                    await(bodies) shouldBe paths
                }
            }
        }

        test("a cancelled request closes its connection") {
            run {
                ClientSession.create().use { session ->
                    val task = createTask { await(session.get("$url/never")) }
                    toThread { asked.await(30, TimeUnit.SECONDS) } shouldBe true
                    task.cancel()
                    shouldThrow<CancelledError> { await(task) }
                    toThread { gone.await(30, TimeUnit.SECONDS) } shouldBe true
                }
            }
        }

        test("closing the session ends what is under way") {
            run {
                val session = ClientSession.create()
                val task = createTask { await(session.get("$url/never")) }
                sleep(0.milliseconds)
                session.close()
                shouldThrow<ClientConnectionException> { await(task) }
            }
        }

        test("children that kotlinx launches send requests at once") {
            run {
                ClientSession.builder().limit(5).build().use { session ->
                    coroutineScope {
                        (1..50)
                            .map {
                                async {
                                    session.get("$url/$it").use { answer ->
                                        answer.bodyAsText()
                                    }
                                }
                            }.awaitAll()
                    } shouldBe (1..50).map { "/$it" }
                    flowOf(1, 2, 3)
                        .flatMapMerge { flow { emit(session.get("$url/$it").use { answer -> answer.bodyAsText() }) } }
                        .toList()
                        .sorted() shouldBe listOf("/1", "/2", "/3")
                }
            }
        }

        test("a scope that ends early cancels the requests of its children, and nothing is reported") {
            run {
                val reports = ArrayList<String>()
                Asyncio.getRunningLoop().setExceptionHandler { _, report -> reports.add(report.toString()) }
                ClientSession.create().use { session ->
                    shouldThrow<IllegalStateException> {
                        coroutineScope {
                            repeat(3) { launch { session.get("$url/never").use { } } }
                            session.get("$url/now").use { it.bodyAsText() } shouldBe "/now"
                            error("enough")
                        }
                    }.message shouldBe "enough"
                    withTimeoutOrNull(50) { session.get("$url/never").use { } } shouldBe null
                    shouldThrow<TimeoutException> {
                        coroutineScope { launch { timeout(50.milliseconds) { session.get("$url/never").use { } } } }
                    }
                    session.get("$url/after").use { it.bodyAsText() } shouldBe "/after"
                }
                System.gc()
                repeat(5) { sleep(10.milliseconds) }
                reports.shouldBeEmpty()
            }
        }

        test("responses in Kotlin's own way") {
            run {
                ClientSession.create().use { session ->
                    session.get("$url/text").use { it.bodyAsText() } shouldBe "/text"
                    session.get("$url/bytes").use { it.bodyAsBytes() } shouldBe "/bytes".toByteArray()
                    val quoted =
                        clientMiddleware { request, next ->
                            request.headers().set("X-Asked", request.url())
                            next(request).also { it.status() shouldBe 200 }
                        }
                    session.get("$url/m").middlewares(quoted).use { it.bodyAsText() } shouldBe "/m"
                }
            }
        }
    })
