package asyncio.internal.fiber

import asyncio.AsyncGenerator
import asyncio.Asyncio
import asyncio.Task
import asyncio.internal.testing.java
import asyncio.internal.testing.onNewThread
import asyncio.internal.testing.runJavaOn
import asyncio.internal.testing.runJavaVirtually
import asyncio.internal.testing.waitUntil
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldHaveSize
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import java.time.Duration
import java.util.concurrent.CopyOnWriteArrayList
import java.util.logging.Handler
import java.util.logging.LogRecord
import java.util.logging.Logger

/** Platform threads for Java bodies: there is this carrier on every JVM. */
class PlatformFibersSpec :
    FunSpec({
        val usual = FiberLimit.max

        fun limit(threads: Int): Unit = FiberLimit.set(threads, threads)

        afterTest {
            FiberThreads.starter = Thread::start
            FiberLimit.set(minOf(8_000, usual), usual)
            FiberLimit.inUse shouldBe 0
        }

        test("one body after another runs on the same thread, and finds nothing of the one before") {
            if (!ThreadLocals.canErase) return@test
            val local = ThreadLocal<String>()
            val threads = LinkedHashSet<Thread>()
            runJavaOn(Carrier.PLATFORM) {
                repeat(1_000) {
                    Asyncio
                        .createTask(
                            java {
                                threads.add(Thread.currentThread())
                                local.get() shouldBe null
                                Thread.interrupted() shouldBe false
                                local.set("left")
                                Thread.currentThread().interrupt()
                            },
                        ).await()
                }
            }
            threads shouldHaveSize 1
            waitUntil { threads.none(Thread::isAlive) }
        }

        test("where the limit is larger, what has to wait uses the threads of those that have ended") {
            limit(8)
            val threads = HashSet<Thread>()
            runJavaVirtually(Carrier.PLATFORM) {
                val tasks =
                    List(100) {
                        Asyncio.createTask(
                            java {
                                threads.add(Thread.currentThread())
                                Asyncio.sleep(Duration.ofMillis(1)).await()
                            },
                        )
                    }
                tasks.forEach { it.await() }
            }
            if (ThreadLocals.canErase) threads shouldHaveSize 7
        }

        test("idle threads of one loop end where another loop needs some") {
            limit(8)
            val idle = LinkedHashSet<Thread>()
            runJavaOn(Carrier.PLATFORM) {
                val tasks = List(7) { Asyncio.createTask(java { idle.add(Thread.currentThread()) }) }
                Asyncio.gather(tasks).await()
                val others = List(3) { java { Asyncio.sleep(Duration.ZERO).await() } }
                onNewThread {
                    runJavaOn(Carrier.PLATFORM) { Asyncio.gather(others.map { Asyncio.createTask(it) }).await() }
                }
                waitUntil { idle.count(Thread::isAlive) <= 5 }
            }
        }

        test("a thread that the machine refuses lowers the limit, and the body begins when another has ended") {
            // Elsewhere a thread serves one body only, so that no other can be waited for.
            if (!ThreadLocals.canErase) return@test
            limit(100)
            var started = 0
            FiberThreads.starter = { thread ->
                if (++started > 9) throw OutOfMemoryError("unable to create native thread (a test)")
                thread.start()
            }
            val log = ArrayList<Int>()
            val lines =
                logged {
                    runJavaVirtually(Carrier.PLATFORM) {
                        val tasks =
                            List(30) { i ->
                                Asyncio.createTask(
                                    java {
                                        log.add(i)
                                        Asyncio.sleep(Duration.ofMillis(1)).await()
                                    },
                                )
                            }
                        tasks.forEach { it.await() }
                    }
                }
            log shouldBe (0 until 30).toList()
            FiberLimit.max shouldBe 8
            lines.filter { "From now on at most 8 coroutines" in it } shouldHaveSize 1
        }

        test("where there is no other thread to wait for, the task alone fails") {
            runJavaOn(Carrier.PLATFORM) {
                FiberThreads.starter = { throw OutOfMemoryError("unable to create native thread (a test)") }
                limit(1)
                FiberLimit.inUse shouldBe 1
            }
            val refusal = shouldThrow<IllegalStateException> { runJavaOn(Carrier.PLATFORM) { 1 } }
            refusal.message shouldContain "the machine refuses to start one"
            (refusal.cause is OutOfMemoryError) shouldBe true
            FiberThreads.starter = Thread::start
            runJavaOn(Carrier.PLATFORM) { 1 } shouldBe 1
        }

        test("a generator whose thread the machine refuses can be asked again") {
            if (!ThreadLocals.canErase) return@test
            limit(100)
            runJavaVirtually(Carrier.PLATFORM) {
                val sleeper = Asyncio.createTask(java { Asyncio.sleep(Duration.ofSeconds(1)).await() })
                Asyncio.sleep(Duration.ZERO).await()
                FiberThreads.starter = { throw OutOfMemoryError("unable to create native thread (a test)") }
                val generator = Asyncio.asyncGenerator<Int> { out -> out.yield(1) }
                val first: Task<Int> = Asyncio.createTask(generator.anext())
                Asyncio.sleep(Duration.ZERO).await()
                first.toString() shouldContain "waitFor=<a free thread>"
                sleeper.await()
                first.await() shouldBe 1
                closed(generator)
            }
        }

        test("a word is said when thousands are held, where no virtual threads would do") {
            limit(100_000)
            val lines =
                logged {
                    repeat(2) {
                        repeat(6_000) { FiberLimit.take(0) shouldBe true }
                        repeat(6_000) { FiberLimit.giveBack(null) }
                    }
                }
            if (VirtualThreads.factory == null) {
                lines shouldHaveSize 1
                lines[0] shouldContain "5000 coroutines"
                lines[0] shouldContain "-Dasyncio.carrier.threads="
            } else {
                lines.shouldBeEmpty()
            }
        }

        test("threads are kept for tasks that are made by tasks") {
            limit(64)

            fun most(depth: Int): Int {
                var taken = 0
                while (FiberLimit.take(depth)) taken++
                return taken
            }
            listOf(0, 1, 2, 3).map(::most) shouldBe listOf(48, 12, 3, 1)
            repeat(64) { FiberLimit.giveBack(null) }
        }
    })

private fun closed(generator: AsyncGenerator<*>) {
    generator.aclose().await()
}

/** What the library logs meanwhile. */
private fun logged(code: () -> Unit): List<String> {
    val lines = CopyOnWriteArrayList<String>()
    val logger = Logger.getLogger("asyncio")
    val handler =
        object : Handler() {
            override fun publish(record: LogRecord) {
                lines.add(record.message)
            }

            override fun flush(): Unit = Unit

            override fun close(): Unit = Unit
        }
    val usedParents = logger.useParentHandlers
    logger.useParentHandlers = false
    logger.addHandler(handler)
    try {
        code()
    } finally {
        logger.removeHandler(handler)
        logger.useParentHandlers = usedParents
    }
    return lines
}
