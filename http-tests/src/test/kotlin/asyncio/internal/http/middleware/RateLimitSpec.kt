package asyncio.internal.http.middleware

import asyncio.Asyncio
import asyncio.CancelledError
import asyncio.Task
import asyncio.http.RateLimitMiddleware
import asyncio.internal.testing.VirtualLoop
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import asyncio.kotlin.createTask
import asyncio.kotlin.sleep
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.time.Duration
import java.util.Random
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

class RateLimitSpec :
    FunSpec({
        /** Sends requests with names, and notes when they went. */
        class Log(
            private val limit: RateLimitMiddleware,
            private val takes: Duration = Duration.ZERO,
        ) {
            val sent = ArrayList<String>()
            var atOnce = 0
            var most = 0

            fun send(
                name: Any,
                url: String = "http://h/x",
            ): Task<Unit> =
                createTask<Unit> {
                    (limit as SuspendMiddleware).intercept(FakeRequest(url).outgoing) {
                        sent.add("$name@${Asyncio.getRunningLoop().time().toMillis()}")
                        most = maxOf(most, ++atOnce)
                        try {
                            if (!takes.isZero) sleep(takes.toMillis().milliseconds)
                        } finally {
                            atOnce--
                        }
                        FakeResponse(200).response
                    }
                }
        }

        suspend fun awaitAll(tasks: List<Task<Unit>>) = await(Asyncio.gather(tasks))

        test("a bucket of tokens: at first all at once, then evenly") {
            inVirtualTime {
                val log = Log(RateLimitMiddleware.builder().rate(4, Duration.ofSeconds(1)).build())
                awaitAll((0..6).map(log::send))
                log.sent shouldBe listOf("0@0", "1@0", "2@0", "3@0", "4@250", "5@500", "6@750")
                // After a pause the bucket is full again, but not fuller.
                sleep(10.seconds)
                log.sent.clear()
                awaitAll((0..4).map(log::send))
                log.sent shouldBe listOf("0@10750", "1@10750", "2@10750", "3@10750", "4@11000")
            }
        }

        test("a burst of one spreads all requests") {
            inVirtualTime {
                val log =
                    Log(
                        RateLimitMiddleware
                            .builder()
                            .rate(10, Duration.ofSeconds(1))
                            .burst(1)
                            .build(),
                    )
                awaitAll((0..3).map(log::send))
                log.sent shouldBe listOf("0@0", "1@100", "2@200", "3@300")
                sleep(50.milliseconds)
                await(log.send(4))
                log.sent.last() shouldBe "4@400"
            }
        }

        test("never more than the rate, also where it does not divide evenly") {
            inVirtualTime {
                val log =
                    Log(
                        RateLimitMiddleware
                            .builder()
                            .rate(3, Duration.ofSeconds(1))
                            .burst(1)
                            .build(),
                    )
                awaitAll((0..300).map(log::send))
                (
                    log.sent
                        .last()
                        .substringAfter('@')
                        .toLong() >= 100_000
                ) shouldBe true
            }
        }

        test("so many at once, first come, first served") {
            inVirtualTime {
                val log = Log(RateLimitMiddleware.builder().concurrency(2).build(), Duration.ofMillis(100))
                awaitAll((0..4).map(log::send))
                log.sent shouldBe listOf("0@0", "1@0", "2@100", "3@100", "4@200")
                log.most shouldBe 2
            }
        }

        test("rate and concurrency together") {
            inVirtualTime {
                val limit =
                    RateLimitMiddleware
                        .builder()
                        .rate(
                            10,
                            Duration.ofSeconds(1),
                        ).burst(1)
                        .concurrency(1)
                        .build()
                val slow = Log(limit, Duration.ofMillis(250))
                awaitAll((0..2).map(slow::send))
                slow.sent shouldBe listOf("0@0", "1@250", "2@500")
                val fast = Log(limit, Duration.ofMillis(30))
                awaitAll((0..2).map(fast::send))
                fast.sent shouldBe listOf("0@750", "1@850", "2@950")
            }
        }

        test("each host for itself") {
            inVirtualTime {
                val limit =
                    RateLimitMiddleware
                        .builder()
                        .rate(1, Duration.ofSeconds(1))
                        .perHost(true)
                        .build()
                val log = Log(limit)
                val urls = listOf("http://a/1", "http://a/2", "https://a/", "http://a:81/", "http://b/?x=http://a/")
                awaitAll(urls.mapIndexed { i, url -> log.send(i, url) })
                log.sent shouldBe listOf("0@0", "2@0", "3@0", "4@0", "1@1000")
            }
        }

        test("hosts are forgotten when they are as good as new") {
            inVirtualTime {
                val limit =
                    RateLimitMiddleware
                        .builder()
                        .rate(1, Duration.ofMillis(1))
                        .perHost(true)
                        .build()
                val log = Log(limit)
                repeat(1000) {
                    await(log.send(it, "http://h$it/"))
                    sleep(2.milliseconds)
                }
                val field =
                    RateLimitMiddlewareImpl::class.java
                        .getDeclaredField(
                            "limiters",
                        ).apply { isAccessible = true }
                ((field.get(limit) as Map<*, *>).size <= 65) shouldBe true
            }
        }

        test("who is cancelled leaves the queue, and the next one moves up") {
            inVirtualTime {
                val limit = RateLimitMiddleware.builder().rate(1, Duration.ofSeconds(1)).build()
                val log = Log(limit)
                val tasks = (0..3).map(log::send)
                sleep(500.milliseconds)
                limit.waiting() shouldBe 3
                tasks[1].cancel()
                tasks[3].cancel()
                shouldThrow<CancelledError> { await(tasks[1]) }
                limit.waiting() shouldBe 1
                await(tasks[2])
                log.sent shouldBe listOf("0@0", "2@1000")
                limit.waiting() shouldBe 0
                limit.underWay() shouldBe 0
            }
        }

        test("who is cancelled in the moment of its turn passes it on") {
            inVirtualTime {
                val limit = RateLimitMiddleware.builder().concurrency(1).build()
                val log = Log(limit, Duration.ofMillis(100))
                val tasks = ArrayList<Task<Unit>>()
                (limit as SuspendMiddleware).intercept(FakeRequest("http://h/").outgoing) {
                    tasks.addAll((1..2).map(log::send))
                    sleep(100.milliseconds)
                    // Comes when the first one has its turn already, but has not run yet.
                    Asyncio.getRunningLoop().callSoon { tasks[0].cancel() }
                    FakeResponse(200).response
                }
                await(tasks[1])
                tasks[0].cancelled() shouldBe true
                log.sent shouldBe listOf("2@100")
                limit.underWay() shouldBe 0
            }
        }

        test("no timer is left when nobody waits any more") {
            VirtualLoop().use { loop ->
                loop.runUntilComplete(
                    coroutine {
                        val log = Log(RateLimitMiddleware.builder().rate(1, Duration.ofDays(1)).build())
                        val tasks = (0..1).map(log::send)
                        sleep(0.milliseconds)
                        sleep(0.milliseconds)
                        tasks[1].cancel()
                        shouldThrow<CancelledError> { await(tasks[1]) }
                    },
                )
                (loop.time() < Duration.ofHours(1)) shouldBe true
            }
        }

        test("exceptions and cancellations of the request give the place back") {
            inVirtualTime {
                val limit = RateLimitMiddleware.builder().concurrency(1).build()
                for (error in listOf(IllegalStateException("x"), CancelledError(), OutOfMemoryError("x"))) {
                    shouldThrow<Throwable> {
                        (limit as SuspendMiddleware).intercept(FakeRequest("http://h/").outgoing) { throw error }
                    } shouldBe error
                    limit.underWay() shouldBe 0
                }
                val log = Log(limit, Duration.ofSeconds(10))
                val task = log.send(0)
                sleep(1.seconds)
                limit.underWay() shouldBe 1
                task.cancel()
                shouldThrow<CancelledError> { await(task) }
                limit.underWay() shouldBe 0
                await(log.send(1))
            }
        }

        test("random cancellations lose no place and no token") {
            repeat(50) { seed ->
                inVirtualTime {
                    val random = Random(seed.toLong())
                    val limit =
                        RateLimitMiddleware
                            .builder()
                            .rate(100, Duration.ofSeconds(1))
                            .burst(3)
                            .concurrency(3)
                            .build()
                    val log = Log(limit, Duration.ofMillis(25))
                    val tasks = ArrayList<Task<Unit>>()
                    repeat(60) {
                        tasks.add(log.send(it))
                        if (random.nextInt(3) == 0) tasks[random.nextInt(tasks.size)].cancel()
                        sleep(random.nextInt(20).milliseconds)
                    }
                    for (task in tasks) if (!task.done()) await(task)
                    log.most shouldBe minOf(log.most, 3)
                    limit.waiting() shouldBe 0
                    limit.underWay() shouldBe 0
                    sleep(1.seconds)
                    log.sent.clear()
                    val start = Asyncio.getRunningLoop().time().toMillis()
                    awaitAll((0..2).map(log::send))
                    log.sent shouldBe (0..2).map { "$it@$start" }
                }
            }
        }

        test("one loop after the other may use it, but not two at once") {
            val limit =
                RateLimitMiddleware
                    .builder()
                    .rate(1, Duration.ofHours(1))
                    .concurrency(1)
                    .build()
            inVirtualTime { await(Log(limit).send(0)) }
            inVirtualTime { await(Log(limit).send(1)) }
            VirtualLoop().use { first ->
                first.runUntilComplete(coroutine { Log(limit, Duration.ofHours(1)).send(0).let { sleep(1.seconds) } })
                limit.underWay() shouldBe 1
                inVirtualTime { shouldThrow<IllegalStateException> { await(Log(limit).send(1)) } }
            }
            inVirtualTime { await(Log(limit).send(2)) }
        }

        test("settings without sense are refused") {
            val builder = RateLimitMiddleware.builder()
            shouldThrow<IllegalArgumentException> { builder.rate(0, Duration.ofSeconds(1)) }
            shouldThrow<IllegalArgumentException> { builder.rate(1, Duration.ZERO) }
            shouldThrow<IllegalArgumentException> { builder.rate(1, Duration.ofSeconds(-1)) }
            shouldThrow<IllegalArgumentException> { builder.burst(0) }
            shouldThrow<IllegalArgumentException> { builder.concurrency(-1) }
            shouldThrow<IllegalStateException> { builder.build() }
            shouldThrow<IllegalStateException> { RateLimitMiddleware.builder().burst(5).build() }
            builder.rate(Int.MAX_VALUE, Duration.ofDays(100_000_000)).burst(Int.MAX_VALUE).build()
        }
    })
