package asyncio.vertx

import asyncio.Asyncio
import asyncio.CancelledError
import asyncio.kotlin.await
import asyncio.kotlin.gather
import asyncio.kotlin.sleep
import asyncio.kotlin.vertx.AsyncioCoroutineVerticle
import asyncio.kotlin.vertx.asAsyncioFuture
import asyncio.kotlin.vertx.asyncioLoop
import asyncio.kotlin.vertx.await
import asyncio.kotlin.vertx.createTask
import asyncio.kotlin.vertx.runAsyncio
import asyncio.kotlin.vertx.toVertxFuture
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.types.shouldBeSameInstanceAs
import io.vertx.core.Future
import io.vertx.core.VerticleBase
import io.vertx.core.Vertx
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.delay
import kotlinx.coroutines.withContext
import java.io.IOException
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.ExecutionException
import java.util.concurrent.TimeUnit
import kotlin.coroutines.startCoroutine
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds

class AsyncioCoroutineVerticleSpec :
    FunSpec({
        lateinit var vertx: Vertx

        fun <T> Future<T>.get(): T =
            try {
                toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS)
            } catch (failed: ExecutionException) {
                throw failed.cause!!
            }

        beforeEach { vertx = Vertx.vertx() }

        afterEach { vertx.close().get() }

        test("start and stop are suspend functions on the loop of the verticle's context") {
            val log = CopyOnWriteArrayList<String>()
            val verticle =
                object : AsyncioCoroutineVerticle() {
                    override suspend fun start() {
                        val here = context
                        val waits =
                            listOf<suspend () -> Unit>(
                                { sleep(1.milliseconds) },
                                { delay(1) },
                                { await(vertx.timer(1)) },
                                { withContext(Dispatchers.IO) { } },
                                { await(Asyncio.async { Asyncio.sleep(java.time.Duration.ofMillis(1)).doAwait() }) },
                                { await(gather(listOf(vertx.timer(1).asAsyncioFuture(), createTask { }))) },
                            )
                        for (wait in waits) {
                            wait()
                            Vertx.currentContext() shouldBeSameInstanceAs here
                            Asyncio.getRunningLoop() shouldBeSameInstanceAs loop
                            here.asyncioLoop shouldBeSameInstanceAs loop
                        }
                        createTask {
                            try {
                                delay(1.hours)
                            } catch (cancelled: CancelledError) {
                                sleep(1.milliseconds)
                                log.add("background")
                                throw cancelled
                            }
                        }
                        sleep(1.milliseconds)
                    }

                    override suspend fun stop() {
                        sleep(1.milliseconds)
                        log.add("stop")
                    }
                }
            vertx.deployVerticle(verticle).get()
            vertx.undeploy(verticle.deploymentID).get()
            log shouldBe listOf("stop", "background")
            shouldThrow<IOException> {
                vertx
                    .deployVerticle(
                        object : AsyncioCoroutineVerticle() {
                            override suspend fun start() {
                                createTask { throw IOException("background") }
                                sleep(1.hours)
                            }
                        },
                    ).get()
            }.message shouldBe "background"
        }

        test("a handler starts suspend functions, and a suspend function of no task says how") {
            vertx
                .deployVerticle(
                    object : VerticleBase() {
                        override fun start(): Future<*> {
                            var failure: Throwable? = null
                            val wrong: suspend () -> Unit = { sleep(1.milliseconds) }
                            wrong.startCoroutine(
                                kotlin.coroutines.Continuation(kotlin.coroutines.EmptyCoroutineContext) {
                                    failure = it.exceptionOrNull()
                                },
                            )
                            failure?.message shouldContain "AsyncioCoroutineVerticle"
                            failure?.message shouldContain "AsyncioVertx.createTask"
                            val task =
                                vertx.createTask {
                                    await(vertx.timer(1))
                                    Vertx.currentContext() shouldBeSameInstanceAs context
                                    1
                                }
                            return task.toVertxFuture().onSuccess { it shouldBe 1 }
                        }
                    },
                ).get()
        }

        test("a main program runs on an event loop of a Vertx of its own") {
            vertx.runAsyncio {
                Vertx.currentContext()?.owner() shouldBeSameInstanceAs vertx
                delay(1)
                await(Future.succeededFuture(2))
            } shouldBe 2
            shouldThrow<IOException> { vertx.runAsyncio { await(Future.failedFuture<Int>(IOException("x"))) } }
        }
    })
