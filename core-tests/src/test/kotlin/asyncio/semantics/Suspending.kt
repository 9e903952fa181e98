package asyncio.semantics

import asyncio.Awaitable
import asyncio.Coroutine
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay

/** Suspend functions for tests of Java and Kotlin together. */
object Suspending {
    @JvmStatic
    fun <T> awaiting(awaitable: Awaitable<T>): Coroutine<T> = coroutine { outer(awaitable) }

    private suspend fun <T> outer(awaitable: Awaitable<T>): T {
        val value = inner(awaitable)
        return value
    }

    private suspend fun <T> inner(awaitable: Awaitable<T>): T {
        val value = await(awaitable)
        return value
    }

    @JvmStatic
    fun <T> awaitingInScope(awaitable: Awaitable<T>): Coroutine<T> = coroutine { coroutineScope { await(awaitable) } }

    @JvmStatic
    fun calling(code: Runnable): Coroutine<Unit> = coroutine { calls(code) }

    private suspend fun calls(code: Runnable) {
        asyncio.kotlin.sleep(kotlin.time.Duration.ZERO)
        code.run()
    }

    @JvmStatic
    fun delaying(): Coroutine<Unit> = coroutine { delays() }

    private suspend fun delays() {
        delay(1)
        delay(1_000_000)
        delay(1)
    }
}
