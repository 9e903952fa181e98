package asyncio.internal.fiber

import asyncio.Asyncio
import asyncio.CancelledError
import asyncio.internal.testing.java
import asyncio.internal.testing.runOn
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import asyncio.kotlin.createTask
import asyncio.kotlin.sleep
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import io.kotest.matchers.types.shouldBeInstanceOf
import kotlinx.coroutines.delay
import java.time.Duration
import kotlin.time.Duration.Companion.milliseconds

/** An await where the stack cannot be put aside: in the initializer of a class, which is a native frame. */
class PinnedSpec :
    FunSpec({
        val onLoopKind = FiberKind.LOOP in kindsOfThisJvm

        /** Runs [initialize] in a Java body, and then sees whether body and loop still work. */
        fun refusedAt(initialize: () -> Throwable?) {
            runOn(FiberKind.LOOP) {
                val other =
                    createTask {
                        repeat(20) { sleep(1.milliseconds) }
                        "other"
                    }
                val body =
                    Asyncio.createTask(
                        java {
                            Asyncio.sleep(Duration.ZERO).doAwait()
                            val error = initialize()
                            error.shouldBeInstanceOf<IllegalStateException>()
                            error.message!! shouldContain "pinned"
                            // Long enough for whatever was left behind to come and disturb.
                            Asyncio.sleep(Duration.ZERO).doAwait()
                            Asyncio.sleep(Duration.ofMillis(30)).doAwait()
                            coroutine {
                                sleep(1.milliseconds)
                                delay(1)
                            }.doAwait()
                            "body"
                        },
                    )
                await(body) shouldBe "body"
                await(other) shouldBe "other"
                body.cancelling() shouldBe 0
            }
        }

        test("sleep").config(enabled = onLoopKind) { refusedAt { PinnedSleep.error } }

        test("a bare yield").config(enabled = onLoopKind) { refusedAt { PinnedYield.error } }

        test("a future").config(enabled = onLoopKind) { refusedAt { PinnedFuture.error } }

        test("a suspend function that waits for asyncio runs its finally").config(enabled = onLoopKind) {
            refusedAt { PinnedSuspend.error }
            PinnedSuspend.log shouldContainExactly listOf("begun", "finally")
        }

        test("a suspend function that waits for kotlinx").config(enabled = onLoopKind) {
            refusedAt { PinnedDelay.error }
            PinnedDelay.log.first() shouldBe "begun"
        }

        test("a body that was refused can be cancelled as any other").config(enabled = onLoopKind) {
            runOn(FiberKind.LOOP) {
                val body =
                    Asyncio.createTask(
                        java {
                            PinnedOnce.error.shouldBeInstanceOf<IllegalStateException>()
                            try {
                                Asyncio.sleep(Duration.ofHours(1)).doAwait()
                                "not here"
                            } catch (cancelled: CancelledError) {
                                cancelled.message
                            }
                        },
                    )
                sleep(1.milliseconds)
                body.cancel("stop")
                await(body) shouldBe "stop"
            }
        }

        test("what does not wait is not refused").config(enabled = onLoopKind) {
            runOn(FiberKind.LOOP) {
                await(java { PinnedReady.values }) shouldBe listOf(1, 2, 3)
            }
        }

        test("where a thread of its own carries the body it just waits").config(
            enabled =
                FiberKind.VIRTUAL in kindsOfThisJvm,
        ) {
            runOn(FiberKind.VIRTUAL) {
                await(java { UnpinnedOnVirtual.error }) shouldBe null
            }
        }

        test("and on a platform thread too") {
            runOn(FiberKind.PLATFORM) {
                await(java { UnpinnedOnPlatform.error }) shouldBe null
            }
        }
    })

private val kindsOfThisJvm = asyncio.internal.testing.fiberKinds

private fun failureOf(wait: () -> Unit): Throwable? = runCatching(wait).exceptionOrNull()

private object PinnedSleep {
    val error = failureOf { Asyncio.sleep(Duration.ofMillis(1)).doAwait() }
}

private object PinnedYield {
    val error = failureOf { Asyncio.sleep(Duration.ZERO).doAwait() }
}

private object PinnedFuture {
    val error = failureOf { Asyncio.getRunningLoop().createFuture<Int>().doAwait() }
}

private object PinnedOnce {
    val error = failureOf { Asyncio.sleep(Duration.ofMillis(1)).doAwait() }
}

private object PinnedSuspend {
    val log = ArrayList<String>()
    val error =
        failureOf {
            coroutine {
                try {
                    log.add("begun")
                    sleep(5.milliseconds)
                    log.add("not here")
                } finally {
                    log.add("finally")
                }
            }.doAwait()
        }
}

private object PinnedDelay {
    val log = ArrayList<String>()
    val error =
        failureOf {
            coroutine {
                log.add("begun")
                delay(5)
                log.add("later")
            }.doAwait()
        }
}

private object PinnedReady {
    val values =
        listOf(
            java { 1 }.doAwait(),
            coroutine { 2 }.doAwait(),
            Asyncio
                .getRunningLoop()
                .createFuture<Int>()
                .apply { setResult(3) }
                .doAwait(),
        )
}

private object UnpinnedOnVirtual {
    val error = failureOf { Asyncio.sleep(Duration.ofMillis(1)).doAwait() }
}

private object UnpinnedOnPlatform {
    val error = failureOf { Asyncio.sleep(Duration.ofMillis(1)).doAwait() }
}
