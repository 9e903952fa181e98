package benchmarks.work

import io.vertx.core.Context
import io.vertx.core.Future
import io.vertx.core.Promise
import io.vertx.core.http.HttpClient
import io.vertx.kotlin.coroutines.coAwait
import io.vertx.kotlin.coroutines.dispatcher
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withTimeout
import kotlinx.coroutines.yield

/** What [Kotlinx] measures. */
object KotlinxWork {
    @JvmStatic
    fun sleep0(
        context: Context,
        ops: Int,
    ) = runBlocking(context.dispatcher()) {
        repeat(ops) { yield() }
    }

    @JvmStatic
    fun createAndAwait(
        context: Context,
        ops: Int,
    ): Int =
        runBlocking(context.dispatcher()) {
            var sum = 0
            repeat(ops) { i -> sum += async { i }.await() }
            sum
        }

    @JvmStatic
    fun vertxDone(
        context: Context,
        ops: Int,
    ): Int =
        runBlocking(context.dispatcher()) {
            val future = Future.succeededFuture(1)
            var sum = 0
            repeat(ops) { sum += future.coAwait() }
            sum
        }

    @JvmStatic
    fun vertxPending(
        context: Context,
        ops: Int,
    ): Int =
        runBlocking(context.dispatcher()) {
            var sum = 0
            repeat(ops) {
                val promise = Promise.promise<Int>()
                context.runOnContext { promise.complete(1) }
                sum += promise.future().coAwait()
            }
            sum
        }

    @JvmStatic
    fun eventBus(
        context: Context,
        ops: Int,
    ): Int =
        runBlocking(context.dispatcher()) {
            val bus = context.owner().eventBus()
            val consumer = bus.consumer<Int>("echo") { message -> launch { message.reply(message.body()) } }
            var sum = 0
            repeat(ops) { i -> sum += bus.request<Int>("echo", i).coAwait().body() }
            consumer.unregister().coAwait()
            sum
        }

    @JvmStatic
    fun gatherAtOnce(
        context: Context,
        ops: Int,
    ): Int =
        runBlocking(context.dispatcher()) {
            var sum = 0
            repeat(ops / Work.GATHERED) {
                sum += List(Work.GATHERED) { i -> async { i } }.awaitAll().size
            }
            sum
        }

    @JvmStatic
    fun gatherSleepers(
        context: Context,
        ops: Int,
    ): Int =
        runBlocking(context.dispatcher()) {
            var sum = 0
            repeat(ops / Work.GATHERED) {
                val sleepers =
                    List(Work.GATHERED) { i ->
                        async {
                            yield()
                            i
                        }
                    }
                sum += sleepers.awaitAll().size
            }
            sum
        }

    @JvmStatic
    fun callbackSetsFuture(
        context: Context,
        ops: Int,
    ): Int =
        runBlocking(context.dispatcher()) {
            var sum = 0
            repeat(ops) { i ->
                val deferred = CompletableDeferred<Int>()
                context.runOnContext { deferred.complete(i) }
                sum += deferred.await()
            }
            sum
        }

    /** kotlinx has no bare timers: a coroutine that waits for one is the nearest thing. */
    @JvmStatic
    fun taskGroup(
        context: Context,
        ops: Int,
    ) = runBlocking(context.dispatcher()) {
        repeat(ops / Work.GATHERED) {
            coroutineScope {
                repeat(Work.GATHERED) { i -> async { i } }
            }
        }
    }

    @JvmStatic
    fun eagerGather(
        context: Context,
        ops: Int,
    ): Int =
        runBlocking(context.dispatcher()) {
            var sum = 0
            repeat(ops / Work.GATHERED) {
                sum += List(Work.GATHERED) { i -> async(start = CoroutineStart.UNDISPATCHED) { i } }.awaitAll().size
            }
            sum
        }

    @JvmStatic
    fun queuePingPong(
        context: Context,
        ops: Int,
    ): Int =
        runBlocking(context.dispatcher()) {
            val there = Channel<Int>(Channel.UNLIMITED)
            val back = Channel<Int>(Channel.UNLIMITED)
            launch { repeat(ops) { back.send(there.receive()) } }
            var sum = 0
            repeat(ops) { i ->
                there.send(i)
                sum += back.receive()
            }
            sum
        }

    @JvmStatic
    fun uncontendedLock(
        context: Context,
        ops: Int,
    ): Int =
        runBlocking(context.dispatcher()) {
            val lock = Mutex()
            var sum = 0
            repeat(ops) { i -> lock.withLock { sum += i } }
            sum
        }

    @JvmStatic
    fun timeoutBlock(
        context: Context,
        ops: Int,
    ): Int =
        runBlocking(context.dispatcher()) {
            var sum = 0
            repeat(ops) { i -> withTimeout(100_000) { sum += i } }
            sum
        }

    @JvmStatic
    fun callLaterAndCancel(
        context: Context,
        ops: Int,
    ) = runBlocking(context.dispatcher()) {
        repeat(ops / Work.TIMERS) {
            repeat(Work.TIMERS) { launch { delay(100_000) }.cancel() }
            yield()
        }
    }

    @JvmStatic
    fun http(
        context: Context,
        client: HttpClient,
        clients: Int,
        requests: Int,
    ): Long =
        runBlocking(context.dispatcher()) {
            val request = VertxLoop.request()
            List(clients) {
                async {
                    var bytes = 0L
                    repeat(requests) {
                        val response =
                            client
                                .request(request)
                                .coAwait()
                                .send()
                                .coAwait()
                        bytes +=
                            response
                                .body()
                                .coAwait()
                                .length()
                    }
                    bytes
                }
            }.awaitAll().sum()
        }

    @JvmStatic
    fun memory(
        context: Context,
        tasks: Int,
    ): Long =
        runBlocking(context.dispatcher()) {
            val deferred = CompletableDeferred<Int>()
            val before = Heap.used()
            val waiters = List(tasks) { async { deferred.await() } }
            yield()
            val after = Heap.used()
            deferred.complete(1)
            waiters.awaitAll()
            after - before
        }
}
