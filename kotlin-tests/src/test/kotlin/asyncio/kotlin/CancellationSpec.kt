package asyncio.kotlin

import asyncio.Asyncio
import asyncio.CancelledError
import asyncio.Coroutine
import asyncio.Outcome
import asyncio.Semaphore
import asyncio.Task
import asyncio.internal.testing.java
import asyncio.internal.testing.runOn
import asyncio.internal.testing.runVirtually
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeInstanceOf
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.seconds

/** What `cancel` does, by the state of the task; expected values are CPython's. */
class CancellationSpec :
    FunSpec({
        suspend fun turn() = sleep(Duration.ZERO)

        test("waiting for a future: it is cancelled now, and the task sees it in the next iteration") {
            runOn {
                val future = Asyncio.getRunningLoop().createFuture<Int>()
                val log = ArrayList<String>()
                val task =
                    createTask {
                        try {
                            await(future)
                        } catch (cancelled: CancelledError) {
                            log.add("caught ${cancelled.message}")
                            throw cancelled
                        }
                    }
                turn()
                task.cancel("msg") shouldBe true
                future.cancelled() shouldBe true
                task.done() shouldBe false
                log.shouldBeEmpty()
                turn()
                log shouldContainExactly listOf("caught msg")
                task.cancelled() shouldBe true
                task.cancelling() shouldBe 1
                shouldThrow<CancelledError> { task.result() }.message shouldBe "msg"
                shouldThrow<CancelledError> { task.exception() }.message shouldBe "msg"
            }
        }

        test("waiting for a chain of tasks: the innermost sees it first, each counts one, the message reaches all") {
            runOn {
                val log = ArrayList<String>()
                val tasks = ArrayList<Task<*>>()

                fun chain(depth: Int): Coroutine<Unit> =
                    coroutine {
                        try {
                            if (depth == 0) {
                                sleep(1.hours)
                            } else {
                                val inner = Asyncio.createTask(chain(depth - 1))
                                tasks.add(inner)
                                await(inner)
                            }
                        } catch (cancelled: CancelledError) {
                            log.add("$depth ${cancelled.message}")
                            throw cancelled
                        }
                    }
                val outer = Asyncio.createTask(chain(3))
                repeat(6) { turn() }
                outer.cancel("stop")
                shouldThrow<CancelledError> { await(outer) }
                log shouldContainExactly listOf("0 stop", "1 stop", "2 stop", "3 stop")
                tasks.size shouldBe 3
                (tasks + outer).map { it.cancelled() to it.cancelling() } shouldBe List(4) { true to 1 }
            }
        }

        test("an inner task that swallows it: the outer one gets the value, and its count stays") {
            runOn {
                val inner =
                    createTask {
                        try {
                            sleep(1.hours)
                            "slept"
                        } catch (_: CancelledError) {
                            "swallowed"
                        }
                    }
                val outer = createTask { await(inner) }
                repeat(3) { turn() }
                outer.cancel()
                await(outer) shouldBe "swallowed"
                outer.cancelling() shouldBe 1
                outer.cancelled() shouldBe false
                inner.cancelling() shouldBe 1
            }
        }

        test("waiting for a future that is done already: the error is raised although there was a result") {
            runOn {
                val future = Asyncio.getRunningLoop().createFuture<Int>()
                val log = ArrayList<String>()
                val task =
                    createTask {
                        try {
                            log.add("got ${await(future)}")
                        } catch (cancelled: CancelledError) {
                            log.add("caught")
                            throw cancelled
                        }
                    }
                turn()
                future.setResult(1)
                task.cancel() shouldBe true
                shouldThrow<CancelledError> { await(task) }
                log shouldContainExactly listOf("caught")
                future.result() shouldBe 1
            }
        }

        test("between two halves of a sleep(0): the error is raised there") {
            runOn {
                val log = ArrayList<String>()
                val task =
                    createTask {
                        try {
                            turn()
                            log.add("on")
                        } finally {
                            log.add("finally")
                        }
                    }
                turn()
                task.cancel()
                shouldThrow<CancelledError> { await(task) }
                log shouldContainExactly listOf("finally")
            }
        }

        test("not started: neither the body nor its finally ever runs") {
            runOn {
                val log = ArrayList<String>()
                val task =
                    createTask {
                        try {
                            log.add("body")
                        } finally {
                            log.add("finally")
                        }
                    }
                task.cancel("early") shouldBe true
                task.done() shouldBe false
                shouldThrow<CancelledError> { await(task) }.message shouldBe "early"
                task.cancelled() shouldBe true
                log.shouldBeEmpty()
            }
        }

        test("executing: nothing now, nor at what is ready; the first real suspension raises") {
            runOn {
                val log = ArrayList<String>()
                val done = Asyncio.getRunningLoop().createFuture<Int>().apply { setResult(1) }
                val task =
                    createTask {
                        Asyncio.currentTask()!!.cancel("self") shouldBe true
                        log.add("still here")
                        log.add("ready ${await(done)}")
                        await(coroutine { log.add("coroutine") })
                        await(java { log.add("java") })
                        await(Semaphore.create(1).acquire())
                        try {
                            turn()
                            log.add("not here")
                        } catch (cancelled: CancelledError) {
                            log.add("caught ${cancelled.message}")
                            throw cancelled
                        }
                    }
                shouldThrow<CancelledError> { await(task) }
                log shouldContainExactly listOf("still here", "ready 1", "coroutine", "java", "caught self")
            }
        }

        test("executing, and then waiting for a future: that is cancelled too") {
            runOn {
                val future = Asyncio.getRunningLoop().createFuture<Int>()
                val task =
                    createTask {
                        Asyncio.currentTask()!!.cancel("self")
                        await(future)
                    }
                shouldThrow<CancelledError> { await(task) }.message shouldBe "self"
                future.cancelled() shouldBe true
            }
        }

        test("executing, and returning first: the task is cancelled and the value dropped") {
            runOn {
                val task =
                    createTask {
                        Asyncio.currentTask()!!.cancel("self")
                        42
                    }
                shouldThrow<CancelledError> { await(task) }.message shouldBe "self"
                task.cancelled() shouldBe true
            }
        }

        test("executing, and raising something else first: that wins") {
            runOn {
                val bad = IllegalArgumentException("bad")
                val task =
                    createTask {
                        Asyncio.currentTask()!!.cancel()
                        throw bad
                    }
                runCatching { await(task) }.exceptionOrNull() shouldBeSameInstanceAs bad
                task.cancelled() shouldBe false
            }
        }

        test("executing, and uncancel to zero first: no error comes") {
            runOn {
                val task =
                    createTask {
                        val self = Asyncio.currentTask()!!
                        self.cancel()
                        self.cancel()
                        val rest = listOf(self.uncancel(), self.uncancel(), self.uncancel())
                        turn()
                        rest
                    }
                await(task) shouldBe listOf(1, 0, 0)
                task.cancelling() shouldBe 0
            }
        }

        test("executing, and uncancel but not to zero: the error comes") {
            runOn {
                val task =
                    createTask {
                        val self = Asyncio.currentTask()!!
                        self.cancel()
                        self.cancel()
                        self.uncancel()
                        turn()
                    }
                shouldThrow<CancelledError> { await(task) }
                task.cancelling() shouldBe 1
            }
        }

        test("done: nothing") {
            runOn {
                val good = createTask { 1 }
                val bad = createTask { throw IllegalArgumentException("bad") }
                val cancelled = createTask { sleep(1.hours) }
                turn()
                cancelled.cancel("first")
                turn()
                for (task in listOf(good, bad, cancelled)) {
                    val count = task.cancelling()
                    task.cancel("later") shouldBe false
                    task.cancelling() shouldBe count
                }
                good.result() shouldBe 1
                shouldThrow<CancelledError> { cancelled.result() }.message shouldBe "first"
            }
        }

        test("several before it is delivered: the count goes up, one error comes, the first one's") {
            runOn {
                val caught = ArrayList<String?>()
                val task =
                    createTask {
                        repeat(3) {
                            try {
                                sleep(1.seconds / 1000)
                            } catch (cancelled: CancelledError) {
                                caught.add(cancelled.message)
                            }
                        }
                        "on"
                    }
                turn()
                task.cancel("one") shouldBe true
                task.cancel("two") shouldBe true
                task.cancelling() shouldBe 2
                await(task) shouldBe "on"
                caught shouldContainExactly listOf<String?>("one")
                task.cancelling() shouldBe 2
            }
        }

        test("caught, it is not raised again, and the next cancel is a new one") {
            runVirtually {
                val log = ArrayList<String>()
                val task =
                    createTask {
                        repeat(3) {
                            try {
                                sleep(1.hours)
                            } catch (cancelled: CancelledError) {
                                log.add("caught ${cancelled.message}")
                                sleep(1.seconds)
                                log.add("slept")
                            }
                        }
                    }
                repeat(3) {
                    turn()
                    task.cancel("$it")
                    sleep(2.seconds)
                    task.cancelling() shouldBe it + 1
                }
                await(task)
                log shouldContainExactly listOf("caught 0", "slept", "caught 1", "slept", "caught 2", "slept")
            }
        }

        test("a cancelled task that fails in its cleaning up has failed, and one that returns has returned") {
            runOn {
                val bad = IllegalArgumentException("bad")
                val failing =
                    createTask {
                        try {
                            sleep(1.hours)
                        } finally {
                            throw bad
                        }
                    }
                val returning = createTask { runCatching { sleep(1.hours) }.exceptionOrNull() }
                turn()
                failing.cancel()
                returning.cancel()
                runCatching { await(failing) }.exceptionOrNull() shouldBeSameInstanceAs bad
                await(returning).shouldBeInstanceOf<CancelledError>()
                failing.cancelled() shouldBe false
                returning.cancelled() shouldBe false
            }
        }

        test("a future that a third party cancels: the waiting task is cancelled, but nobody asked it to be") {
            runOn {
                val future = Asyncio.getRunningLoop().createFuture<Int>()
                val task = createTask { await(future) }
                turn()
                future.cancel("third party")
                shouldThrow<CancelledError> { await(task) }.message shouldBe "third party"
                task.cancelled() shouldBe true
                task.cancelling() shouldBe 0
            }
        }

        test("a CancelledError of its own making makes a task cancelled") {
            runOn {
                val task = createTask { throw CancelledError("spontaneous") }
                shouldThrow<CancelledError> { await(task) }.message shouldBe "spontaneous"
                task.cancelled() shouldBe true
                task.cancelling() shouldBe 0
            }
        }

        test("what several wait for is cancelled for all of them") {
            runOn {
                val shared = createTask { sleep(1.hours) }
                val tasks = List(3) { createTask { await(shared) } }
                repeat(2) { turn() }
                tasks[1].cancel()
                for (task in tasks) shouldThrow<CancelledError> { await(task) }
                tasks.map { it.cancelling() } shouldBe listOf(0, 1, 0)
                shared.cancelled() shouldBe true
            }
        }

        test("main that is cancelled ends run with a CancelledError") {
            shouldThrow<CancelledError> {
                runOn {
                    Asyncio.currentTask()!!.cancel("main")
                    turn()
                }
            }.message shouldBe "main"
        }

        test("a cancelled sleep leaves no timer behind") {
            runVirtually {
                val loop = Asyncio.getRunningLoop()
                val start = loop.time()
                val tasks = List(100) { createTask { sleep(1.hours) } }
                turn()
                for (task in tasks) task.cancel()
                await(Asyncio.gatherOutcomes(tasks))
                sleep(1.seconds)
                sleep(1.seconds)
                loop.time() - start shouldBe java.time.Duration.ofSeconds(2)
            }
        }

        // ---- gather

        test(
            "gather: a child that is cancelled alone gives its error, the siblings go on, the whole is not cancelled",
        ) {
            runVirtually {
                val child = createTask { sleep(1.hours) }
                val sibling = createTask { sleep(2.seconds) }
                val both = gather(child, sibling)
                turn()
                child.cancel("child")
                shouldThrow<CancelledError> { await(both) }.message shouldBe "child"
                both.cancelled() shouldBe false
                sibling.done() shouldBe false
                await(sibling)
            }
        }

        test(
            "gather: cancelled itself, every child gets it with the message, and it fails with the first child's error",
        ) {
            runVirtually {
                val log = ArrayList<String>()

                fun child(
                    name: String,
                    cleanUp: Duration,
                ) = createTask {
                    try {
                        sleep(1.hours)
                    } catch (cancelled: CancelledError) {
                        sleep(cleanUp)
                        log.add("$name ${cancelled.message}")
                        throw cancelled
                    }
                }
                val quick = child("quick", 1.seconds)
                val slow = child("slow", 5.seconds)
                val both = gather(quick, slow)
                val waiting = createTask { await(both) }
                repeat(2) { turn() }
                waiting.cancel("all")
                shouldThrow<CancelledError> { await(waiting) }
                log shouldContainExactly listOf("quick all")
                slow.done() shouldBe false
                listOf(quick, slow).map { it.cancelling() } shouldBe listOf(1, 1)
                shouldThrow<CancelledError> { await(slow) }
                log shouldContainExactly listOf("quick all", "slow all")
            }
        }

        test("gatherOutcomes: cancelled, it raises when all have ended, even if all of them swallowed it") {
            runVirtually {
                val children =
                    List(2) {
                        createTask {
                            try {
                                sleep(1.hours)
                            } catch (_: CancelledError) {
                                sleep((it + 1).seconds)
                            }
                            it
                        }
                    }
                val waiting = createTask { await(Asyncio.gatherOutcomes(children)) }
                repeat(2) { turn() }
                waiting.cancel()
                shouldThrow<CancelledError> { await(waiting) }
                children.map { it.result() } shouldBe listOf(0, 1)
            }
        }

        test("gatherOutcomes: a child that was cancelled alone is an outcome among others") {
            runOn {
                val cancelled = createTask { sleep(1.hours) }
                val outcomes = Asyncio.gatherOutcomes(listOf(cancelled, coroutine { }, coroutine { error("bad") }))
                turn()
                cancelled.cancel("why")
                val (first, second, third) = await(outcomes)
                first.exception().shouldBeInstanceOf<CancelledError>()
                second shouldBe Outcome.Success(Unit)
                third.exception()!!.message shouldBe "bad"
            }
        }

        // ---- semaphore

        test("a waiter that is cancelled when it had been given its permit passes it on") {
            runOn {
                val semaphore = Semaphore.create(0)
                val log = ArrayList<String>()
                val tasks =
                    List(3) {
                        createTask {
                            await(semaphore.acquire())
                            log.add("$it")
                        }
                    }
                turn()
                semaphore.release()
                tasks[0].cancel()
                repeat(4) { turn() }
                log shouldContainExactly listOf("1")
                tasks[0].cancelled() shouldBe true
                tasks[2].done() shouldBe false
                semaphore.release()
                await(tasks[2])
                semaphore.locked() shouldBe true
            }
        }
    })
