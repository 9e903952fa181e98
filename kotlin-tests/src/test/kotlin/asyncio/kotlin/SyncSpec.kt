package asyncio.kotlin

import asyncio.AsyncContextManager
import asyncio.Asyncio
import asyncio.Awaitable
import asyncio.Barrier
import asyncio.CancelledError
import asyncio.Condition
import asyncio.Event
import asyncio.Lock
import asyncio.Queue
import asyncio.Semaphore
import asyncio.internal.testing.java
import asyncio.internal.testing.runOn
import asyncio.internal.testing.runVirtually
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldContain
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.TimeoutCancellationException
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeout
import kotlin.time.Duration
import kotlin.time.Duration.Companion.seconds

/** Locks, queues and the like in suspend functions. */
class SyncSpec :
    FunSpec({
        suspend fun turn() = sleep(Duration.ZERO)

        test("a lock, a semaphore and the lock of a condition are held in a block, and released whatever happens") {
            runOn {
                val lock = Lock.create()
                val semaphore = Semaphore.create(1)
                val condition = Condition.create()
                lock.withLock { lock.locked() } shouldBe true
                semaphore.withPermit { semaphore.locked() } shouldBe true
                condition.withLock { condition.locked() } shouldBe true
                shouldThrow<ArithmeticException> { lock.withLock { throw ArithmeticException() } }
                shouldThrow<ArithmeticException> { semaphore.withPermit { throw ArithmeticException() } }
                shouldThrow<ArithmeticException> { condition.withLock { throw ArithmeticException() } }

                suspend fun leaveEarly(): Int = lock.withLock { return 1 }
                leaveEarly() shouldBe 1
                listOf(lock.locked(), semaphore.locked(), condition.locked()) shouldContainExactly
                    listOf(false, false, false)
            }
        }

        test("suspend functions and Java bodies wait for the same lock in the order of coming") {
            runOn {
                val lock = Lock.create()
                val log = ArrayList<Int>()
                await(lock.acquire())
                val tasks =
                    List(6) { n ->
                        if (n % 2 == 0) {
                            createTask { lock.withLock { log.add(n) } }
                        } else {
                            Asyncio.createTask(
                                java {
                                    lock.acquire().doAwait()
                                    log.add(n)
                                    lock.release()
                                    true
                                },
                            )
                        }
                    }
                turn()
                log.shouldBeEmpty()
                lock.release()
                await(gather(*tasks.toTypedArray()))
                log shouldContainExactly listOf(0, 1, 2, 3, 4, 5)
            }
        }

        test("use hears of what the block raised, and may swallow it") {
            class Manager(
                private val swallows: Boolean,
            ) : AsyncContextManager<String> {
                var seen: Throwable? = null

                override fun aenter(): Awaitable<String> = coroutine { "value" }

                override fun aexit(error: Throwable?): Awaitable<Boolean> =
                    coroutine {
                        turn()
                        seen = error
                        swallows
                    }
            }
            runOn {
                Manager(false).use { "$it!" } shouldBe "value!"
                val failure = ArithmeticException()
                val strict = Manager(false)
                shouldThrow<ArithmeticException> { strict.use { throw failure } }
                strict.seen shouldBe failure
                val lenient = Manager(true)
                lenient.use<String, Int> { throw failure } shouldBe null
                lenient.seen shouldBe failure
            }
        }

        test("use of a barrier gives its index") {
            runOn {
                val barrier = Barrier.create(2)
                val first = createTask { barrier.use { it } }
                turn()
                barrier.use { it } shouldBe 1
                await(first) shouldBe 0
            }
        }

        test("a queue is gone through with for, until it is shut down and empty") {
            runOn {
                val queue = Queue.create<Int?>(2)
                val producer =
                    createTask {
                        for (n in 0..5) await(queue.put(n))
                        await(queue.put(null))
                        queue.shutdown()
                    }
                val items = ArrayList<Int?>()
                for (item in queue) items.add(item)
                items shouldContainExactly listOf(0, 1, 2, 3, 4, 5, null)
                await(producer)
                for (item in queue) throw AssertionError("nothing is left: $item")
            }
        }

        test("an item needs hasNext before next") {
            runOn {
                val queue = Queue.create<Int>()
                queue.putNowait(1)
                queue.shutdown()
                val items = queue.iterator()
                shouldThrow<NoSuchElementException> { items.next() }
                items.hasNext() shouldBe true
                items.hasNext() shouldBe true
                items.next() shouldBe 1
                shouldThrow<NoSuchElementException> { items.next() }
                items.hasNext() shouldBe false
                items.hasNext() shouldBe false
            }
        }

        test("a primitive's coroutine may be a task, and cancelled") {
            runOn {
                val event = Event.create()
                val queue = Queue.create<Int>()
                val waiting = Asyncio.createTask(event.waitSet())
                val getting = Asyncio.createTask(queue.get())
                turn()
                waiting.cancel()
                queue.putNowait(1)
                shouldThrow<CancelledError> { await(waiting) }
                await(getting) shouldBe 1
                event.toString() shouldBe "<Event unset, waiters:0>"
            }
        }

        test("off its loop a primitive is refused") {
            runOn {
                val lock = Lock.create()
                shouldThrow<IllegalStateException> { withContext(Dispatchers.IO) { await(lock.acquire()) } }
                    .message shouldContain "callSoonThreadsafe"
                lock.locked() shouldBe false
            }
        }

        test("a timeout of kotlinx around the wait for a condition ends it with the lock held") {
            runVirtually {
                val condition = Condition.create()
                await(condition.acquire())
                shouldThrow<TimeoutCancellationException> {
                    withTimeout(1000) { await(condition.waitNotified()) }
                }
                condition.locked() shouldBe true
                condition.release()
                condition.toString() shouldBe "<Condition unlocked, waiters:0>"
            }
        }

        test("a timeout of kotlinx around the wait for a condition waits for the lock, which somebody else has") {
            runVirtually {
                val condition = Condition.create()
                val log = ArrayList<String>()
                await(condition.acquire())
                val other =
                    createTask {
                        condition.withLock {
                            sleep(5.seconds)
                            log.add("other leaves")
                        }
                    }
                turn()
                shouldThrow<TimeoutCancellationException> {
                    withTimeout(1000) { await(condition.waitNotified()) }
                }
                log.add("main")
                condition.locked() shouldBe true
                condition.release()
                await(other)
                log shouldContainExactly listOf("other leaves", "main")
            }
        }
    })
