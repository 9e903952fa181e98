package asyncio.internal.fiber

import asyncio.Asyncio
import asyncio.Awaitable
import asyncio.CancelledError
import asyncio.Coroutine
import asyncio.internal.testing.fiberKinds
import asyncio.internal.testing.java
import asyncio.internal.testing.runOn
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import asyncio.kotlin.sleep
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.annotation.Tags
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContain
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.delay
import shop.outerPart
import java.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds

/** Java bodies (J) and suspend functions (K) that await each other, in every order, on every kind of fiber. */
@Tags("once")
class NestingSpec :
    FunSpec({
        for (kind in fiberKinds) {
            for (napsBefore in listOf(false, true)) {
                val how = if (napsBefore) "each after a wait of its own" else "all at once"
                context("on $kind, $how") {
                    for ((name, bottom) in bottoms) {
                        test("a value comes up from $name") {
                            withEachOrder(kind) { order ->
                                val log = ArrayList<String>()
                                await(Chain(order, napsBefore, log).from(bottom)) shouldBe "${order}bottom"
                                log shouldBe order.indices.reversed().map { "finally $it" }
                            }
                        }
                    }

                    test("an exception comes up as the same object") {
                        withEachOrder(kind) { order ->
                            for ((_, bottom) in bottoms) {
                                val thrown = java.io.IOException(order)
                                val log = ArrayList<String>()
                                val failing = {
                                    coroutine<String> {
                                        await(bottom())
                                        throw thrown
                                    }
                                }
                                val chain = Chain(order, napsBefore, log).from(failing)
                                runCatching { await(chain) }.exceptionOrNull() shouldBeSameInstanceAs thrown
                                log shouldBe order.indices.reversed().map { "finally $it" }
                            }
                        }
                    }

                    test("an exception that a level catches is gone for those above it") {
                        withEachOrder(kind) { order ->
                            for (catcher in order.indices) {
                                val failing = {
                                    java<String> {
                                        Asyncio.sleep(Duration.ZERO).doAwait()
                                        throw java.io.IOException(order)
                                    }
                                }
                                val chain = Chain(order, napsBefore, ArrayList(), catchesAt = catcher).from(failing)
                                await(chain) shouldBe order.substring(0, catcher) + "caught"
                            }
                        }
                    }

                    test("a cancellation goes down to the bottom and comes up through all of them") {
                        withEachOrder(kind) { order ->
                            for ((_, bottom) in endless) {
                                val log = ArrayList<String>()
                                val task = Asyncio.createTask(Chain(order, napsBefore, log).from(bottom))
                                sleep(1.milliseconds)
                                repeat(order.length + 2) { sleep(kotlin.time.Duration.ZERO) }
                                task.cancel("stop")
                                shouldThrow<CancelledError> { await(task) }.message shouldBe "stop"
                                task.cancelled() shouldBe true
                                task.cancelling() shouldBe 1
                                log shouldBe order.indices.reversed().map { "finally $it" }
                            }
                        }
                    }

                    test("a cancellation that a level catches is over, and the task goes on") {
                        withEachOrder(kind) { order ->
                            for (catcher in order.indices) {
                                for ((_, bottom) in endless) {
                                    val log = ArrayList<String>()
                                    val chain = Chain(order, napsBefore, log, catchesAt = catcher).from(bottom)
                                    val task = Asyncio.createTask(chain)
                                    sleep(1.milliseconds)
                                    repeat(order.length + 2) { sleep(kotlin.time.Duration.ZERO) }
                                    task.cancel()
                                    await(task) shouldBe order.substring(0, catcher) + "caught"
                                    task.cancelled() shouldBe false
                                    task.cancelling() shouldBe 1
                                }
                            }
                        }
                    }

                    test("a task that is cancelled before its first turn runs no level") {
                        withEachOrder(kind) { order ->
                            val log = ArrayList<String>()
                            val task = Asyncio.createTask(Chain(order, napsBefore, log).from(bottoms[0].second))
                            task.cancel()
                            shouldThrow<CancelledError> { await(task) }
                            log.shouldBeEmpty()
                        }
                    }

                    test("levels on tasks of their own: a cancellation goes down the chain of tasks") {
                        withEachOrder(kind) { order ->
                            val log = ArrayList<String>()
                            val chain = Chain(order, napsBefore, log, tasks = true).from(endless[0].second)
                            val task = Asyncio.createTask(chain)
                            sleep(1.milliseconds)
                            repeat(3 * order.length) { sleep(kotlin.time.Duration.ZERO) }
                            task.cancel("stop")
                            shouldThrow<CancelledError> { await(task) }.message shouldBe "stop"
                            log shouldBe order.indices.reversed().map { "finally $it" }
                        }
                    }
                }
            }

            test("the stack of a failure in a Java body shows the Java bodies above it, on $kind") {
                val failure =
                    runOn(kind) {
                        runCatching { await(java { outerPart() }) }.exceptionOrNull()!!
                    }
                val names = failure.stackTrace.map { it.methodName }
                names shouldContain "outerPart"
                names shouldContain "innerPart"
            }
        }
    })

