package asyncio.internal.loop

import asyncio.internal.callback.ThreadsafeHandle
import asyncio.internal.fiber.Baton
import asyncio.internal.run.EventLoopImpl
import asyncio.internal.testing.ThreadHost
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.annotation.Tags
import io.kotest.core.spec.style.FunSpec
import io.kotest.core.test.Enabled
import io.kotest.core.test.config.DefaultTestConfig
import org.jetbrains.lincheck.Lincheck
import org.jetbrains.lincheck.LincheckAssertionError
import kotlin.concurrent.thread

/**
 * What several threads touch, under a model checker that tries their interleavings. On JDK 17 the checker itself stands still
 * at times; what it checks is the same bytecode on every JDK.
 */
@Tags("once")
class ModelCheckedSpec :
    FunSpec({
        val loop = EventLoopImpl(ThreadHost())
        afterSpec { loop.close() }

        defaultTestConfig =
            DefaultTestConfig(
                enabledOrReasonIf = {
                    if (Runtime.version().feature() >= 21) {
                        Enabled.enabled
                    } else {
                        Enabled.disabled("Lincheck hangs on JDK 17")
                    }
                },
            )

        test("the checker finds what is wrong") {
            shouldThrow<LincheckAssertionError> {
                check {
                    var count = 0
                    val other = thread { count++ }
                    count++
                    other.join()
                    check(count == 2)
                }
            }
        }

        test("the inbox loses nothing, keeps the order of each thread, and asks for as many wake-ups as are needed") {
            check {
                val inbox = Inbox()
                val ready = ReadyQueue()
                val taken = ArrayList<Int>()
                var wakeUps = 0
                var batches = 0

                fun handle(number: Int) = ThreadsafeHandle(loop) { taken.add(number) }

                fun drain() {
                    if (inbox.isEmpty()) return
                    inbox.drainTo(ready)
                    if (ready.size > 0) batches++
                    while (ready.size > 0) ready.poll().turn()
                }
                var firstOfOther = false
                val other = thread { firstOfOther = inbox.put(handle(1)) }
                if (inbox.put(handle(10))) wakeUps++
                drain()
                if (inbox.put(handle(11))) wakeUps++
                other.join()
                if (firstOfOther) wakeUps++
                drain()
                check(taken.sorted() == listOf(1, 10, 11)) { "$taken" }
                check(taken.indexOf(10) < taken.indexOf(11)) { "$taken" }
                check(wakeUps == batches) { "$wakeUps wake-ups, $batches batches" }
            }
        }

        test("a handle runs or is called off, never both; whoever calls it off waits for its end") {
            check {
                var began = false
                var ended = false
                val handle =
                    ThreadsafeHandle(loop) {
                        began = true
                        ended = true
                    }
                var endedAtCancel = false
                var beganAtCancel = false
                val other =
                    thread {
                        handle.cancel()
                        beganAtCancel = began
                        endedAtCancel = ended
                    }
                handle.turn()
                other.join()
                check(beganAtCancel == began && endedAtCancel == ended) { "it ran after cancel" }
                check(handle.cancelled())
            }
        }

        test("two threads that call a handle off see the same") {
            check {
                var runs = 0
                val handle = ThreadsafeHandle(loop) { runs++ }
                val other = thread { handle.cancel() }
                handle.cancel()
                other.join()
                handle.turn()
                check(runs == 0)
            }
        }

        test("a baton has one holder at a time") {
            check {
                val baton = Baton()
                val giver = Thread.currentThread()
                var inBody = false
                var turns = 0
                val body =
                    Thread {
                        repeat(2) { round ->
                            check(!inBody)
                            inBody = true
                            turns++
                            inBody = false
                            baton.giveBack(giver)
                            if (round == 0) baton.awaitTurn()
                        }
                    }
                baton.passByStarting { body.start() }
                check(!inBody && turns == 1)
                baton.passTo(body)
                check(!inBody && turns == 2)
                body.join()
            }
        }
    })

/**
 * The checker counts real time to find what hangs, and a busy machine may take it. What really hangs does so each time: the
 * checker always tries the same interleavings.
 */
private fun check(code: Runnable) {
    repeat(ATTEMPTS - 1) {
        try {
            return Lincheck.runConcurrentTest(INVOCATIONS, code)
        } catch (error: LincheckAssertionError) {
            if ("has hung" !in error.message.orEmpty()) throw error
        }
    }
    Lincheck.runConcurrentTest(INVOCATIONS, code)
}

private const val INVOCATIONS = 200
private const val ATTEMPTS = 3
