package asyncio.semantics

import asyncio.AsyncContextManager
import asyncio.Awaitable
import asyncio.Condition
import asyncio.Coroutine
import asyncio.Lock
import asyncio.Semaphore
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import asyncio.kotlin.sleep
import asyncio.kotlin.use
import asyncio.kotlin.withLock
import asyncio.kotlin.withPermit
import org.slf4j.MDC
import kotlin.time.Duration

/** Bodies of tasks as suspend functions, for tests in Java. */
public object SuspendBodies {
    /** Awaits [inside] with the lock or permit of [manager]. */
    @JvmStatic
    fun holding(
        manager: AsyncContextManager<*>,
        inside: () -> Awaitable<*>,
    ): Coroutine<Void?> =
        coroutine {
            when (manager) {
                is Lock -> manager.withLock { await(inside()) }
                is Semaphore -> manager.withPermit { await(inside()) }
                is Condition -> manager.withLock { await(inside()) }
                else -> throw IllegalArgumentException("not known here: $manager")
            }
            null
        }

    /** Awaits [inside] in [manager]. */
    @JvmStatic
    fun using(
        manager: AsyncContextManager<*>,
        inside: () -> Awaitable<*>,
    ): Coroutine<Void?> =
        coroutine {
            manager.use { await(inside()) }
            null
        }

    /** Awaits [awaitable], and then runs [then] without another await in between. */
    @JvmStatic
    fun <T> after(
        awaitable: Awaitable<T>,
        then: (T) -> Unit,
    ): Coroutine<Void?> =
        coroutine {
            then(await(awaitable))
            null
        }

    /** Fails, with [request] in the MDC. */
    @JvmStatic
    fun failingWithMdc(request: String): Coroutine<Void?> =
        coroutine {
            sleep(Duration.ZERO)
            MDC.put("request", request)
            throw IllegalArgumentException("boom")
        }
}
