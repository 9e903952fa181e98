package asyncio.kotlin

import asyncio.AsyncContextManager
import asyncio.AsyncExitStack
import asyncio.Asyncio
import asyncio.CancelledError
import asyncio.StopAsyncIteration
import asyncio.WithBlock
import asyncio.internal.testing.fiberKinds
import asyncio.internal.testing.java
import asyncio.internal.testing.runJavaOn
import asyncio.internal.testing.runOn
import asyncio.internal.testing.runVirtually
import io.kotest.assertions.throwables.shouldThrow
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.booleans.shouldBeFalse
import io.kotest.matchers.booleans.shouldBeTrue
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.collections.shouldContainExactly
import io.kotest.matchers.nulls.shouldBeNull
import io.kotest.matchers.shouldBe
import io.kotest.matchers.string.shouldStartWith
import io.kotest.matchers.types.shouldBeSameInstanceAs
import kotlinx.coroutines.delay
import java.io.IOException
import kotlin.time.Duration
import kotlin.time.Duration.Companion.hours
import kotlin.time.Duration.Companion.milliseconds
import kotlin.time.Duration.Companion.seconds

private val log = ArrayList<Any?>()

private class Connection(
    val name: String,
) {
    suspend fun execute(statement: String) {
        sleep(Duration.ZERO)
        log.add("$name: $statement")
        if ("bad" in statement) throw IOException("syntax error")
    }

    suspend fun aclose() {
        sleep(Duration.ZERO)
        log.add("$name closed")
    }
}

private suspend fun open(): Connection {
    delay(1.milliseconds)
    return Connection("db")
}

private fun connection(): AsyncContextManager<Connection> =
    asyncContextManager {
        val connection = open()
        try {
            yield(connection)
        } finally {
            connection.aclose()
        }
    }

private fun transaction(): AsyncContextManager<Connection> =
    asyncContextManager {
        connection().use { connection ->
            connection.execute("begin")
            try {
                yield(connection)
                connection.execute("commit")
            } catch (error: Throwable) {
                connection.execute("rollback")
                throw error
            }
        }
    }

/** How long its block took. */
private fun timing(): AsyncContextManager<String> =
    asyncContextManager {
        val start = Asyncio.getRunningLoop().time()
        yield("clock")
        log.add(Asyncio.getRunningLoop().time() - start)
    }

