package consumer

import asyncio.Lock
import asyncio.kotlin.asFlow
import asyncio.kotlin.asyncGenerator
import asyncio.kotlin.await
import asyncio.kotlin.createTask
import asyncio.kotlin.gather
import asyncio.kotlin.runAsyncio
import asyncio.kotlin.sleep
import asyncio.kotlin.use
import asyncio.kotlin.withLock
import kotlinx.coroutines.flow.toList
import kotlin.time.Duration.Companion.milliseconds

/** The API for Kotlin: suspend functions, blocks, generators, kotlinx. */
object Suspending {
    private suspend fun square(number: Int): Int {
        sleep(1.milliseconds)
        return number * number
    }

    private fun numbers() =
        asyncGenerator {
            for (number in 1..3) {
                sleep(1.milliseconds)
                yield(number)
            }
        }

    @JvmStatic
    fun squares(): List<Int> =
        runAsyncio {
            val lock = Lock.create()
            val tasks = numbers().asFlow().toList().map { createTask { lock.withLock { square(it) } } }
            tasks.map { it.await() }
        }
}
