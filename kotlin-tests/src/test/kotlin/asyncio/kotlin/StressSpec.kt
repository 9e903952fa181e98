package asyncio.kotlin

import asyncio.Asyncio
import asyncio.Semaphore
import asyncio.internal.fiber.FiberKind
import asyncio.internal.testing.fiberKinds
import asyncio.internal.testing.java
import asyncio.internal.testing.runOn
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.util.concurrent.atomic.AtomicInteger
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds

class StressSpec :
    FunSpec({
        val divisor = Integer.getInteger("asyncio.tests.divisor", 1)
        val many = 100_000 / divisor

        test("a hundred thousand suspend functions at once") {
            runOn {
                val tasks =
                    List(many) { n ->
                        createTask {
                            sleep(Duration.ZERO)
                            sleep(1.milliseconds)
                            n.toLong()
                        }
                    }
                await(gather(*tasks.toTypedArray())).sum()
            } shouldBe (many - 1L) * many / 2
        }

        test("as many of them cancelled at once") {
            var finallys = 0
            runOn {
                val tasks =
                    List(many) {
                        createTask {
                            try {
                                sleep(Duration.INFINITE)
                            } finally {
                                finallys++
                            }
                        }
                    }
                sleep(Duration.ZERO)
                for (task in tasks) task.cancel()
                await(Asyncio.gatherOutcomes(tasks))
                tasks.all { it.cancelled() }
            } shouldBe true
            finallys shouldBe many
        }

        for (kind in fiberKinds) {
            val count =
                when (kind) {
                    FiberKind.LOOP -> 20_000
                    FiberKind.VIRTUAL -> 5_000
                    FiberKind.PLATFORM -> 2_000
                } / divisor
            test("thousands of Java bodies at once on $kind") {
                runOn(kind) {
                    val tasks =
                        List(count) { n ->
                            Asyncio.createTask(
                                java {
                                    Asyncio.sleep(java.time.Duration.ZERO).doAwait()
                                    Asyncio.sleep(java.time.Duration.ofMillis(1)).doAwait()
                                    n.toLong()
                                },
                            )
                        }
                    await(gather(*tasks.toTypedArray())).sum()
                } shouldBe (count - 1L) * count / 2
            }

            test("Java bodies and suspend functions that take turns with permits and each other, on $kind") {
                val most = AtomicInteger()
                runOn(kind) {
                    val semaphore = Semaphore.create(7)
                    var inside = 0
                    val tasks =
                        List(count / 10) { n ->
                            if (n % 2 == 0) {
                                createTask {
                                    await(semaphore.acquire())
                                    most.accumulateAndGet(++inside, ::maxOf)
                                    await(java { Asyncio.sleep(java.time.Duration.ZERO).doAwait() })
                                    inside--
                                    semaphore.release()
                                    1
                                }
                            } else {
                                Asyncio.createTask(
                                    java {
                                        semaphore.acquire().doAwait()
                                        most.accumulateAndGet(++inside, ::maxOf)
                                        coroutine { sleep(Duration.ZERO) }.doAwait()
                                        inside--
                                        semaphore.release()
                                        1
                                    },
                                )
                            }
                        }
                    await(gather(*tasks.toTypedArray())).sum()
                } shouldBe count / 10
                most.get() shouldBe 7
            }
        }

        test("as many calls from four threads") {
            runOn {
                val loop = Asyncio.getRunningLoop()
                val all = loop.createFuture<Int>()
                var calls = 0
                repeat(4) {
                    Thread {
                        repeat(many / 4) { loop.callSoonThreadsafe { if (++calls == many) all.setResult(calls) } }
                    }.start()
                }
                await(all)
            } shouldBe many
        }
    })
