package asyncio.internal.fiber

import asyncio.Asyncio
import asyncio.Asyncio.getRunningLoop
import asyncio.CancelledError
import asyncio.internal.testing.fiberKinds
import asyncio.internal.testing.java
import asyncio.internal.testing.runJavaOn
import asyncio.internal.testing.runOn
import asyncio.internal.testing.waitUntil
import asyncio.internal.thread.VirtualThreads
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import asyncio.kotlin.sleep
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.shouldNotBe
import io.kotest.matchers.types.shouldBeSameInstanceAs
import java.time.Duration
import java.util.concurrent.locks.LockSupport
import java.util.concurrent.locks.ReentrantLock
import kotlin.concurrent.withLock

/** Java bodies, on every kind of fiber that there is. */
class FiberSpec :
    FunSpec({
        for (kind in fiberKinds) {
            context("on $kind") {
                test("a body switches many times and keeps its locals") {
                    runJavaOn(kind) {
                        var sum = 0L
                        for (i in 1..20_000) {
                            nap()
                            sum += i
                        }
                        sum
                    } shouldBe 200_010_000L
                }

                test("bodies take turns, in the order in which they were made") {
                    val log = ArrayList<String>()
                    runJavaOn(kind) {
                        val tasks =
                            listOf("a", "b", "c").map { name ->
                                Asyncio.createTask(
                                    java {
                                        repeat(3) {
                                            log.add("$name$it")
                                            nap()
                                        }
                                    },
                                )
                            }
                        tasks.forEach { it.doAwait() }
                    }
                    log shouldBe listOf("a0", "b0", "c0", "a1", "b1", "c1", "a2", "b2", "c2")
                }

                test("a body that never waits, or fails at once, needs no second turn") {
                    runOn(kind) {
                        val good = Asyncio.createTask(java { 42 })
                        val bad = Asyncio.createTask(java<Int> { throw IllegalArgumentException("bad") })
                        sleep(kotlin.time.Duration.ZERO)
                        good.result() shouldBe 42
                        bad.exception()!!.message shouldBe "bad"
                    }
                }

                test("a checked exception and an Error come out as the same object") {
                    for (thrown in listOf(
                        java.io.IOException("checked"),
                        AssertionError("error"),
                        RuntimeException("unchecked"),
                    )) {
                        runOn(kind) {
                            val caught =
                                runCatching {
                                    await(
                                        java {
                                            nap()
                                            throw thrown
                                        },
                                    )
                                }.exceptionOrNull()
                            caught shouldBeSameInstanceAs thrown
                        }
                    }
                }

                test("a deep recursion of awaits on one stack") {
                    fun down(depth: Int): Int =
                        if (depth == 0) {
                            nap()
                            0
                        } else {
                            1 + java { down(depth - 1) }.doAwait()
                        }
                    runJavaOn(kind) { down(300) } shouldBe 300
                }

                test("a deep recursion of awaits through a stack for each level") {
                    suspend fun down(depth: Int): Int {
                        sleep(kotlin.time.Duration.ZERO)
                        if (depth == 0) return 0
                        return 1 + await(java { 1 + coroutine { down(depth - 1) }.doAwait() })
                    }
                    runOn(kind) { down(60) } shouldBe 120
                }

                test("a chain of tasks, each awaiting the next") {
                    fun down(depth: Int): Int {
                        if (depth == 0) {
                            nap()
                            return 0
                        }
                        return 1 + Asyncio.createTask(java { down(depth - 1) }).doAwait()
                    }
                    runJavaOn(kind) { down(200) } shouldBe 200
                }

                test("while a body waits for a contended lock nothing else runs") {
                    val log = ArrayList<String>()
                    runJavaOn(kind) {
                        val lock = ReentrantLock()
                        val other = logsTwice(log)
                        val holder = holding(lock)
                        log.add("before")
                        lock.withLock { log.add("locked") }
                        log.add("after")
                        holder.join()
                        other.doAwait()
                    }
                    log shouldBe listOf("before", "locked", "after", "other", "other again")
                }

                test("while a body waits for a contended monitor nothing else runs") {
                    val log = ArrayList<String>()
                    runJavaOn(kind) {
                        val monitor = Any()
                        val other = logsTwice(log)
                        val body = Thread.currentThread()
                        val held = java.util.concurrent.CountDownLatch(1)
                        val holder =
                            Thread {
                                synchronized(monitor) {
                                    held.countDown()
                                    waitUntil { body.state == Thread.State.BLOCKED }
                                }
                            }
                        holder.start()
                        held.await()
                        log.add("before")
                        synchronized(monitor) { log.add("locked") }
                        log.add("after")
                        holder.join()
                        other.doAwait()
                    }
                    log shouldBe listOf("before", "locked", "after", "other", "other again")
                }

                test("while a body is parked nothing else runs, and an unpark from another thread brings it back") {
                    val log = ArrayList<String>()
                    runJavaOn(kind) {
                        val other = logsTwice(log)
                        val body = Thread.currentThread()
                        var free = false
                        val helper =
                            Thread {
                                waitUntil { body.state == Thread.State.WAITING }
                                synchronized(log) { free = true }
                                LockSupport.unpark(body)
                            }
                        log.add("before")
                        helper.start()
                        while (!synchronized(log) { free }) LockSupport.park()
                        log.add("after")
                        other.doAwait()
                    }
                    log shouldBe listOf("before", "after", "other", "other again")
                }

                test("while a body sleeps on its thread nothing else runs, and time goes by") {
                    val log = ArrayList<String>()
                    runJavaOn(kind) {
                        val other = logsTwice(log)
                        val start = System.nanoTime()
                        log.add("before")
                        repeat(3) { Thread.sleep(2) }
                        log.add("after")
                        other.doAwait()
                        (System.nanoTime() - start >= 6_000_000) shouldBe true
                    }
                    log shouldBe listOf("before", "after", "other", "other again")
                }

                test("while a body waits for another thread's result nothing else runs, a thousand times") {
                    val log = ArrayList<String>()
                    runJavaOn(kind) {
                        val other = logsTwice(log)
                        val pool =
                            java.util.concurrent.Executors
                                .newSingleThreadExecutor()
                        repeat(1000) { pool.submit { }.get() }
                        pool.shutdown()
                        log.add("after")
                        other.doAwait()
                    }
                    log shouldBe listOf("after", "other", "other again")
                }

                test("Thread.yield in a body is no await") {
                    val log = ArrayList<String>()
                    runJavaOn(kind) {
                        val other = logsTwice(log)
                        repeat(100) {
                            Thread.yield()
                            log.add("own")
                        }
                        other.doAwait()
                    }
                    log shouldBe List(100) { "own" } + listOf("other", "other again")
                }

                test("a stray unpark does not resume a body that awaits") {
                    runJavaOn(kind) {
                        val future = getRunningLoop().createFuture<String>()
                        var thread: Thread? = null
                        val task =
                            Asyncio.createTask(
                                java {
                                    thread = Thread.currentThread()
                                    future.doAwait()
                                },
                            )
                        nap()
                        repeat(100) { LockSupport.unpark(thread) }
                        repeat(10) { nap() }
                        task.done() shouldBe false
                        future.setResult("now")
                        task.doAwait() shouldBe "now"
                    }
                }

                test("the interrupt flag of a body survives its awaits, and is nobody else's") {
                    runJavaOn(kind) {
                        val flagged =
                            Asyncio.createTask(
                                java {
                                    Thread.currentThread().interrupt()
                                    nap()
                                    val kept = listOf(Thread.currentThread().isInterrupted)
                                    Asyncio.sleep(Duration.ofMillis(1)).doAwait()
                                    val keptLonger = Thread.interrupted()
                                    nap()
                                    kept + keptLonger + Thread.interrupted()
                                },
                            )
                        val others =
                            List(3) {
                                Asyncio.createTask(
                                    java {
                                        List(5) {
                                            nap()
                                            Thread.currentThread().isInterrupted
                                        }
                                    },
                                )
                            }
                        flagged.doAwait() shouldBe listOf(true, true, false)
                        for (other in others) other.doAwait() shouldBe List(5) { false }
                        Thread.currentThread().isInterrupted shouldBe false
                    }
                }

                test("a body that ends with its interrupt flag set leaves it to nobody") {
                    runJavaOn(kind) {
                        repeat(20) {
                            Asyncio.createTask(java { Thread.currentThread().interrupt() }).doAwait()
                            Asyncio.createTask(java { Thread.currentThread().isInterrupted }).doAwait() shouldBe false
                        }
                        Asyncio.sleep(Duration.ofMillis(1)).doAwait()
                    }
                }

                test("a body's thread-local is its own, through its awaits") {
                    val local = ThreadLocal<String>()
                    runJavaOn(kind) {
                        local.set("main")
                        val tasks =
                            List(10) { n ->
                                Asyncio.createTask(
                                    java {
                                        val first = local.get()
                                        local.set("task $n")
                                        nap()
                                        Asyncio.sleep(Duration.ofMillis(1)).doAwait()
                                        first to local.get()
                                    },
                                )
                            }
                        tasks.forEachIndexed { n, task -> task.doAwait() shouldBe (null to "task $n") }
                        local.get() shouldBe "main"
                    }
                }

                test("a thread-local of a body that ended is not there for the next one") {
                    val local = ThreadLocal<String>()
                    val inherited = InheritableThreadLocal<String>()
                    runJavaOn(kind) {
                        repeat(20) {
                            Asyncio
                                .createTask(
                                    java {
                                        val found = local.get() to inherited.get()
                                        local.set("left behind")
                                        inherited.set("left behind")
                                        found
                                    },
                                ).doAwait() shouldBe (null to null)
                        }
                        inherited.set("of the parent")
                        Asyncio.createTask(java { inherited.get() }).doAwait() shouldBe null
                    }
                }

                test("a body is on one thread, which no other body has at the same time") {
                    runJavaOn(kind) {
                        val tasks =
                            List(20) {
                                Asyncio.createTask(
                                    java {
                                        val before = Thread.currentThread()
                                        nap()
                                        Thread.currentThread() shouldBeSameInstanceAs before
                                        before
                                    },
                                )
                            }
                        val threads = tasks.map { it.doAwait() }
                        threads.toSet() shouldHaveSize 20
                        threads.toSet().contains(Thread.currentThread()) shouldBe false
                    }
                }

                test("the running loop and the current task are found from everywhere in a body") {
                    runJavaOn(kind) {
                        val loop = getRunningLoop()
                        val main = Asyncio.currentTask()
                        main shouldNotBe null
                        val tasks =
                            List(5) { n ->
                                loop.createTask(
                                    java {
                                        repeat(5) {
                                            getRunningLoop() shouldBeSameInstanceAs loop
                                            Asyncio.currentTask()!!.name shouldBe "own $n"
                                            java { Asyncio.currentTask()!!.name }.doAwait() shouldBe "own $n"
                                            coroutine { Asyncio.currentTask()!!.name }.doAwait() shouldBe "own $n"
                                            nap()
                                        }
                                    },
                                    "own $n",
                                )
                            }
                        var inCallback: Any? = "nothing"
                        loop.callSoon { inCallback = Asyncio.currentTask() }
                        for (task in tasks) task.doAwait()
                        inCallback shouldBe null
                        Asyncio.currentTask() shouldBeSameInstanceAs main
                    }
                }

                test("a cancelled body sees it where it waits, runs its finally, and may await there") {
                    val log = ArrayList<String>()
                    runJavaOn(kind) {
                        val task =
                            Asyncio.createTask(
                                java {
                                    try {
                                        Asyncio.sleep(Duration.ofHours(1)).doAwait()
                                    } catch (cancelled: CancelledError) {
                                        log.add("caught ${cancelled.message}")
                                        throw cancelled
                                    } finally {
                                        nap()
                                        log.add("finally")
                                    }
                                },
                            )
                        nap()
                        task.cancel("because")
                        shouldThrow<CancelledError> { task.doAwait() }
                        task.cancelled() shouldBe true
                    }
                    log shouldBe listOf("caught because", "finally")
                }

                test("a thread that a body starts is no coroutine, and runs") {
                    runJavaOn(kind) {
                        val loop = getRunningLoop()
                        val done = loop.createFuture<Boolean>()
                        val body =
                            Runnable {
                                val outside = runCatching { nap() }.exceptionOrNull() is IllegalStateException
                                loop.callSoonThreadsafe { done.setResult(outside) }
                            }
                        Thread(body).start()
                        done.doAwait() shouldBe true
                        if (VirtualThreads.factory != null) {
                            val doneToo = loop.createFuture<Boolean>()
                            Thread::class.java.getMethod("startVirtualThread", Runnable::class.java).invoke(
                                null,
                                Runnable {
                                    val outside = runCatching { nap() }.exceptionOrNull() is IllegalStateException
                                    loop.callSoonThreadsafe { doneToo.setResult(outside) }
                                },
                            )
                            doneToo.doAwait() shouldBe true
                        }
                    }
                }

                test("a task that is left when the loop ends is cancelled, and its finally runs") {
                    val log = ArrayList<String>()
                    runJavaOn(kind) {
                        Asyncio.createTask(
                            java {
                                try {
                                    Asyncio.sleep(Duration.ofHours(1)).doAwait()
                                } finally {
                                    log.add("finally")
                                }
                            },
                        )
                        nap()
                        log.add("main ends")
                    }
                    log shouldBe listOf("main ends", "finally")
                }

                test("no thread of the loop's outlives it") {
                    val before = Thread.getAllStackTraces().keys
                    runJavaOn(kind) {
                        val tasks = List(20) { Asyncio.createTask(java { nap() }) }
                        tasks.forEach { it.doAwait() }
                        Asyncio.toThread<Int> { 1 }.doAwait()
                    }
                    waitUntil {
                        (Thread.getAllStackTraces().keys - before).none { it.name.startsWith("asyncio-") }
                    }
                }
            }
        }
    })

private fun nap() {
    Asyncio.sleep(Duration.ZERO).doAwait()
}

/** A task that would show itself in [log] if it got a turn. */
private fun logsTwice(log: MutableList<String>) =
    Asyncio.createTask(
        java {
            log.add("other")
            nap()
            log.add("other again")
        },
    )

/** A thread that holds [lock] until somebody waits for it. */
private fun holding(lock: ReentrantLock): Thread {
    val held = java.util.concurrent.CountDownLatch(1)
    val holder =
        Thread {
            lock.withLock {
                held.countDown()
                waitUntil { lock.hasQueuedThreads() }
            }
        }
    holder.start()
    held.await()
    return holder
}
