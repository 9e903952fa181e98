package asyncio.kotlin

import asyncio.Asyncio
import asyncio.CancelledError
import asyncio.ExceptionGroup
import asyncio.Future
import asyncio.ReturnWhen
import asyncio.Task
import asyncio.TimeoutException
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
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.toList
import java.util.concurrent.CompletableFuture
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** Timeouts, task groups and what waits for several, from suspend functions. */
class BlocksSpec :
    FunSpec({
        suspend fun turn() = sleep(Duration.ZERO)

        fun now() = Asyncio.getRunningLoop().time()

        fun requests() = Asyncio.currentTask()!!.cancelling()

        test("a group names tasks, wait gives done and pending apart, and a flow has futures as they end") {
            runVirtually {
                val tasks =
                    taskGroup { group ->
                        listOf(
                            group.createTask("slow") { sleep(2.seconds) },
                            group.createTask("fast") { sleep(1.seconds) },
                        ).also { all ->
                            asCompleted(all).asFlow().toList() shouldContainExactly listOf(all[1], all[0])
                        }
                    }!!
                tasks.map { it.name } shouldContainExactly listOf("slow", "fast")
                val late = createTask(coroutine { sleep(1.seconds) })
                val (done, pending) = wait(tasks + late, Duration.ZERO)
                done shouldBe tasks.toSet()
                pending shouldBe setOf(late)
                await(CompletableFuture.completedFuture("Java's")) shouldBe "Java's"
            }
        }

        // ---- timeout

        test("a block in time gives its value, without a suspension of its own") {
            runOn {
                val log = ArrayList<String>()
                Asyncio.getRunningLoop().callSoon { log.add("callback") }
                timeout(1.hours) { "value" } shouldBe "value"
                timeout(null) { it.`when`() } shouldBe null
                log.shouldBeEmpty()
            }
        }

        test("a block that takes too long is cancelled, and the timeout raised") {
            runVirtually {
                val start = now()
                val log = ArrayList<String>()
                val raised =
                    shouldThrow<TimeoutException> {
                        timeout(2.seconds) { scope ->
                            try {
                                sleep(1.hours)
                            } finally {
                                log.add("cancelled, expired ${scope.expired()}, ${requests()} requests")
                                turn()
                            }
                        }
                    }
                raised.cause.shouldBeInstanceOf<CancelledError>()
                now() shouldBe start.plusSeconds(2)
                log shouldContainExactly listOf("cancelled, expired true, 1 requests")
                requests() shouldBe 0
            }
        }

        test("it reaches kotlinx's own suspending functions and Java bodies") {
            runVirtually {
                shouldThrow<TimeoutException> { timeout(2.seconds) { delay(1.hours) } }
                shouldThrow<TimeoutException> {
                    timeout(2.seconds) { await(java { Asyncio.await(Asyncio.sleep(java.time.Duration.ofHours(1))) }) }
                }
                requests() shouldBe 0
                turn()
            }
        }

        test("of nested ones that expire together the outer raises") {
            runVirtually {
                var inner: Throwable? = null
                shouldThrow<TimeoutException> {
                    timeout(2.seconds) {
                        try {
                            timeout(2.seconds) { sleep(1.hours) }
                        } catch (error: Throwable) {
                            inner = error
                            throw error
                        }
                    }
                }
                inner.shouldBeInstanceOf<CancelledError>()
                requests() shouldBe 0
            }
        }

        test("a cancellation from outside goes on") {
            runOn {
                val task = createTask { timeout(1.hours) { sleep(1.hours) } }
                turn()
                task.cancel("outside")
                shouldThrow<CancelledError> { await(task) }.message shouldBe "outside"
                task.cancelling() shouldBe 1
            }
        }

        test("an exception that was caused by the cancellation tells of the timeout") {
            runVirtually {
                val raised =
                    shouldThrow<IllegalStateException> {
                        timeout(2.seconds) {
                            try {
                                sleep(1.hours)
                            } catch (cancelled: CancelledError) {
                                throw IllegalStateException("cleanup", cancelled)
                            }
                        }
                    }
                raised.suppressed.single().shouldBeInstanceOf<TimeoutException>()
            }
        }

        // ---- taskGroup

        test("a group waits for its tasks, also those that its tasks add") {
            runOn {
                val tasks = ArrayList<Task<String>>()
                val value =
                    taskGroup { group ->
                        tasks +=
                            group.createTask {
                                turn()
                                tasks += group.createTask { "sibling" }
                                "child"
                            }
                        "value"
                    }
                value shouldBe "value"
                tasks.map { it.result() } shouldContainExactly listOf("child", "sibling")
            }
        }

        test("the first failure cancels the others and the block") {
            runOn {
                val log = ArrayList<String>()
                val error = IllegalArgumentException("boom")
                val raised =
                    shouldThrow<ExceptionGroup> {
                        taskGroup { group ->
                            group.createTask {
                                try {
                                    sleep(1.hours)
                                } finally {
                                    log.add("sibling ends")
                                }
                            }
                            group.createTask {
                                turn()
                                throw error
                            }
                            try {
                                sleep(1.hours)
                            } finally {
                                log.add("block ends")
                            }
                        }
                    }
                raised.exceptions() shouldContainExactly listOf(error)
                raised.message shouldBe "unhandled errors in a TaskGroup (1 sub-exception)"
                log shouldContainExactly listOf("sibling ends", "block ends")
                requests() shouldBe 0
                turn()
            }
        }

        test("an error of the block is in the group, a cancellation from outside is not") {
            runOn {
                val error = IllegalArgumentException("boom")
                shouldThrow<ExceptionGroup> {
                    taskGroup<Unit> { group ->
                        group.createTask { sleep(1.hours) }
                        throw error
                    }
                }.exceptions() shouldContainExactly listOf(error)
                val task = createTask { taskGroup { group -> group.createTask { sleep(1.hours) } } }
                repeat(2) { turn() }
                task.cancel("outside")
                shouldThrow<CancelledError> { await(task) }.message shouldBe "outside"
            }
        }

        test("cancel ends the block, which has no value then") {
            runOn {
                val value =
                    taskGroup { group ->
                        group.createTask { sleep(1.hours) }
                        group.cancel()
                        turn()
                        "value"
                    }
                value shouldBe null
                requests() shouldBe 0
                turn()
            }
        }

        test("10,000 children") {
            runOn {
                var sum = 0
                taskGroup { group ->
                    repeat(10_000) { n ->
                        group.createTask {
                            repeat(n % 5) { turn() }
                            sum++
                        }
                    }
                }
                sum shouldBe 10_000
            }
        }

        test("a group inside a timeout inside a group") {
            runVirtually {
                val raised =
                    shouldThrow<ExceptionGroup> {
                        taskGroup { outer ->
                            outer.createTask { sleep(1.seconds) }
                            timeout(2.seconds) { taskGroup { inner -> inner.createTask { sleep(1.hours) } } }
                        }
                    }
                raised.exceptions().single().shouldBeInstanceOf<TimeoutException>()
                requests() shouldBe 0
            }
        }

        test("what a group that has ended is given is refused") {
            runOn {
                val group = taskGroup { it }!!
                shouldThrow<IllegalStateException> { group.createTask { 1 } }
            }
        }

        // ---- what waits for several

        test("waitFor runs a coroutine in the calling task, and cancels it when the time is over") {
            runVirtually {
                val me = Asyncio.currentTask()
                waitFor(coroutine { Asyncio.currentTask() }, 1.seconds) shouldBeSameInstanceAs me
                waitFor(coroutine { sleep(1.seconds) }, null)
                shouldThrow<TimeoutException> { waitFor(coroutine { sleep(1.hours) }, 1.seconds) }
                shouldThrow<TimeoutException> { waitFor(coroutine { error("never runs") }, Duration.ZERO) }
                val running = createTask { sleep(1.hours) }
                turn()
                shouldThrow<TimeoutException> { waitFor(running, Duration.ZERO) }
                running.cancelled() shouldBe true
                requests() shouldBe 0
            }
        }

        test("wait tells which are done") {
            runVirtually {
                val quick = createTask { sleep(1.seconds) }
                val slow = createTask { sleep(9.seconds) }
                wait(listOf(slow, quick), returnWhen = ReturnWhen.FIRST_COMPLETED).done() shouldBe setOf(quick)
                wait(listOf(slow, quick), 1.seconds).pending() shouldBe setOf(slow)
                wait(listOf(slow, quick)).done().toList() shouldContainExactly listOf(slow, quick)
                shouldThrow<IllegalArgumentException> { wait(emptyList<Task<*>>()) }
            }
        }

        test("asCompleted gives results, or the tasks themselves, in the order of their ends") {
            runVirtually {
                suspend fun after(
                    delay: Duration,
                    value: String,
                ): String {
                    sleep(delay)
                    return value
                }
                val log = ArrayList<String>()
                for (next in asCompleted(
                    listOf(coroutine { after(2.seconds, "b") }, coroutine { after(1.seconds, "a") }),
                )) {
                    log.add(await(next))
                }
                log shouldContainExactly listOf("a", "b")
                val slow = createTask { after(2.seconds, "slow") }
                val quick = createTask { after(1.seconds, "quick") }
                val tasks = asCompleted(listOf(slow, quick), 1500.milliseconds).aiter()
                await(tasks.anext()) shouldBeSameInstanceAs quick
                shouldThrow<TimeoutException> { await(tasks.anext()) }
                slow.cancelling() shouldBe 0
                await(slow) shouldBe "slow"
            }
        }

        test("shield") {
            runOn {
                val inner: Future<String> = Asyncio.getRunningLoop().createFuture()
                val waiting = createTask { await(shield(inner)) }
                turn()
                waiting.cancel()
                shouldThrow<CancelledError> { await(waiting) }
                inner.done() shouldBe false
                inner.setResult("inner")
            }
        }
    })
