package asyncio.vertx

import asyncio.Asyncio
import asyncio.CancelledError
import asyncio.EventLoop
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import asyncio.kotlin.createTask
import asyncio.kotlin.gather
import asyncio.kotlin.runAsyncio
import asyncio.kotlin.sleep
import asyncio.kotlin.toThread
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.types.shouldBeSameInstanceAs
import io.vertx.core.Context
import io.vertx.core.Vertx
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import java.util.Collections
import java.util.concurrent.Callable
import java.util.concurrent.CyclicBarrier
import java.util.concurrent.FutureTask
import kotlin.coroutines.resume
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds

/** Suspend functions on a real Vert.x loop. */
class KotlinOnVertxSpec :
    FunSpec({
        test("a suspend function is resumed in its task, on its loop and on its context, whatever it waited for") {
            runAsyncio {
                val task = Asyncio.currentTask()
                val loop = Asyncio.getRunningLoop()
                sleep(Duration.ZERO)
                val context = Vertx.currentContext()
                context shouldNotBe null
                val vertx = context!!.owner()
                val channel = Channel<Int>(1)
                val waits =
                    listOf<suspend () -> Unit>(
                        { sleep(Duration.ZERO) },
                        { sleep(1.milliseconds) },
                        { delay(1) },
                        { withContext(Dispatchers.IO) { } },
                        { toThread { } },
                        { coroutineScope { launch { delay(1) } } },
                        { channel.send(1) },
                        { channel.receive() },
                        { suspendCancellableCoroutine { resumed -> Thread { resumed.resume(Unit) }.start() } },
                        { await(createTask { sleep(1.milliseconds) }) },
                        { await(Asyncio.async(Callable { Asyncio.sleep(java.time.Duration.ofMillis(1)).doAwait() })) },
                        { await(Asyncio.wrapFuture(vertx.timer(1).toCompletionStage())) },
                        { await(Asyncio.wrapFuture(vertx.executeBlocking { 1 }.toCompletionStage())) },
                        { await(gather(coroutine { delay(1) }, coroutine { sleep(1.milliseconds) })) },
                    )
                for (wait in waits) {
                    wait()
                    Asyncio.currentTask() shouldBeSameInstanceAs task
                    Asyncio.getRunningLoop() shouldBeSameInstanceAs loop
                    Vertx.currentContext() shouldBeSameInstanceAs context
                    Context.isOnEventLoopThread() shouldBe true
                }
            }
        }

        test("a cancelled task sees it in kotlinx's waits, and survives it") {
            runAsyncio {
                val caught = ArrayList<String?>()
                var begun = 0
                val task =
                    createTask {
                        val waits =
                            listOf<suspend () -> Unit>(
                                { delay(1.hours) },
                                { sleep(1.hours) },
                                { Channel<Int>().receive() },
                            )
                        for (wait in waits) {
                            begun++
                            try {
                                wait()
                            } catch (cancelled: CancelledError) {
                                caught.add(cancelled.message)
                                delay(1)
                            }
                        }
                        shouldThrow<TimeoutCancellationException> { withTimeout(5) { sleep(1.hours) } }
                        "survived"
                    }
                for (n in 0..2) {
                    while (begun <= n) sleep(1.milliseconds)
                    task.cancel("$n")
                }
                await(task) shouldBe "survived"
                caught shouldBe listOf<String?>("0", "1", "2")
            }
        }

        test("loops of several threads run side by side, each on a context of its own") {
            val loops = Collections.synchronizedSet(HashSet<EventLoop>())
            val contexts = Collections.synchronizedSet(HashSet<Context>())
            val together = CyclicBarrier(4)
            val runs =
                List(4) { n ->
                    FutureTask {
                        runAsyncio {
                            val loop = Asyncio.getRunningLoop()
                            loops.add(loop)
                            toThread { together.await() }
                            contexts.add(Vertx.currentContext())
                            var sum = 0
                            repeat(500) {
                                sleep(Duration.ZERO)
                                Asyncio.getRunningLoop() shouldBeSameInstanceAs loop
                                sum += await(Asyncio.async(Callable { n }))
                            }
                            sum
                        }
                    }.also { Thread(it).start() }
                }
            runs.map { it.get() } shouldBe listOf(0, 500, 1000, 1500)
            loops shouldHaveSize 4
            contexts shouldHaveSize 4
        }

        test("20,000 suspend functions at once") {
            runAsyncio {
                val tasks =
                    List(20_000) { n ->
                        createTask {
                            if (n % 2 == 0) sleep(1.milliseconds) else delay(1)
                            n.toLong()
                        }
                    }
                await(gather(*tasks.toTypedArray())).sum()
            } shouldBe 19_999L * 20_000 / 2
        }
    })
