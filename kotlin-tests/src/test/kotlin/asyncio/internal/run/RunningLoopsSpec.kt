package asyncio.internal.run

import asyncio.Asyncio
import asyncio.internal.loop.RunningLoops
import asyncio.internal.testing.ThreadHost
import asyncio.internal.testing.fiberKinds
import asyncio.internal.testing.java
import asyncio.internal.testing.onNewThread
import asyncio.internal.testing.runOn
import asyncio.internal.thread.VirtualThreads
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import asyncio.kotlin.sleep
import asyncio.kotlin.toThread
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.types.shouldBeSameInstanceAs
import java.util.concurrent.CyclicBarrier
import java.util.concurrent.FutureTask
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds

class RunningLoopsSpec :
    FunSpec({
        for (kind in fiberKinds) {
            test(
                "of several loops that run at once each is found from its bodies, callbacks and timers (fibers on $kind)",
            ) {
                val loops = 4
                val together = CyclicBarrier(loops)
                val runs =
                    List(loops) {
                        FutureTask {
                            runOn(kind) {
                                val loop = Asyncio.getRunningLoop()
                                together.await()
                                var wrong = 0
                                var looks = 0

                                fun look() {
                                    looks++
                                    if (Asyncio.getRunningLoop() !== loop) wrong++
                                    if (RunningLoops.current() !== loop) wrong++
                                }
                                val tasks =
                                    List(8) { n ->
                                        if (n % 2 == 0) {
                                            loop.createTask(
                                                java {
                                                    repeat(200) {
                                                        look()
                                                        loop.callSoon(::look)
                                                        Asyncio.sleep(java.time.Duration.ZERO).doAwait()
                                                        if (Asyncio.currentTask()!!.loop !== loop) wrong++
                                                    }
                                                },
                                            )
                                        } else {
                                            loop.createTask(
                                                coroutine {
                                                    repeat(200) {
                                                        look()
                                                        loop.callLater(java.time.Duration.ofNanos(1), ::look)
                                                        sleep(Duration.ZERO)
                                                        if (it % 50 == 0) await(java { look() })
                                                    }
                                                },
                                            )
                                        }
                                    }
                                for (task in tasks) await(task)
                                sleep(1.milliseconds)
                                wrong to looks
                            }
                        }.also { Thread(it).start() }
                    }
                for (run in runs) run.get() shouldBe (0 to 8 * 200 * 2 + 4 * 4)
                RunningLoops.current() shouldBe null
            }
        }

        test("a foreign thread finds none") {
            RunningLoops.current() shouldBe null
            runOn {
                RunningLoops.current() shouldBeSameInstanceAs Asyncio.getRunningLoop()
                toThread { RunningLoops.current() } shouldBe null
                val inFresh = FutureTask { RunningLoops.current() }
                Thread(inFresh).start()
                inFresh.get() shouldBe null
                VirtualThreads.factory?.let { factory ->
                    val inVirtual = FutureTask { RunningLoops.current() }
                    toThread { factory.newThread(inVirtual).start() }
                    inVirtual.get() shouldBe null
                }
            }
        }

        test("outside a loop the functions that need one say where to call them") {
            val calls =
                listOf<() -> Any?>(
                    { Asyncio.getRunningLoop() },
                    { Asyncio.currentTask() },
                    { Asyncio.createTask(coroutine { 1 }) },
                    { Asyncio.gather<Int>() },
                    { Asyncio.gatherOutcomes<Int>() },
                    { coroutine { 1 }.doAwait() },
                    { java { 1 }.doAwait() },
                    { Asyncio.sleep(java.time.Duration.ZERO).doAwait() },
                )
            for (call in calls) {
                shouldThrow<IllegalStateException> { call() }.message!! shouldContain "coroutine"
            }
        }

        test("a loop in a loop is refused, and the outer one goes on") {
            for (kind in fiberKinds) {
                runOn(kind) {
                    shouldThrow<IllegalStateException> { asyncio.kotlin.runAsyncio { 1 } }.message!! shouldContain
                        "await the coroutine"
                    val own = EventLoopImpl(ThreadHost())
                    shouldThrow<IllegalStateException> { own.runForever() }
                    own.close()
                    await(
                        java {
                            shouldThrow<IllegalStateException> { asyncio.kotlin.runAsyncio { 1 } }
                        },
                    )
                    sleep(Duration.ZERO)
                    "on"
                } shouldBe "on"
            }
        }

        test("a loop that stopped is found no more, and found again when it runs again") {
            onNewThread {
                val loop = EventLoopImpl(ThreadHost())
                repeat(3) {
                    var seen: Any? = null
                    loop.callSoon {
                        seen = RunningLoops.current()
                        loop.stop()
                    }
                    loop.runForever()
                    seen shouldBeSameInstanceAs loop
                    RunningLoops.current() shouldBe null
                    loop.isRunning shouldBe false
                }
                loop.close()
            }
        }

        test("what other threads hand to a loop while it stands still is there when it runs") {
            val threads = 4
            val each = 5_000
            val counts = IntArray(threads + 1)
            onNewThread {
                val loop = EventLoopImpl(ThreadHost())
                val start = CyclicBarrier(threads + 1)
                val handing =
                    List(threads) { n ->
                        Thread {
                            start.await()
                            repeat(each) { loop.runInLoop { loop.callSoon { counts[n]++ } } }
                        }.apply { start() }
                    }
                start.await()
                repeat(each) { loop.callSoon { counts[threads]++ } }
                handing.forEach { it.join() }
                loop.callSoonThreadsafe { loop.callSoon { loop.callSoon { loop.stop() } } }
                loop.runForever()
                loop.close()
            }
            counts.toList() shouldBe List(threads + 1) { each }
        }
    })
