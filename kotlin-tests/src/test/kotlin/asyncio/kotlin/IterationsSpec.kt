package asyncio.kotlin

import asyncio.Asyncio
import asyncio.Semaphore
import asyncio.internal.testing.Ticks
import asyncio.internal.testing.fiberKinds
import asyncio.internal.testing.java
import asyncio.internal.testing.runJavaOn
import asyncio.internal.testing.runOn
import asyncio.internal.testing.runVirtually
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** How many iterations of the loop lie between a cause and the code that waits for it. CPython's figures. */
class IterationsSpec :
    FunSpec({
        suspend fun iterations(action: suspend () -> Unit): Int {
            val ticks = Ticks()
            sleep(Duration.ZERO)
            val before = ticks.count
            action()
            val after = ticks.count
            ticks.stop()
            return after - before
        }

        val nothing: List<Pair<String, suspend () -> Unit>> =
            listOf(
                "a coroutine that does not wait" to { await(coroutine { 1 }) },
                "a Java body that does not wait" to { await(java { 1 }) },
                "a done future" to { await(Asyncio.getRunningLoop().createFuture<Int>().apply { setResult(1) }) },
                "gather of nothing" to { await(gather<Int>()) },
                "a free semaphore" to { await(Semaphore.create(1).acquire()) },
            )
        for ((name, action) in nothing) {
            test("$name: 0") { runOn { iterations { action() } } shouldBe 0 }
        }

        test("sleep(0): 1") {
            runOn { iterations { sleep(Duration.ZERO) } } shouldBe 1
            runOn { iterations { await(Asyncio.sleep(java.time.Duration.ZERO)) } } shouldBe 1
            runOn { iterations { await(java { Asyncio.sleep(java.time.Duration.ZERO).doAwait() }) } } shouldBe 1
            runOn { iterations { repeat(7) { sleep(Duration.ZERO) } } } shouldBe 7
        }

        test("a future's result to its waiter: 1") {
            runOn {
                val ticks = Ticks()
                val future = Asyncio.getRunningLoop().createFuture<Int>()
                var set = 0
                val waiters =
                    listOf(
                        createTask {
                            await(future)
                            ticks.count - set
                        },
                        Asyncio.createTask(
                            java {
                                future.doAwait()
                                ticks.count - set
                            },
                        ),
                    )
                repeat(3) { sleep(Duration.ZERO) }
                set = ticks.count
                future.setResult(1)
                val taken = await(gather(*waiters.toTypedArray()))
                ticks.stop()
                taken
            } shouldBe listOf(1, 1)
        }

        test("a released semaphore to its waiter: 1") {
            runOn {
                val ticks = Ticks()
                val semaphore = Semaphore.create(0)
                var released = 0
                val waiter =
                    createTask {
                        await(semaphore.acquire())
                        ticks.count - released
                    }
                repeat(3) { sleep(Duration.ZERO) }
                released = ticks.count
                semaphore.release()
                val taken = await(waiter)
                ticks.stop()
                taken
            } shouldBe 1
        }

        test("a timer to the sleeper: 1 for the timer, and 1") {
            runVirtually {
                val loop = Asyncio.getRunningLoop()
                // No ticking while the loop must fall asleep: the first due timer begins to count.
                var ticks: Ticks? = null
                val at = loop.time().plusSeconds(1)
                loop.callAt(at) { ticks = Ticks() }
                sleep(1.seconds)
                ticks!!.run {
                    stop()
                    count
                }
            } shouldBe 1
        }

        test("await of a new task that returns at once: 2") {
            runOn { iterations { await(createTask { 1 }) } } shouldBe 2
            runOn { iterations { await(Asyncio.createTask(java { 1 })) } } shouldBe 2
            runJavaOn {
                val ticks = Ticks()
                Asyncio.sleep(java.time.Duration.ZERO).doAwait()
                val before = ticks.count
                Asyncio.createTask(java { 1 }).doAwait()
                ticks.stop()
                ticks.count - before
            } shouldBe 2
        }

        test("gather of a coroutine that returns at once: 3") {
            runOn { iterations { await(gather(coroutine { 1 })) } } shouldBe 3
            runOn { iterations { await(gather(coroutine { 1 }, java { 2 }, coroutine { 3 })) } } shouldBe 3
        }

        test("gatherOutcomes of one that returns, or fails, at once: 3") {
            runOn { iterations { await(Asyncio.gatherOutcomes(coroutine { 1 })) } } shouldBe 3
            runOn { iterations { await(Asyncio.gatherOutcomes(coroutine<Int> { error("bad") })) } } shouldBe 3
        }

        test("gather of done futures: 0") {
            // CPython: the outer future is done before it is awaited.
            runOn {
                iterations {
                    val done = Asyncio.getRunningLoop().createFuture<Int>().apply { setResult(1) }
                    await(gather(done))
                }
            } shouldBe 0
        }

        for (kind in fiberKinds) {
            test("suspend functions and Java bodies come through the same batches, on $kind") {
                val log = ArrayList<String>()
                runOn(kind) {
                    val loop = Asyncio.getRunningLoop()
                    val future = loop.createFuture<Int>()
                    // As in CPython: soon1, the future's callback, a task, soon2, and then whoever yielded.
                    loop.callSoon { log.add("soon1") }
                    future.addDoneCallback { log.add("done callback") }
                    future.setResult(1)
                    createTask { log.add("task") }
                    Asyncio.createTask(java { log.add("java task") })
                    loop.callSoon { log.add("soon2") }
                    sleep(Duration.ZERO)
                    log.add("main")
                }
                log shouldBe listOf("soon1", "done callback", "task", "java task", "soon2", "main")
            }
        }
    })
