package asyncio.semantics

import asyncio.AsyncGenerator
import asyncio.GeneratorExit
import asyncio.kotlin.asyncGenerator
import asyncio.kotlin.sleep
import kotlin.time.Duration

/** The generators of calls.py as suspend functions. */
object SuspendGenerators {
    @JvmStatic
    fun create(
        name: String,
        log: MutableList<Any?>,
    ): AsyncGenerator<Any> =
        asyncGenerator {
            when (name) {
                "noting" -> {
                    try {
                        yield(1)
                        yield(2)
                    } catch (error: Throwable) {
                        log.add(GeneratorCallsTest.nameOf(error))
                        throw error
                    } finally {
                        sleep(Duration.ZERO)
                        log.add("finally")
                    }
                }

                "stubborn" -> {
                    try {
                        yield(1)
                    } catch (_: GeneratorExit) {
                        log.add("ignored")
                        yield(2)
                    }
                    try {
                        yield(3)
                    } catch (error: Throwable) {
                        log.add(GeneratorCallsTest.nameOf(error))
                        throw error
                    }
                }

                "failing" -> {
                    yield(1)
                    throw NoSuchElementException("body")
                }

                "answering" -> {
                    try {
                        log.add(yield(1))
                    } catch (_: IllegalArgumentException) {
                        yield("answer")
                    }
                    yield("next")
                }

                "swallowing" -> {
                    try {
                        yield(1)
                    } catch (error: Throwable) {
                        log.add("swallowed " + GeneratorCallsTest.nameOf(error))
                    }
                }
            }
        }
}
