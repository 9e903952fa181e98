package benchmarks.work

import asyncio.Asyncio.createTask
import asyncio.Asyncio.gather
import asyncio.Coroutine
import asyncio.EventLoop
import asyncio.Future
import asyncio.Lock
import asyncio.Queue
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import asyncio.kotlin.sleep
import asyncio.kotlin.taskGroup
import asyncio.kotlin.timeout
import asyncio.kotlin.vertx.await
import asyncio.kotlin.vertx.runAsyncio
import asyncio.kotlin.vertx.serve
import io.vertx.core.Promise
import io.vertx.core.Vertx
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds
import kotlin.time.toKotlinDuration
import io.vertx.core.Future as VertxFuture
import java.time.Duration as JavaDuration

/** What [OursKotlin] measures. */
object OursKotlinWork {
    @JvmStatic
    fun sleep0(ops: Int): Coroutine<Unit> =
        coroutine {
            repeat(ops) { sleep(Duration.ZERO) }
        }

    @JvmStatic
    fun createAndAwait(ops: Int): Coroutine<Int> =
        coroutine {
            var sum = 0
            repeat(ops) { i -> sum += await(createTask(coroutine { i })) }
            sum
        }

    @JvmStatic
    fun gatherAtOnce(ops: Int): Coroutine<Int> =
        coroutine {
            var sum = 0
            repeat(ops / Work.GATHERED) {
                sum += await(gather(List(Work.GATHERED) { i -> coroutine { i } })).size
            }
            sum
        }

    @JvmStatic
    fun gatherSleepers(ops: Int): Coroutine<Int> =
        coroutine {
            var sum = 0
            repeat(ops / Work.GATHERED) {
                val sleepers =
                    List(Work.GATHERED) { i ->
                        coroutine {
                            sleep(Duration.ZERO)
                            i
                        }
                    }
                sum += await(gather(sleepers)).size
            }
            sum
        }

    @JvmStatic
    fun callbackSetsFuture(
        loop: EventLoop,
        ops: Int,
    ): Coroutine<Int> =
        coroutine {
            var sum = 0
            repeat(ops) { i ->
                val future = loop.createFuture<Int>()
                loop.callSoon { future.setResult(i) }
                sum += await(future)
            }
            sum
        }

    @JvmStatic
    fun taskGroup(ops: Int): Coroutine<Unit> =
        coroutine {
            repeat(ops / Work.GATHERED) {
                taskGroup {
                    repeat(Work.GATHERED) { i -> it.createTask(coroutine { i }) }
                }
            }
        }

    @JvmStatic
    fun queuePingPong(ops: Int): Coroutine<Int> =
        coroutine {
            val there = Queue.create<Int>()
            val back = Queue.create<Int>()
            val echo = createTask(coroutine { repeat(ops) { await(back.put(await(there.get()))) } })
            var sum = 0
            repeat(ops) { i ->
                await(there.put(i))
                sum += await(back.get())
            }
            await(echo)
            sum
        }

    @JvmStatic
    fun uncontendedLock(ops: Int): Coroutine<Int> =
        coroutine {
            val lock = Lock.create()
            var sum = 0
            repeat(ops) { i ->
                await(lock.acquire())
                sum += i
                lock.release()
            }
            sum
        }

    @JvmStatic
    fun timeoutBlock(ops: Int): Coroutine<Int> =
        coroutine {
            var sum = 0
            repeat(ops) { i -> timeout(100.seconds) { sum += i } }
            sum
        }

    @JvmStatic
    fun vertxDone(
        vertx: Vertx,
        ops: Int,
    ): Int =
        vertx.runAsyncio {
            val future = VertxFuture.succeededFuture(1)
            var sum = 0
            repeat(ops) { sum += await(future) }
            sum
        }

    @JvmStatic
    fun vertxPending(
        vertx: Vertx,
        ops: Int,
    ): Int =
        vertx.runAsyncio {
            val context = Vertx.currentContext()!!
            var sum = 0
            repeat(ops) {
                val promise = Promise.promise<Int>()
                context.runOnContext { promise.complete(1) }
                sum += await(promise.future())
            }
            sum
        }

    @JvmStatic
    fun eventBus(
        vertx: Vertx,
        ops: Int,
    ): Int =
        vertx.runAsyncio {
            val bus = vertx.eventBus()
            createTask(coroutine { bus.consumer<Int>("echo").serve { it.body() } })
            sleep(Duration.ZERO)
            var sum = 0
            repeat(ops) { i -> sum += await(bus.request<Int>("echo", i)).body() }
            sum
        }

    @JvmStatic
    fun waiter(future: Future<Int>): Coroutine<Int> = coroutine { await(future) }

    @JvmStatic
    fun sleeper(
        asleep: Asleep,
        delay: JavaDuration,
    ): Coroutine<Unit> =
        coroutine {
            asleep.lieDown()
            sleep(delay.toKotlinDuration())
            asleep.wake()
        }
}
