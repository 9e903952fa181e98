package asyncio.semantics

import asyncio.Awaitable
import asyncio.CancelledError
import asyncio.TimeoutException
import asyncio.kotlin.await
import asyncio.kotlin.createTask
import asyncio.kotlin.gather
import asyncio.kotlin.runAsyncio
import asyncio.kotlin.sleep
import asyncio.kotlin.timeout
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldNotContain
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.withContext
import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

/** TracebackTest for programs that are Kotlin alone. */
class TracebackSpec :
    FunSpec({
        test("through three suspend functions") {
            val error = shouldThrow<IllegalArgumentException> { runAsyncio { outer() } }
            linesOf(error) shouldBe listOf("fails", "middle", "outer")
        }

        test("through three tasks") {
            val error = shouldThrow<IllegalArgumentException> { runAsyncio { tasks() } }
            linesOf(error) shouldBe listOf("fails", "middleTask", "outerTask", "tasks")
        }

        test("of a future whose exception is set elsewhere") {
            val set = java.io.IOException("set")
            val error =
                shouldThrow<java.io.IOException> {
                    runAsyncio {
                        val loop = asyncio.Asyncio.getRunningLoop()
                        val future = loop.createFuture<Int>()
                        loop.callSoon { future.setException(set) }
                        waitsFor(future)
                    }
                }
            error shouldBeSameInstanceAs set
            linesOf(error) shouldBe listOf("waitsFor")
        }

        test("of a future that is done") {
            val error =
                shouldThrow<IllegalArgumentException> {
                    runAsyncio {
                        val task = createTask { fails() }
                        repeat(3) { sleep(Duration.ZERO) }
                        waitsLater(task)
                    }
                }
            linesOf(error) shouldBe listOf("fails", "waitsFor", "waitsLater")
        }

        test("of gather") {
            val error = shouldThrow<IllegalArgumentException> { runAsyncio { gathers() } }
            linesOf(error) shouldBe listOf("fails", "middle", "gathers")
        }

        test("of a timeout") {
            val error = shouldThrow<TimeoutException> { runAsyncio { waitsFor(createTask { times() }) } }
            linesOf(error) shouldBe listOf("times", "waitsFor")
        }

        test("of a cancelled task, where it stood") {
            runAsyncio {
                val task = createTask { middleOf { sleep(1000.seconds) } }
                repeat(3) { sleep(Duration.ZERO) }
                task.cancel()
                val error = shouldThrow<CancelledError> { waitsFor(task) }
                linesOf(error) shouldBe listOf("middleOf", "waitsFor")
            }
        }

        test("caught by a suspend function between") {
            runAsyncio {
                val error = caught(createTask { fails() })
                linesOf(error) shouldBe listOf("fails", "waitsFor", "waitsLaterStill", "caught")
            }
        }

        test("through scopes of kotlinx") {
            val error = shouldThrow<IllegalArgumentException> { runAsyncio { scoped() } }
            // Where assertions are on kotlinx throws a copy, whose cause is the exception itself.
            linesOf(error.cause ?: error) shouldBe listOf("fails", "waitsFor", "scoped")
        }

        test("of what kotlinx resumes") {
            val error = shouldThrow<IllegalArgumentException> { runAsyncio { waitsFor(createTask { delays() }) } }
            linesOf(error) shouldBe listOf("delays", "waitsFor")
        }

        test("of an exception that was made elsewhere, and kept") {
            val kept = java.io.IOException("kept")
            val error = shouldThrow<java.io.IOException> { runAsyncio { waitsFor(createTask { throwsKept(kept) }) } }
            error shouldBeSameInstanceAs kept
            linesOf(error) shouldBe listOf("throwsKept", "waitsFor")
        }

        test("an exception that is awaited again and again does not grow") {
            runAsyncio {
                val task = createTask { fails() }
                val sizes =
                    List(20) {
                        shouldThrow<IllegalArgumentException> { waitsFor(task) }.stackTrace.size
                    }
                sizes.toSet().size shouldBe 1
            }
        }

        test("the line that called runAsyncio is the last") {
            val error = shouldThrow<IllegalArgumentException> { runs() }
            val methods = error.stackTrace.filter { it.className.endsWith("TracebackSpecKt") }.map { it.methodName }
            methods.last() shouldBe "runs"
        }
    })

private fun runs(): Unit = runAsyncio { tasks() }

/** The functions of this file in the trace; nothing internal may be there. */
private fun linesOf(error: Throwable): List<String> {
    for (frame in error.stackTrace) {
        val isInternal =
            listOf("asyncio.internal.", "asyncio.kotlin.", "asyncio.Asyncio", "kotlin.coroutines.", "io.netty")
                .any(frame.className::startsWith)
        if (isInternal) error("internal: $frame in ${error.stackTrace.toList()}")
    }
    val inKotlinx =
        error.stackTrace
            .takeWhile {
                !it.className.startsWith("io.kotest")
            }.map { it.className.substringBefore('.') }
    inKotlinx shouldNotContain "kotlinx"
    return error.stackTrace
        .filter { it.className.endsWith("TracebackSpecKt") }
        .map { it.methodName }
        .filterNot { it == "invokeSuspend" }
}

private suspend fun fails() {
    sleep(Duration.ZERO)
    throw IllegalArgumentException("boom")
}

private suspend fun middle() {
    fails()
    sleep(Duration.ZERO)
}

private suspend fun outer() {
    middle()
    sleep(Duration.ZERO)
}

private suspend fun middleTask() {
    val task = createTask { fails() }
    task.await()
    sleep(Duration.ZERO)
}

private suspend fun outerTask() {
    await(createTask { middleTask() })
    sleep(Duration.ZERO)
}

private suspend fun tasks() {
    await(createTask { outerTask() })
    sleep(Duration.ZERO)
}

private suspend fun gathers() {
    gather(createTask { middle() }, createTask { sleep(Duration.ZERO) }).await()
    sleep(Duration.ZERO)
}

private suspend fun times() {
    timeout(1.milliseconds) { sleep(1000.seconds) }
    sleep(Duration.ZERO)
}

private suspend fun middleOf(block: suspend () -> Unit) {
    block()
    sleep(Duration.ZERO)
}

private suspend fun <T> waitsFor(awaitable: Awaitable<T>): T {
    val value = await(awaitable)
    sleep(Duration.ZERO)
    return value
}

private suspend fun <T> waitsLater(awaitable: Awaitable<T>): T {
    sleep(Duration.ZERO)
    val value = waitsFor(awaitable)
    sleep(Duration.ZERO)
    return value
}

private suspend fun caught(awaitable: Awaitable<*>): Throwable =
    try {
        waitsLaterStill(awaitable)
        error("nothing was raised")
    } catch (raised: IllegalArgumentException) {
        raised
    }

private suspend fun waitsLaterStill(awaitable: Awaitable<*>) {
    waitsFor(awaitable)
}

private suspend fun scoped() {
    coroutineScope { withContext(kotlinx.coroutines.NonCancellable) { waitsFor(createTask { fails() }) } }
    sleep(Duration.ZERO)
}

private suspend fun throwsKept(error: Throwable) {
    sleep(Duration.ZERO)
    throw error
}

private suspend fun delays() {
    delay(1)
    throw IllegalArgumentException("boom")
}
