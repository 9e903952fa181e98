package asyncio.internal.http.session

import asyncio.CancelledError
import asyncio.http.ClientConnectionException
import asyncio.http.ClientSession
import asyncio.kotlin.await
import asyncio.kotlin.createTask
import asyncio.kotlin.gather
import asyncio.kotlin.http.bodyAsBytes
import asyncio.kotlin.http.bodyAsText
import asyncio.kotlin.http.clientMiddleware
import asyncio.kotlin.http.use
import asyncio.kotlin.sleep
import asyncio.kotlin.toThread
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.vertx.core.Vertx
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import kotlin.time.Duration.Companion.milliseconds

/** The client from suspend functions, which run on the context's own thread. */
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

        fun run(main: suspend () -> Unit) = asyncio.Asyncio.run(asyncio.kotlin.coroutine(main))

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
