package asyncio.internal.callback

import asyncio.Asyncio
import asyncio.KeyboardInterrupt
import asyncio.internal.loop.Ready
import asyncio.internal.run.EventLoopImpl
import asyncio.internal.testing.ThreadHost
import asyncio.internal.testing.collectReports
import asyncio.internal.testing.onNewThread
import asyncio.internal.testing.runOn
import asyncio.kotlin.await
import asyncio.kotlin.sleep
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.string.shouldStartWith
import io.kotest.matchers.types.shouldBeInstanceOf
import io.kotest.matchers.types.shouldBeSameInstanceAs
import java.util.concurrent.CyclicBarrier
import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.thread
import kotlin.time.Duration

class HandlesSpec :
    FunSpec({
        val loop = EventLoopImpl(ThreadHost())
        afterSpec { loop.close() }

        test("a callback runs once") {
            var runs = 0
            val handle = CallbackHandle(loop) { runs++ }
            handle.cancelled() shouldBe false
            handle.turn()
            handle.turn()
            runs shouldBe 1
        }

        test("one that was called off does not run, however often") {
            var runs = 0
            for (handle in listOf(CallbackHandle(loop) { runs++ }, ThreadsafeHandle(loop) { runs++ })) {
                handle.cancel()
                handle.cancel()
                (handle as Ready).turn()
                handle.cancelled() shouldBe true
            }
            runs shouldBe 0
        }

        test("a callback may call its own handle off while it runs") {
            val handles = arrayOfNulls<CallbackHandle>(1)
            var runs = 0
            handles[0] =
                CallbackHandle(loop) {
                    handles[0]!!.cancel()
                    runs++
                }
            handles[0]!!.turn()
            runs shouldBe 1
            handles[0]!!.cancelled() shouldBe true
        }

        test("of a turn and a calling off from another thread one wins: the code runs once or not at all") {
            val rounds = 20_000
            val ran = IntArray(rounds)
            onNewThread {
                val barrier = CyclicBarrier(2)
                val counts = Array(rounds) { AtomicInteger() }
                val handles = Array(rounds) { i -> ThreadsafeHandle(loop, null, counts[i]::incrementAndGet) }
                val canceller =
                    thread(isDaemon = true) {
                        for (i in 0 until rounds) {
                            if (i % 64 == 0) barrier.await()
                            handles[i].cancel()
                        }
                    }
                for (i in 0 until rounds) {
                    if (i % 64 == 0) barrier.await()
                    handles[i].turn()
                    handles[i].turn()
                    ran[i] = counts[i].get()
                }
                canceller.join()
                check(handles.all { it.cancelled() })
            }
            // Both outcomes came up, or the race was none.
            ran.toSet() shouldBe setOf(0, 1)
        }

        test("what a callback throws is reported, with its handle, and the next one runs") {
            val bad = IllegalArgumentException("bad")
            var after = false
            runOn {
                val running = Asyncio.getRunningLoop()
                val reports = collectReports()
                val handle = running.callSoon { throw bad }
                running.callSoon { after = true }
                sleep(Duration.ZERO)
                reports shouldHaveSize 1
                reports[0].exception() shouldBeSameInstanceAs bad
                reports[0].handle() shouldBeSameInstanceAs handle
                reports[0].message() shouldStartWith "Exception in callback"
            }
            after shouldBe true
        }

        test("what an exception handler throws does not end the loop") {
            runOn {
                val running = Asyncio.getRunningLoop()
                running.setExceptionHandler { _, _ -> error("the handler is bad too") }
                running.callSoon { error("bad") }
                sleep(Duration.ZERO)
                "here"
            } shouldBe "here"
        }

        test("what is fatal leaves the loop at once, and the rest of the batch runs when it runs again") {
            val log = ArrayList<String>()
            onNewThread {
                val own = EventLoopImpl(ThreadHost())
                own.callSoon { log.add("first") }
                own.callSoon { throw KeyboardInterrupt() }
                own.callSoon { log.add("third") }
                shouldThrow<KeyboardInterrupt> { own.runForever() }
                log shouldBe listOf("first")
                own.callSoon { own.stop() }
                own.runForever()
                own.close()
            }
            log shouldBe listOf("first", "third")
        }

        test("off the loop's thread callSoon and its kin refuse, and name what to use") {
            runOn {
                val running = Asyncio.getRunningLoop()
                val future = running.createFuture<Int>()
                val later = running.callLater(java.time.Duration.ofHours(1)) {}
                val calls =
                    mapOf<String, () -> Unit>(
                        "callSoon" to { running.callSoon {} },
                        "callLater" to { running.callLater(java.time.Duration.ZERO) {} },
                        "callAt" to { running.callAt(java.time.Duration.ZERO) {} },
                        "setResult" to { future.setResult(1) },
                        "setException" to { future.setException(Exception()) },
                        "cancel" to { future.cancel() },
                        "addDoneCallback" to { future.addDoneCallback { } },
                        "removeDoneCallback" to { future.removeDoneCallback { } },
                        "createTask" to { running.createTask(Asyncio.sleep(java.time.Duration.ZERO)) },
                        "stop" to { running.stop() },
                    )
                for ((name, call) in calls) {
                    val error = await(Asyncio.toThread<Throwable?> { runCatching(call).exceptionOrNull() })
                    error.shouldBeInstanceOf<IllegalStateException>()
                    error.message shouldStartWith "$name was called from thread"
                    error.message shouldContain "callSoonThreadsafe"
                }
                future.done() shouldBe false
                later.cancel()
            }
        }
    })
