package asyncio.internal.fiber

import asyncio.internal.testing.onNewThread
import asyncio.internal.testing.waitUntil
import asyncio.internal.thread.VirtualThreads
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.util.concurrent.ThreadFactory
import java.util.concurrent.locks.LockSupport

class BatonSpec :
    FunSpec({
        val factories =
            listOfNotNull(
                "platform" to ThreadFactory { Thread(it).apply { isDaemon = true } },
                VirtualThreads.factory?.let { "virtual" to it },
            )
        for ((kind, factory) in factories) {
            test("a $kind thread and the owner take turns, strictly") {
                val rounds = 5_000
                val log = ArrayList<Int>(2 * rounds)
                onNewThread {
                    val owner = Thread.currentThread()
                    val baton = Baton()
                    val other =
                        factory.newThread {
                            for (i in 0 until rounds) {
                                log.add(2 * i + 1)
                                baton.giveBack(owner)
                                if (i < rounds - 1) baton.awaitTurn()
                            }
                        }
                    for (i in 0 until rounds) {
                        log.add(2 * i)
                        if (i == 0) baton.passByStarting { other.start() } else baton.passTo(other)
                    }
                    other.join()
                }
                log shouldBe (0 until 2 * rounds).toList()
            }

            test(
                "stray permits and interrupts do not let a $kind thread run before its turn, and an interrupt is kept",
            ) {
                val log = ArrayList<String>()
                var interrupted = false
                onNewThread {
                    val owner = Thread.currentThread()
                    val baton = Baton()
                    val other =
                        factory.newThread {
                            baton.giveBack(owner)
                            baton.awaitTurn()
                            log.add("other")
                            interrupted = Thread.interrupted()
                            baton.giveBack(owner)
                        }
                    baton.passByStarting { other.start() }
                    waitUntil { other.state == Thread.State.WAITING }
                    repeat(100) { LockSupport.unpark(other) }
                    other.interrupt()
                    LockSupport.unpark(owner)
                    waitUntil { other.state == Thread.State.WAITING }
                    log.add("owner")
                    baton.passTo(other)
                    log.add("owner again")
                    other.join()
                }
                log shouldBe listOf("owner", "other", "owner again")
                interrupted shouldBe true
            }
        }

        test("an interrupt of the owner while it waits is kept for its own code") {
            onNewThread {
                val owner = Thread.currentThread()
                val baton = Baton()
                val other =
                    Thread {
                        waitUntil { owner.state == Thread.State.WAITING }
                        owner.interrupt()
                        baton.giveBack(owner)
                    }
                baton.passByStarting { other.start() }
                Thread.interrupted()
            } shouldBe true
        }
    })
