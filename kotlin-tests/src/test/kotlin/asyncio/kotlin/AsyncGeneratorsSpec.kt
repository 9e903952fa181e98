package asyncio.kotlin

import asyncio.AsyncGenerator
import asyncio.Asyncio
import asyncio.CancelledError
import asyncio.ContextVar
import asyncio.GeneratorExit
import asyncio.StopAsyncIteration
import asyncio.StopIteration
import asyncio.internal.testing.Ticks
import asyncio.internal.testing.collectReports
import asyncio.internal.testing.fiberKinds
import asyncio.internal.testing.java
import asyncio.internal.testing.runJavaOn
import asyncio.internal.testing.runOn
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.booleans.shouldBeTrue
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.CoroutineName
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds

private val log = ArrayList<Any?>()

private fun numbers(n: Int): AsyncGenerator<Int> =
    asyncGenerator {
        try {
            for (i in 0 until n) yield(i)
        } catch (exit: GeneratorExit) {
            log.add("closed")
            throw exit
        } finally {
            log.add("finally")
        }
    }

private suspend fun <T> all(generator: AsyncGenerator<T>): List<T> {
    val items = ArrayList<T>()
    for (item in generator) items.add(item)
    return items
}

class AsyncGeneratorsSpec :
    FunSpec({
        beforeTest { log.clear() }

        test("items are made on demand, without an iteration") {
            runOn {
                val ticks = Ticks()
                sleep(Duration.ZERO)
                val before = ticks.count
                all(numbers(5)) shouldContainExactly listOf(0, 1, 2, 3, 4)
                ticks.count shouldBe before
                ticks.stop()
                log shouldContainExactly listOf("finally")
            }
        }

        test("values and errors go in, at each state") {
            runOn {
                val accumulator =
                    asyncGenerator<Int> {
                        var total = 0
                        while (true) {
                            total =
                                try {
                                    val value = yield(total) as Int? ?: return@asyncGenerator
                                    sleep(Duration.ZERO)
                                    total + value
                                } catch (_: IllegalArgumentException) {
                                    -1
                                }
                        }
                    }
                shouldThrow<IllegalStateException> { await(accumulator.asend(1)) }.message!! shouldContain
                    "just-started"
                await(accumulator.anext()) shouldBe 0
                await(accumulator.asend(5)) shouldBe 5
                await(accumulator.athrow(IllegalArgumentException())) shouldBe -1
                await(accumulator.asend(3)) shouldBe 2
                shouldThrow<StopAsyncIteration> { await(accumulator.anext()) }
                shouldThrow<StopAsyncIteration> { await(accumulator.asend(1)) }
                await(accumulator.aclose())
                val unstarted = numbers(3)
                await(unstarted.aclose())
                all(unstarted).shouldBeEmpty()
                log.shouldBeEmpty()
            }
        }

        test("closing raises GeneratorExit; ignoring it is refused") {
            runOn {
                val left = numbers(3)
                await(left.anext())
                await(left.aclose())
                log shouldContainExactly listOf("closed", "finally")
                val stubborn =
                    asyncGenerator {
                        try {
                            yield(1)
                        } catch (_: GeneratorExit) {
                            yield(2)
                        }
                    }
                await(stubborn.anext())
                shouldThrow<IllegalStateException> { await(stubborn.aclose()) }.message!! shouldContain
                    "ignored GeneratorExit"
                shouldThrow<StopAsyncIteration> { await(stubborn.anext()) }
            }
        }

        test("what the body raises comes out once; a StopAsyncIteration is no end") {
            runOn {
                val error = java.io.IOException("no")
                val failing =
                    asyncGenerator {
                        yield(1)
                        throw error
                    }
                await(failing.anext())
                runCatching { await(failing.anext()) }.exceptionOrNull() shouldBeSameInstanceAs error
                shouldThrow<StopAsyncIteration> { await(failing.anext()) }
                val confused = asyncGenerator<Int> { await(numbers(0).anext()) }
                shouldThrow<IllegalStateException> { await(confused.anext()) }.message!! shouldContain
                    "raised StopAsyncIteration"
            }
        }

        test("a cancellation is raised at the await inside, and can be survived there") {
            runOn {
                val generator =
                    asyncGenerator {
                        try {
                            sleep(1.hours)
                        } catch (error: CancelledError) {
                            log.add(error.message)
                        }
                        yield("survived")
                        delay(1.hours)
                    }
                val first = Asyncio.createTask(generator.anext())
                sleep(Duration.ZERO)
                first.cancel("one")
                await(first) shouldBe "survived"
                val second = Asyncio.createTask(generator.anext())
                sleep(Duration.ZERO)
                second.cancel("two")
                shouldThrow<CancelledError> { await(second) }.message shouldBe "two"
                second.cancelled().shouldBeTrue()
                log shouldContainExactly listOf("one")
                shouldThrow<StopAsyncIteration> { await(generator.anext()) }
            }
        }

        test("it runs in the task and the context of whoever asks, also where kotlinx suspends it") {
            runOn {
                val variable = ContextVar.create("variable", "default")
                val generator =
                    asyncGenerator {
                        while (true) {
                            delay(1.milliseconds)
                            yield("${Asyncio.currentTask()!!.name} ${variable.get()}")
                        }
                    }
                Asyncio.currentTask()!!.name = "main"
                variable.set("of main")
                await(generator.anext()) shouldBe "main of main"
                val other =
                    Asyncio.createTask(
                        coroutine {
                            variable.set("of other")
                            await(generator.anext())
                        },
                        "other",
                    )
                await(other) shouldBe "other of other"
                await(generator.anext()) shouldBe "main of main"
                // The first task that asked has ended long ago.
                val third = Asyncio.createTask(generator.anext(), "third")
                await(third) shouldBe "third of main"
                await(generator.aclose())
            }
        }

        test("a context variable keeps its value across the suspensions of kotlinx") {
            runOn {
                val variable = ContextVar.create("variable", "default")
                val others = List(3) { createTask { variable.set("other").also { delay(2.milliseconds) } } }
                variable.set("main")
                delay(3.milliseconds)
                variable.get() shouldBe "main"
                // Elsewhere there is no asyncio code, and no context of it.
                withContext(Dispatchers.Default) { variable.get() } shouldBe "default"
                variable.get() shouldBe "main"
                coroutineScope { launch { variable.get() shouldBe "main" } }
                others.forEach { await(it) }
                variable.get() shouldBe "main"
            }
        }

        for (kind in fiberKinds) {
            test("Java bodies and suspend functions ask each other's generators, on $kind") {
                fun inJava(source: AsyncGenerator<Int>): AsyncGenerator<Int> =
                    Asyncio.asyncGenerator { out ->
                        for (i in Asyncio.each(source)) {
                            if (i % 3 == 0) Asyncio.sleep(java.time.Duration.ZERO).doAwait()
                            out.yield<Any?>(i + 1)
                        }
                    }

                fun inKotlin(source: AsyncGenerator<Int>): AsyncGenerator<Int> =
                    asyncGenerator {
                        for (i in source) {
                            if (i % 4 == 0) sleep(Duration.ZERO)
                            if (i % 5 == 0) await(java { Asyncio.sleep(java.time.Duration.ZERO).doAwait() })
                            yield(i + 1)
                        }
                    }

                fun pipeline() = inJava(inKotlin(inKotlin(inJava(inJava(inKotlin(numbers(50)))))))

                runOn(kind) {
                    all(pipeline()) shouldContainExactly List(50) { it + 6 }
                    val eager = Asyncio.createTask(coroutine { all(pipeline()) }, asyncio.TaskOptions.eager())
                    await(eager).size shouldBe 50
                }
                runJavaOn(kind) {
                    Asyncio.each(pipeline()).toList() shouldContainExactly List(50) { it + 6 }
                }
            }
        }

        test("a hundred thousand items, from Kotlin and from Java") {
            runOn {
                var sum = 0L
                for (i in numbers(100_000)) sum += i
                sum shouldBe 4999950000L
            }
            runJavaOn { Asyncio.each(numbers(100_000)).sumOf { it.toLong() } shouldBe 4999950000L }
        }

        test("one task at a time may ask") {
            runOn {
                val generator =
                    asyncGenerator {
                        sleep(1.milliseconds)
                        yield(1)
                    }
                val first = Asyncio.createTask(generator.anext())
                sleep(Duration.ZERO)
                shouldThrow<IllegalStateException> { await(generator.anext()) }.message!! shouldContain
                    "already running"
                await(first) shouldBe 1
            }
        }

        test("yield belongs into the body itself") {
            runOn {
                val inScope =
                    asyncGenerator {
                        coroutineScope { yield(1) }
                        withContext(CoroutineName("name")) { yield(2) }
                    }
                all(inScope) shouldContainExactly listOf(1, 2)
                val elsewhere = asyncGenerator { withContext(Dispatchers.Default) { yield(1) } }
                shouldThrow<IllegalStateException> { await(elsewhere.anext()) }.message!! shouldContain "off its loop"
                val inChild =
                    asyncGenerator<Int> {
                        coroutineScope { launch(start = CoroutineStart.UNDISPATCHED) { yield(1) } }
                    }
                shouldThrow<IllegalStateException> { await(inChild.anext()) }.message!! shouldContain "own body"
                val inTask = asyncGenerator<Int> { await(createTask { yield(1) }) }
                shouldThrow<IllegalStateException> { await(inTask.anext()) }.message!! shouldContain "own body"
            }
        }

        test("what is left is closed at the end of the run, what is garbage before") {
            var reports = emptyList<Any>()
            runOn {
                reports = collectReports()
                val left = numbers(3)
                await(left.anext())

                suspend fun abandon() {
                    val abandoned =
                        asyncGenerator {
                            try {
                                yield(1)
                            } finally {
                                sleep(Duration.ZERO)
                                log.add("collected")
                            }
                        }
                    await(abandoned.anext())
                }
                abandon()
                for (i in 1..200) {
                    if (log.isNotEmpty()) break
                    System.gc()
                    sleep(10.milliseconds)
                }
                log shouldContainExactly listOf("collected")
                await(left.anext())
            }
            log shouldContainExactly listOf("collected", "closed", "finally")
            reports.shouldBeEmpty()
        }

        test("it can be driven by hand, outside of any loop") {
            val generator = numbers(2)
            shouldThrow<StopIteration> { generator.anext().send(null) }.value() shouldBe 0
            shouldThrow<StopIteration> { generator.asend("x").send(null) }.value() shouldBe 1
            shouldThrow<StopAsyncIteration> { generator.anext().send(null) }
        }

        test("async iterables are Flows, which close a generator that they leave") {
            runOn {
                numbers(5).asFlow().map { it * 2 }.toList() shouldContainExactly listOf(0, 2, 4, 6, 8)
                log.clear()
                numbers(5).asFlow().take(2).toList() shouldContainExactly listOf(0, 1)
                log shouldContainExactly listOf("closed", "finally")
            }
        }

        test("Flows are async iterables") {
            runOn {
                val source =
                    flow {
                        for (i in 0 until 3) {
                            delay(1.milliseconds)
                            sleep(Duration.ZERO)
                            emit(i)
                        }
                    }
                for (round in 1..2) {
                    val items = ArrayList<Int>()
                    for (item in source.asAsyncIterable()) items.add(item)
                    items shouldContainExactly listOf(0, 1, 2)
                }
            }
            runOn {
                val source = flow { for (i in 0 until 100) emit(i) }.buffer(3).flowOn(Dispatchers.Default)
                val items = ArrayList<Int>()
                for (item in source.asAsyncIterable()) items.add(item)
                items shouldContainExactly List(100) { it }
            }
            runJavaOn {
                val source = flow { for (i in 0 until 10) emit(i) }
                Asyncio.each(source.asAsyncIterable()).toList() shouldContainExactly List(10) { it }
            }
        }

        test("tasks are made with a name and options, eagerly from suspend functions too") {
            runOn {
                val creator = Asyncio.currentTask()
                createTask("named") { 1 }.name shouldBe "named"
                val eager =
                    createTask(asyncio.TaskOptions.eager().withName("eager")) {
                        log.add(Asyncio.currentTask()!!.name)
                        await(java { Asyncio.currentTask()!!.name }).also(log::add)
                        sleep(Duration.ZERO)
                        log.add("ends")
                    }
                Asyncio.currentTask() shouldBeSameInstanceAs creator
                log shouldContainExactly listOf("eager", "eager")
                createTask(asyncio.TaskOptions.eager()) { 5 }.result() shouldBe 5
                await(eager)
                log shouldContainExactly listOf("eager", "eager", "ends")
            }
        }

        test("coroutines of suspend functions are driven by hand as well") {
            val coroutine =
                coroutine {
                    sleep(Duration.ZERO)
                    try {
                        sleep(Duration.ZERO)
                    } finally {
                        log.add("finally")
                    }
                }
            coroutine.send(null) shouldBe null
            coroutine.send(null) shouldBe null
            coroutine.close()
            log shouldContainExactly listOf("finally")
            runOn {
                val future = Asyncio.getRunningLoop().createFuture<Int>()
                val waiting = coroutine { await(future) + 1 }
                waiting.send(null) shouldBeSameInstanceAs future
                shouldThrow<IllegalStateException> { waiting.send(null) }.message!! shouldContain
                    "await wasn't used with future"
                val again = coroutine { await(future) + 1 }
                again.send(null)
                future.setResult(1)
                shouldThrow<StopIteration> { again.send(null) }.value() shouldBe 2
            }
        }
    })