class AsyncContextManagersSpec :
    FunSpec({
        beforeTest { log.clear() }

        test("a resource is closed whatever happens") {
            runOn {
                connection().use { it.execute("select") }
                shouldThrow<IOException> { connection().use { it.execute("bad") } }
                log shouldContainExactly listOf("db: select", "db closed", "db: bad", "db closed")
            }
        }

        test("a transaction ends with its block") {
            runOn {
                transaction().use { it.execute("insert") }
                log shouldContainExactly listOf("db: begin", "db: insert", "db: commit", "db closed")
                log.clear()
                shouldThrow<IOException> { transaction().use { it.execute("bad") } }
                log shouldContainExactly listOf("db: begin", "db: bad", "db: rollback", "db closed")
            }
        }

        test("the block has a value, and takes its time") {
            runVirtually {
                timing().use {
                    sleep(3.seconds)
                    "$it runs"
                } shouldBe "clock runs"
            }
            log shouldContainExactly listOf(java.time.Duration.ofSeconds(3))
        }

        test("an exception of the block is raised at the yield: swallowed, replaced, thrown again") {
            runOn {
                val error = IllegalArgumentException("it")
                asyncContextManager {
                    try {
                        yield(1)
                    } catch (got: IllegalArgumentException) {
                        log.add(got)
                    }
                }.use { throw error }.shouldBeNull()
                log shouldContainExactly listOf<Any?>(error)
                val instead =
                    shouldThrow<NoSuchElementException> {
                        asyncContextManager {
                            try {
                                yield(1)
                            } catch (_: IllegalArgumentException) {
                                throw NoSuchElementException("instead")
                            }
                        }.use { throw error }
                    }
                instead.suppressed.toList() shouldContainExactly listOf(error)
                shouldThrow<IllegalArgumentException> { asyncContextManager { yield(1) }.use { throw error } }
                    .shouldBeSameInstanceAs(error)
                error.suppressed.toList().shouldBeEmpty()
                val end = StopAsyncIteration()
                shouldThrow<StopAsyncIteration> { asyncContextManager { yield(1) }.use { throw end } }
                    .shouldBeSameInstanceAs(end)
            }
        }

        test("a body that does not yield once is refused") {
            runOn {
                shouldThrow<IllegalStateException> { asyncContextManager<Int> { }.use { } }.message!! shouldStartWith
                    "generator didn't yield"

                fun twice() =
                    asyncContextManager {
                        try {
                            try {
                                yield(1)
                            } catch (_: IOException) {
                            }
                            yield(2)
                        } finally {
                            sleep(Duration.ZERO)
                            log.add("closed")
                        }
                    }
                shouldThrow<IllegalStateException> { twice().use { } }.message!! shouldStartWith
                    "generator didn't stop:"
                val error = IOException("it")
                val refusal = shouldThrow<IllegalStateException> { twice().use { throw error } }
                refusal.message!! shouldStartWith "generator didn't stop after athrow()"
                refusal.suppressed.toList() shouldContainExactly listOf(error)
                log shouldContainExactly listOf("closed", "closed")
            }
        }

        test("it is for one block") {
            runOn {
                val once = timing()
                once.use { }
                shouldThrow<IllegalStateException> { once.use { log.add("not reached") } }.message!! shouldStartWith
                    "cannot enter twice"
                await(connection().aexit(IOException())).shouldBeFalse()
            }
        }

        test("cancellations go through it, at the entry, in the block and at the exit") {
            runVirtually {
                fun slow(where: String) =
                    asyncContextManager {
                        if (where == "entry") sleep(1.hours)
                        try {
                            yield(where)
                        } catch (error: Throwable) {
                            log.add(error.message)
                            throw error
                        } finally {
                            if (where == "exit") sleep(1.hours)
                            log.add("finally")
                        }
                    }
                for (where in listOf("entry", "block", "exit")) {
                    val task = createTask { slow(where).use { if (where == "block") delay(1.hours) } }
                    sleep(1.seconds)
                    task.cancel(where)
                    shouldThrow<CancelledError> { await(task) }.message shouldBe where
                    task.cancelled().shouldBeTrue()
                }
                log shouldContainExactly listOf("block", "finally")
            }
        }

        test("an exit stack enters it") {
            runOn {
                AsyncExitStack.create().use { stack ->
                    await(stack.enterAsyncContext(connection())).execute("one")
                    await(stack.enterAsyncContext(connection())).execute("two")
                }
                log shouldContainExactly listOf("db: one", "db: two", "db closed", "db closed")
            }
        }

        for (kind in fiberKinds) {
            test("Java bodies and suspend functions use each other's, on $kind") {
                fun inJava(): AsyncContextManager<Connection> =
                    Asyncio.asyncContextManager { out ->
                        Asyncio.with(
                            transaction(),
                            WithBlock<Connection, Exception> { connection ->
                                Asyncio.sleep(java.time.Duration.ZERO).doAwait()
                                out.yield<Any?>(connection)
                            },
                        )
                    }
                val expected = listOf("db: begin", "db: bad", "db: rollback", "db closed")
                runOn(kind) {
                    shouldThrow<IOException> { inJava().use { it.execute("bad") } }
                    log shouldContainExactly expected
                    log.clear()
                    await(java { Asyncio.with(inJava(), WithBlock<Connection, Exception> { }) })
                    log shouldContainExactly listOf("db: begin", "db: commit", "db closed")
                    log.clear()
                }
                runJavaOn(kind) {
                    shouldThrow<IOException> {
                        Asyncio.with(
                            transaction(),
                            WithBlock<Connection, Exception> { coroutine { it.execute("bad") }.doAwait() },
                        )
                    }
                    log shouldContainExactly expected
                }
            }
        }
    })
