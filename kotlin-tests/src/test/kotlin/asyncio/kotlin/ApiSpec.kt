package asyncio.kotlin

import asyncio.Asyncio
import asyncio.Awaitable
import asyncio.CancelledError
import asyncio.InvalidStateException
import asyncio.internal.testing.collectReports
import asyncio.internal.testing.java
import asyncio.internal.testing.onNewThread
import asyncio.internal.testing.runOn
import asyncio.internal.testing.runVirtually
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.types.shouldBeInstanceOf
import io.kotest.matchers.types.shouldBeSameInstanceAs
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CountDownLatch
import kotlin.coroutines.Continuation
import kotlin.coroutines.EmptyCoroutineContext
import kotlin.coroutines.startCoroutine
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

class ApiSpec :
    FunSpec({
        test("runAsyncio gives the value of its suspend function, or what it throws") {
            onNewThread { runAsyncio { 42 } } shouldBe 42
            onNewThread { runAsyncio<String?> { null } } shouldBe null
            val thrown = java.io.IOException("no")
            runCatching { onNewThread { runAsyncio { throw thrown } } }.exceptionOrNull() shouldBeSameInstanceAs thrown
        }

        test("a coroutine is lazy, and runs once") {
            runOn {
                var runs = 0
                val once = coroutine { ++runs }
                sleep(Duration.ZERO)
                runs shouldBe 0
                await(once) shouldBe 1
                shouldThrow<IllegalStateException> { await(once) }.message!! shouldContain "already awaited"
                shouldThrow<IllegalStateException> { Asyncio.createTask(once) }.message!! shouldContain
                    "already awaited"
                shouldThrow<IllegalStateException> { await(java { once.doAwait() }) }.message!! shouldContain
                    "already awaited"
                runs shouldBe 1
            }
        }

        test("a coroutine that was closed before it began never runs") {
            runOn {
                var runs = 0
                val never = coroutine { ++runs }
                never.close()
                never.close()
                shouldThrow<IllegalStateException> { await(never) }.message!! shouldContain "closed"
                runs shouldBe 0
            }
        }

        test("a coroutine that a task drives cannot be closed under it") {
            runOn {
                val own = coroutine { sleep(1.hours) }
                val task = Asyncio.createTask(own)
                sleep(Duration.ZERO)
                shouldThrow<IllegalStateException> { own.close() }.message!! shouldContain "cancel"
                task.cancel()
                sleep(Duration.ZERO)
                own.close()
            }
        }

        test("await gives what is there without a turn for anybody else") {
            runOn {
                val log = ArrayList<String>()
                val loop = Asyncio.getRunningLoop()
                val done = loop.createFuture<String>().apply { setResult("done") }
                loop.callSoon { log.add("another") }
                log.add(await(done))
                log.add(await(coroutine { "coroutine" }))
                log.add(await(java { "java" }))
                log.add(await(coroutine { await(java { await2(done) }) }))
                log.add(await(Awaitable { "own" }))
                await(gather<Int>()) shouldBe emptyList()
                log.toList() shouldContainExactly listOf("done", "coroutine", "java", "done", "own")
                sleep(Duration.ZERO)
                log.last() shouldBe "another"
            }
        }

        test("an awaitable of one's own may await in its await") {
            runVirtually {
                await(Awaitable { Asyncio.sleep(java.time.Duration.ofSeconds(1), "slept").doAwait() }) shouldBe "slept"
            }
        }

        test("sleep waits as long as it was told, and others run meanwhile") {
            runVirtually {
                val loop = Asyncio.getRunningLoop()
                val start = loop.time()
                val log = ArrayList<String>()
                val slow =
                    createTask {
                        sleep(2.seconds)
                        log.add("slow")
                    }
                val fast =
                    createTask {
                        sleep(1.seconds)
                        log.add("fast")
                    }
                await(gather(slow, fast))
                log shouldContainExactly listOf("fast", "slow")
                loop.time() - start shouldBe java.time.Duration.ofSeconds(2)
            }
        }

        test("sleep for ever ends by cancellation only") {
            runOn {
                val task = createTask { sleep(Duration.INFINITE) }
                sleep(1.milliseconds)
                task.done() shouldBe false
                task.cancel()
                shouldThrow<CancelledError> { await(task) }
            }
        }

        test("tasks start in the order in which they were made, behind what is queued") {
            runOn {
                val log = ArrayList<String>()
                Asyncio.getRunningLoop().callSoon { log.add("callback") }
                val tasks =
                    List(3) {
                        createTask {
                            log.add("start $it")
                            sleep(Duration.ZERO)
                            log.add("end $it")
                        }
                    }
                log.shouldBeEmpty()
                for (task in tasks) await(task)
                log shouldContainExactly listOf("callback", "start 0", "start 1", "start 2", "end 0", "end 1", "end 2")
            }
        }

        test("who waits for one future goes on in the order in which they came") {
            runOn {
                val future = Asyncio.getRunningLoop().createFuture<Int>()
                val log = ArrayList<String>()
                val tasks =
                    List(5) { n ->
                        createTask {
                            if (n % 2 == 0) await(future) else await(java { future.doAwait() })
                            log.add("$n")
                        }
                    }
                sleep(Duration.ZERO)
                future.addDoneCallback { log.add("callback") }
                future.setResult(1)
                log.shouldBeEmpty()
                for (task in tasks) await(task)
                log shouldContainExactly listOf("0", "1", "2", "3", "4", "callback")
            }
        }

        test("gather gives the results in the order of its arguments") {
            runVirtually {
                val tasks = listOf(3, 1, 2).map { coroutine { sleep(it.seconds).let { _ -> it * 10 } } }
                await(gather(*tasks.toTypedArray())) shouldBe listOf(30, 10, 20)
            }
        }

        test("gather fails with the first exception at once, and the others run on") {
            runVirtually {
                val reports = collectReports()
                val bad = IllegalArgumentException("bad")
                val log = ArrayList<String>()
                val slow =
                    coroutine {
                        sleep(2.seconds)
                        log.add("slow ends")
                        throw IllegalStateException("late")
                    }
                val failing =
                    coroutine<Unit> {
                        sleep(1.seconds)
                        throw bad
                    }
                runCatching { await(gather(slow, failing)) }.exceptionOrNull() shouldBeSameInstanceAs bad
                log.shouldBeEmpty()
                sleep(3.seconds)
                log shouldContainExactly listOf("slow ends")
                System.gc()
                sleep(1.seconds)
                reports.shouldBeEmpty()
            }
        }

        test("toThread runs its code elsewhere and comes back to the loop") {
            runOn {
                val task = Asyncio.currentTask()
                val here = Thread.currentThread()
                val there = toThread { Thread.currentThread() }
                (there === here) shouldBe false
                Thread.currentThread() shouldBeSameInstanceAs here
                Asyncio.currentTask() shouldBeSameInstanceAs task
                val thrown = java.io.IOException("no")
                runCatching { toThread { throw thrown } }.exceptionOrNull() shouldBeSameInstanceAs thrown
            }
        }

        test("a cancelled toThread lets its thread go on, and drops the result") {
            runOn {
                val begun = CountDownLatch(1)
                val free = CountDownLatch(1)
                val ended = CountDownLatch(1)
                val task =
                    createTask {
                        toThread {
                            begun.countDown()
                            free.await()
                            ended.countDown()
                        }
                    }
                toThread { begun.await() }
                task.cancel()
                shouldThrow<CancelledError> { await(task) }
                free.countDown()
                toThread { ended.await() }
            }
        }

        test("Java's own futures can be awaited from a suspend function") {
            runOn {
                val stage = CompletableFuture<String>()
                Thread { stage.complete("there") }.start()
                await(Asyncio.wrapFuture(stage)) shouldBe "there"
                val bad = IllegalArgumentException("bad")
                val failed = CompletableFuture.supplyAsync<String> { throw bad }
                runCatching { await(Asyncio.wrapFuture(failed)) }.exceptionOrNull() shouldBeSameInstanceAs bad
            }
        }

        test("doAwait, for Java bodies, says what to call in a suspend function") {
            runOn {
                sleep(Duration.ZERO)
                val pending = Asyncio.getRunningLoop().createFuture<Int>()
                val task = createTask { sleep(1.hours) }
                val awaitables =
                    listOf(
                        pending,
                        task,
                        coroutine { 1 },
                        java { 1 },
                        Asyncio.sleep(java.time.Duration.ZERO),
                        gather(task),
                    )
                for (awaitable in awaitables) {
                    val error = shouldThrow<IllegalStateException> { awaitable.doAwait() }
                    error.message!! shouldContain "asyncio.kotlin.await"
                }
                task.cancel()
                pending.setResult(1)
                // Nothing to wait for: nothing to refuse.
                pending.doAwait() shouldBe 1
            }
        }

        test("x.await() is await(x): it suspends, and others run meanwhile") {
            val log = ArrayList<String>()
            runOn {
                val other = createTask { log.add("other") }
                val pending = Asyncio.getRunningLoop().createFuture<Int>()
                Asyncio.getRunningLoop().callSoon { pending.setResult(1) }
                pending.await() shouldBe 1
                log shouldContainExactly listOf("other")
                other.await()
                coroutine { 2 }.await() shouldBe 2
                java { 3 }.await() shouldBe 3
                gather(coroutine { 4 }, java { 5 }).await() shouldBe listOf(4, 5)
                Asyncio.sleep(java.time.Duration.ZERO).await()
            }
        }

        test("a coroutine that was refused so can still be awaited rightly") {
            runOn {
                sleep(Duration.ZERO)
                val suspending = coroutine { 1 }
                val javaBody = java { 2 }
                shouldThrow<IllegalStateException> { suspending.doAwait() }
                shouldThrow<IllegalStateException> { javaBody.doAwait() }
                await(suspending) to await(javaBody)
            } shouldBe (1 to 2)
        }

        test("x.await() in a callback says to make a task") {
            runOn {
                val loop = Asyncio.getRunningLoop()
                val pending = loop.createFuture<Int>()
                var error: Throwable? = null
                loop.callSoon { error = runCatching { pending.doAwait() }.exceptionOrNull() }
                sleep(Duration.ZERO)
                error.shouldBeInstanceOf<IllegalStateException>()
                error!!.message!! shouldContain "createTask"
            }
        }

        test("an asyncio suspend function without a task says what to do") {
            for (call in listOf<suspend () -> Unit>({ sleep(Duration.ZERO) }, { sleep(1.seconds) }, { toThread { } })) {
                var result: Result<Unit>? = null
                call.startCoroutine(Continuation(EmptyCoroutineContext) { result = it })
                result!!.exceptionOrNull().shouldBeInstanceOf<IllegalStateException>().message!! shouldContain
                    "asyncio.kotlin.runAsyncio"
            }
        }

        test("a task cannot await itself, and goes on") {
            runOn {
                var self: asyncio.Task<String>? = null
                self =
                    createTask {
                        val error = shouldThrow<IllegalStateException> { await(self!!) }
                        sleep(Duration.ZERO)
                        error.message!!
                    }
                await(self) shouldContain "cannot await on itself"
            }
        }

        test("a future of another loop is refused, and the task goes on") {
            runOn {
                val other = Asyncio.newEventLoop()
                val foreign = other.createFuture<Int>()
                shouldThrow<IllegalStateException> { await(foreign) }.message!! shouldContain "different loop"
                shouldThrow<IllegalStateException> { await(java { foreign.doAwait() }) }.message!! shouldContain
                    "different loop"
                shouldThrow<IllegalStateException> { await(gather(foreign)) }.message!! shouldContain "different loop"
                sleep(Duration.ZERO)
                other.close()
                "on"
            } shouldBe "on"
        }

        test("the result of a task belongs to its coroutine, and that of a future is set once") {
            runOn {
                val task = createTask { 1 }
                shouldThrow<IllegalStateException> { task.setResult(2) }
                shouldThrow<IllegalStateException> { task.setException(Exception()) }
                shouldThrow<InvalidStateException> { task.result() }
                shouldThrow<InvalidStateException> { task.exception() }
                await(task) shouldBe 1
                val future = Asyncio.getRunningLoop().createFuture<Int>()
                future.setResult(1)
                shouldThrow<InvalidStateException> { future.setResult(2) }
                shouldThrow<InvalidStateException> { future.setException(Exception()) }
                future.cancel() shouldBe false
                future.result() shouldBe 1
            }
        }

        test("an exception that nobody looked at is reported when the loop ends, one that somebody saw is not") {
            val reports = ArrayList<asyncio.ExceptionContext>()
            val unseen = IllegalArgumentException("unseen")
            runOn {
                Asyncio.getRunningLoop().setExceptionHandler { _, context -> reports.add(context) }
                Asyncio.createTask(coroutine { throw unseen }, "the bad one")
                val seen = createTask { throw IllegalArgumentException("seen") }
                sleep(Duration.ZERO)
                seen.exception()
            }
            reports.map { it.exception() } shouldContainExactly listOf<Throwable>(unseen)
            reports[0].message() shouldContain "never retrieved"
            reports[0].message() shouldContain "the bad one"
        }

        test("what is left when main ends is cancelled, its cleaning up awaited, its failures reported") {
            val log = ArrayList<String>()
            val reports = ArrayList<asyncio.ExceptionContext>()
            runOn {
                Asyncio.getRunningLoop().setExceptionHandler { _, context -> reports.add(context) }
                createTask {
                    try {
                        sleep(1.hours)
                    } finally {
                        sleep(1.milliseconds)
                        log.add("cleaned up")
                    }
                }
                createTask {
                    try {
                        sleep(1.hours)
                    } finally {
                        error("cleaning up failed")
                    }
                }
                sleep(Duration.ZERO)
                log.add("main ends")
            }
            log shouldContainExactly listOf("main ends", "cleaned up")
            reports.map { it.message() } shouldContainExactly
                listOf("unhandled exception during asyncio.run() shutdown")
            reports[0].exception()!!.message shouldBe "cleaning up failed"
        }
    })

private fun await2(awaitable: Awaitable<String>): String = awaitable.doAwait()
