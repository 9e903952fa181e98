package asyncio.testing.kotlin

import asyncio.Asyncio
import asyncio.kotlin.await
import asyncio.kotlin.createTask
import asyncio.kotlin.sleep
import asyncio.testing.DeadlockError
import asyncio.testing.TestLoop
import asyncio.testing.Time
import io.kotest.assertions.assertSoftly
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.DescribeSpec
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.withContext
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.toKotlinDuration

private fun time() =
    Asyncio
        .getRunningLoop()
        .time()
        .toKotlinDuration()

class AsyncioTestExtensionSpec :
    FunSpec({
        extension(AsyncioTestExtension())

        test("a test runs as a task, in virtual time") {
            sleep(1.hours)
            time() shouldBe 1.hours
            Asyncio.getRunningLoop().shouldBeInstanceOf<TestLoop>()
        }

        test("kotlinx's functions keep the same time") {
            delay(1.hours)
            flowOf(1, 2, 3).onEach { delay(1.hours) }.toList() shouldBe listOf(1, 2, 3)
            coroutineScope { async { delay(1.hours) }.await() }
            time() shouldBe 5.hours
        }

        test("another dispatcher is left and come back from") {
            withContext(Dispatchers.IO) { Thread.currentThread().name } shouldContain "Dispatcher"
            sleep(1.hours)
        }

        test("tasks are awaited") {
            val task =
                createTask {
                    sleep(2.hours)
                    "done"
                }
            await(task) shouldBe "done"
        }

        test("soft assertions work") {
            assertSoftly {
                1 shouldBe 1
                2 shouldBe 2
            }
        }
    })

class NestedTestsSpec :
    DescribeSpec({
        extension(AsyncioTestExtension(time = Time.REAL))

        describe("what holds other tests") {
            it("is Kotest's; they are in the loop, here in real time") {
                val before = System.nanoTime()
                sleep(20.milliseconds)
                (System.nanoTime() - before >= 20_000_000) shouldBe true
            }
        }
    })

class AsyncioTestSpec :
    FunSpec({
        test("is a whole test of its own") {
            var ran = false
            asyncioTest {
                sleep(1.hours)
                ran = true
            }
            ran shouldBe true
        }

        test("throws what the body throws") {
            shouldThrow<NoSuchElementException> {
                asyncioTest {
                    throw NoSuchElementException(
                        "mine",
                    )
                }
            }.message shouldBe
                "mine"
        }

        test("refuses tasks that are left") {
            shouldThrow<AssertionError> {
                asyncioTest {
                    createTask { sleep(1.hours) }
                    sleep(1.milliseconds)
                }
            }.message shouldContain "One task still running"
        }

        test("finds deadlocks") {
            shouldThrow<DeadlockError> { asyncioTest { await(Asyncio.getRunningLoop().createFuture<Unit>()) } }
        }

        test("has no manual time") {
            shouldThrow<IllegalArgumentException> { asyncioTest(Time.MANUAL) { } }
        }
    })
