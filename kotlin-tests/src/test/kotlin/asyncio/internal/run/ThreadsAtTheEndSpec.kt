package asyncio.internal.run

import asyncio.CancelledError
import asyncio.internal.run.runThreadsafe
import asyncio.internal.testing.ThreadHost
import asyncio.internal.testing.fiberKinds
import asyncio.internal.testing.java
import asyncio.internal.testing.onNewThread
import asyncio.kotlin.coroutine
import asyncio.kotlin.sleep
import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeIn
import io.kotest.matchers.shouldBe
import java.util.concurrent.CancellationException
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CountDownLatch
import java.util.concurrent.ExecutionException
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.thread
import kotlin.time.Duration

/** Other threads that turn to a loop while it ends: nobody waits in vain, and nothing runs afterwards. */
class ThreadsAtTheEndSpec :
    FunSpec({
        for (kind in fiberKinds) {
            test("callSoonThreadsafe while the loop stops and closes, on $kind") {
                onNewThread {
                    repeat(ROUNDS) {
                        val loop = EventLoopImpl(ThreadHost(), kind)
                        val isClosed = CompletableFuture<Unit>()
                        val late = AtomicInteger()
                        val waiting = AtomicInteger()
                        val started = CountDownLatch(THREADS)
                        val refusals =
                            List(THREADS) {
                                val refusal = CompletableFuture<Throwable>()
                                thread {
                                    started.countDown()
                                    while (!refusal.isDone) {
                                        letTheLoopFollow(loop) { waiting.get() }
                                        try {
                                            loop.callSoonThreadsafe {
                                                waiting.decrementAndGet()
                                                if (isClosed.isDone) late.incrementAndGet()
                                            }
                                            waiting.incrementAndGet()
                                        } catch (error: Throwable) {
                                            refusal.complete(error)
                                        }
                                    }
                                }
                                refusal
                            }
                        started.await()
                        loop.runUntilComplete(
                            java { repeat(3) { asyncio.Asyncio.sleep(java.time.Duration.ZERO).doAwait() } },
                        )
                        loop.close()
                        isClosed.complete(Unit)
                        for (refusal in refusals) {
                            refusal.get(10, TimeUnit.SECONDS).message shouldBe
                                "Event loop is closed"
                        }
                        late.get() shouldBe 0
                    }
                }
            }

            test("runCoroutineThreadsafe while the loop stops and closes, on $kind") {
                onNewThread {
                    repeat(ROUNDS) {
                        val loop = EventLoopImpl(ThreadHost(), kind)
                        loop.setExceptionHandler { _, _ -> }
                        val started = CountDownLatch(1)
                        val outcomes = CompletableFuture<List<CompletableFuture<Int>>>()
                        thread {
                            val all = ArrayList<CompletableFuture<Int>>()
                            started.countDown()
                            try {
                                while (true) {
                                    letTheLoopFollow(loop) { all.takeLast(MOST).count { !it.isDone } }
                                    val number = all.size
                                    val work =
                                        if (number % 2 == 0) {
                                            java { number }
                                        } else {
                                            coroutine {
                                                sleep(Duration.ZERO)
                                                number
                                            }
                                        }
                                    all.add(runThreadsafe(work, loop))
                                }
                            } catch (_: IllegalStateException) {
                                outcomes.complete(all)
                            }
                        }
                        started.await()
                        loop.runUntilComplete(coroutine { repeat(5) { sleep(Duration.ZERO) } })
                        loop.close()
                        outcomes.get(10, TimeUnit.SECONDS).forEachIndexed { number, outcome ->
                            withClue(outcome) { endOf(outcome) shouldBeIn listOf(number, "closed", "cancelled") }
                        }
                    }
                }
            }

            test("a future's twin is cancelled, completed and left behind by different threads, on $kind") {
                onNewThread {
                    repeat(ROUNDS) {
                        val loop = EventLoopImpl(ThreadHost(), kind)
                        loop.setExceptionHandler { _, _ -> }
                        val future = loop.createFuture<String>()
                        val twin = future.toCompletableFuture()
                        val go = CountDownLatch(1)
                        val canceller =
                            thread {
                                go.await()
                                twin.cancel(true)
                            }
                        val completer =
                            thread {
                                go.await()
                                try {
                                    loop.callSoonThreadsafe { if (!future.done()) future.setResult("done") }
                                } catch (_: IllegalStateException) {
                                    // It was closed before.
                                }
                            }
                        loop.runUntilComplete(
                            coroutine {
                                go.countDown()
                                repeat(5) { sleep(Duration.ZERO) }
                            },
                        )
                        loop.close()
                        endOf(twin) shouldBeIn listOf("done", "cancelled", "closed")
                        canceller.join()
                        completer.join()
                    }
                }
            }
        }
    })

/** Who asks faster than the loop runs makes its iterations longer and longer. */
private fun letTheLoopFollow(
    loop: EventLoopImpl,
    waiting: () -> Int,
) {
    while (!loop.isClosed && waiting() >= MOST) Thread.yield()
}

/** How it ended, and that it did. */
private fun endOf(outcome: CompletableFuture<*>): Any? =
    try {
        outcome.get(10, TimeUnit.SECONDS)
    } catch (_: CancellationException) {
        "cancelled"
    } catch (failed: ExecutionException) {
        val cause = failed.cause
        if (cause is CancelledError || cause is CancellationException) {
            "cancelled"
        } else if (cause?.message == "Event loop is closed") {
            "closed"
        } else {
            failed
        }
    }

private const val ROUNDS = 100
private const val THREADS = 2
private const val MOST = 20