/** Which of the levels, from above, are in Java and which in Kotlin. */
private val orders =
    (0 until 32).map { bits -> (0 until 5).joinToString("") { if (bits shr it and 1 == 0) "J" else "K" } }

private fun withEachOrder(
    kind: FiberKind,
    check: suspend (String) -> Unit,
): Unit = runOn(kind) { for (order in orders) check(order) }

private val bottoms: List<Pair<String, () -> Awaitable<String>>> =
    listOf(
        "a bare yield" to { Asyncio.sleep(Duration.ZERO, "bottom") },
        "a timer" to { Asyncio.sleep(Duration.ofNanos(1), "bottom") },
        "a done future" to { Asyncio.getRunningLoop().createFuture<String>().apply { setResult("bottom") } },
        "a task" to { Asyncio.createTask(Asyncio.sleep(Duration.ZERO, "bottom")) },
        "a Java body" to { java { "bottom" } },
        "a suspend function" to {
            coroutine {
                sleep(kotlin.time.Duration.ZERO)
                "bottom"
            }
        },
        "kotlinx" to {
            coroutine {
                delay(1)
                "bottom"
            }
        },
        "an awaitable of one's own" to { Awaitable { Asyncio.sleep(Duration.ZERO, "bottom").doAwait() } },
    )

private val endless: List<Pair<String, () -> Awaitable<String>>> =
    listOf(
        "a timer" to { Asyncio.sleep(Duration.ofHours(1), "bottom") },
        "a future" to { Asyncio.getRunningLoop().createFuture() },
        "kotlinx" to {
            coroutine {
                delay(1.hours)
                "bottom"
            }
        },
    )

private class Chain(
    private val order: String,
    private val napsBefore: Boolean,
    private val log: MutableList<String>,
    private val catchesAt: Int = -1,
    private val tasks: Boolean = false,
) {
    fun from(bottom: () -> Awaitable<String>): Coroutine<String> = level(0, bottom)

    private fun level(
        depth: Int,
        bottom: () -> Awaitable<String>,
    ): Coroutine<String> = if (order[depth] == 'J') javaLevel(depth, bottom) else kotlinLevel(depth, bottom)

    private fun below(
        depth: Int,
        bottom: () -> Awaitable<String>,
    ): Awaitable<String> {
        if (depth + 1 == order.length) return bottom()
        val next = level(depth + 1, bottom)
        return if (tasks) Asyncio.createTask(next) else next
    }

    private fun javaLevel(
        depth: Int,
        bottom: () -> Awaitable<String>,
    ) = java {
        if (napsBefore) Asyncio.sleep(Duration.ZERO).doAwait()
        try {
            "J" + below(depth, bottom).doAwait()
        } catch (error: Throwable) {
            if (depth != catchesAt) throw error
            Asyncio.sleep(Duration.ofNanos(1), "caught").doAwait()
        } finally {
            log.add("finally $depth")
        }
    }

    private fun kotlinLevel(
        depth: Int,
        bottom: () -> Awaitable<String>,
    ) = coroutine {
        if (napsBefore) sleep(kotlin.time.Duration.ZERO)
        try {
            "K" + await(below(depth, bottom))
        } catch (error: Throwable) {
            if (depth != catchesAt) throw error
            delay(1)
            "caught"
        } finally {
            log.add("finally $depth")
        }
    }
}
