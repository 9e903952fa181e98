package asyncio.vertx

import asyncio.TimeoutException
import asyncio.kotlin.await
import asyncio.kotlin.createTask
import asyncio.kotlin.iterator
import asyncio.kotlin.sleep
import asyncio.kotlin.timeout
import asyncio.kotlin.vertx.AsyncioCoroutineVerticle
import asyncio.kotlin.vertx.await
import asyncio.kotlin.vertx.items
import asyncio.kotlin.vertx.runAsyncio
import asyncio.kotlin.vertx.serve
import asyncio.kotlin.vertx.sink
import asyncio.kotlin.vertx.web.coFailureHandler
import asyncio.kotlin.vertx.web.coHandler
import asyncio.kotlin.vertx.web.coRespond
import asyncio.kotlin.vertx.web.coWebSocket
import asyncio.vertx.web.CoroutineRoutes
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.vertx.core.Vertx
import io.vertx.core.buffer.Buffer
import io.vertx.core.eventbus.ReplyException
import io.vertx.core.http.HttpMethod
import io.vertx.core.http.HttpServer
import io.vertx.ext.web.Router
import kotlinx.coroutines.delay
import java.io.IOException
import java.util.concurrent.TimeUnit
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds

/** Streams, the event bus and routes for suspend functions. */
class SuspendServicesSpec :
    FunSpec({
        lateinit var vertx: Vertx

        beforeEach { vertx = Vertx.vertx() }

        afterEach {
            vertx
                .close()
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS)
        }

        test("a socket is a stream of items and a sink") {
            vertx.runAsyncio {
                val server =
                    await(
                        vertx
                            .createNetServer()
                            .connectHandler { socket ->
                                val received = socket.items()
                                createTask {
                                    val sink = socket.sink()
                                    for (buffer in received) await(sink.write(buffer))
                                    await(sink.end())
                                }
                            }.listen(0, "127.0.0.1"),
                    )
                val client = vertx.createNetClient()
                val socket = await(client.connect(server.actualPort(), "127.0.0.1"))
                val received = socket.items()
                val writing =
                    createTask {
                        val sink = socket.sink()
                        for (n in 0 until 100) {
                            delay(1)
                            await(sink.write(Buffer.buffer("$n,")))
                        }
                    }
                val text = Buffer.buffer()
                for (buffer in received) if (text.appendBuffer(buffer).toString().endsWith(",99,")) break
                await(writing)
                text.toString() shouldBe (0 until 100).joinToString("") { "$it," }
                await(client.close())
            }
        }

        test("messages are handled by suspend functions") {
            vertx.runAsyncio {
                val bus = vertx.eventBus()
                val service =
                    createTask {
                        bus.consumer<String>("greet").serve(limit = 2) { message ->
                            delay(1)
                            if (message.body().isEmpty()) throw IOException("nobody")
                            "hello ${message.body()}"
                        }
                    }
                sleep(1.milliseconds)
                await(bus.request<String>("greet", "you")).body() shouldBe "hello you"
                shouldThrow<ReplyException> { await(bus.request<String>("greet", "")) }.message shouldBe "nobody"
                service.cancel()
            }
        }

        test("routes are suspend functions") {
            class Web : AsyncioCoroutineVerticle() {
                val routes = CoroutineRoutes.builder().status(TimeoutException::class.java, 504).build()
                lateinit var server: HttpServer

                override suspend fun start() {
                    val router = Router.router(vertx)
                    router.get("/handler").coHandler(routes) { context ->
                        delay(1)
                        await(context.response().end("handled"))
                    }
                    router.get("/respond").coRespond(routes) {
                        sleep(1.milliseconds)
                        "responded"
                    }
                    router.get("/late").coRespond(routes) { timeout(1.milliseconds) { delay(1.hours) } }
                    router.get("/late").coFailureHandler(routes) { context ->
                        delay(1)
                        await(context.response().setStatusCode(context.statusCode()).end("late"))
                    }
                    router.get("/echo").coWebSocket(routes) { _, socket ->
                        for (text in Streams.textMessages(socket)) await(socket.writeTextMessage("echo $text"))
                    }
                    server = await(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"))
                }
            }
            vertx.runAsyncio {
                val web = Web()
                await(vertx.deployVerticle(web))
                val port = web.server.actualPort()
                val client = vertx.createHttpClient()

                suspend fun get(path: String): String {
                    val request = await(client.request(HttpMethod.GET, port, "127.0.0.1", path))
                    val response = await(request.send())
                    return "${response.statusCode()} ${await(response.body())}"
                }
                get("/handler") shouldBe "200 handled"
                get("/respond") shouldBe "200 responded"
                get("/late") shouldBe "504 late"
                val sockets = vertx.createWebSocketClient()
                val socket = await(sockets.connect(port, "127.0.0.1", "/echo"))
                val received = Streams.textMessages(socket)
                await(socket.writeTextMessage("you"))
                await(received.anext()) shouldBe "echo you"
                await(vertx.undeploy(web.deploymentID))
                await(client.close())
                await(sockets.close())
            }
        }
    })
