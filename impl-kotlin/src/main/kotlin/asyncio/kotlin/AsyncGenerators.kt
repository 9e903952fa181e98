package asyncio.kotlin

import asyncio.AsCompleted
import asyncio.AsyncContextManager
import asyncio.AsyncGenerator
import asyncio.AsyncIterable
import asyncio.Future
import asyncio.internal.task.AsyncGeneratorImpl
import asyncio.internal.task.GeneratorContextManager
import asyncio.internal.task.SuspendGeneratorBody
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow
import kotlin.coroutines.Continuation
import kotlin.coroutines.intrinsics.startCoroutineUninterceptedOrReturn

/**
 * An async generator whose body is [block]: it runs when code asks for an item, in the task of that code, and costs no
 * thread of any kind. Python: the call of an `async def` function with `yield` in it.
 *
 * ```
 * fun ticks() = asyncGenerator {
 *     var n = 0
 *     while (true) {
 *         sleep(1.seconds)
 *         yield(n++)
 *     }
 * }
 * ```
 */
public fun <T> asyncGenerator(block: suspend AsyncGeneratorScope<T>.() -> Unit): AsyncGenerator<T> =
    AsyncGeneratorImpl(BlockGeneratorBody(block))

private class BlockGeneratorBody<T>(
    private val block: suspend AsyncGeneratorScope<T>.() -> Unit,
) : SuspendGeneratorBody<T>(),
    AsyncGeneratorScope<T> {
    override fun startBlock(completion: Continuation<Unit>): Any? =
        block.startCoroutineUninterceptedOrReturn(this, completion)
}

/**
 * A context manager whose body is [block], which yields once: before the yield it enters, after it it leaves; see
 * [asyncio.Asyncio.asyncContextManager]. It costs no thread of any kind. To be used with [use], or from Java. Python: the call of a
 * function with `@contextlib.asynccontextmanager`.
 *
 * ```
 * fun connection() = asyncContextManager {
 *     val connection = pool.acquire()
 *     try {
 *         yield(connection)
 *     } finally {
 *         connection.aclose()
 *     }
 * }
 *
 * connection().use { it.send("hello") }
 * ```
 */
public fun <V> asyncContextManager(block: suspend AsyncGeneratorScope<V>.() -> Unit): AsyncContextManager<V> =
    GeneratorContextManager(asyncGenerator(block))

/** Where the body of an [asyncGenerator] gives its items. */
public interface AsyncGeneratorScope<T> {
    /**
     * Gives [item] and waits until the next one is asked for. To be called by the body itself. Python: `yield`.
     *
     * @return what was given to [AsyncGenerator.asend]; null for [AsyncGenerator.anext]
     * @throws asyncio.GeneratorExit if the generator is closed
     */
    public suspend fun yield(item: T): Any?
}

/**
 * The items as a Flow, which has to be collected in an asyncio task. An async generator is closed when the collection ends,
 * whether it has come to its end or not.
 */
public fun <T> AsyncIterable<T>.asFlow(): Flow<T> =
    flow {
        val items = aiter()
        var error: Throwable? = null
        try {
            for (item in items) emit(item)
        } catch (raised: Throwable) {
            error = raised
            throw raised
        } finally {
            if (items is AsyncGenerator<*>) keeping(error) { await(items.aclose()) }
        }
    }

/** The futures in the order in which they end, as a Flow. [AsCompleted] is an `Iterable` too: this says which is meant. */
public fun <T> AsCompleted<T>.asFlow(): Flow<Future<T>> = (this as AsyncIterable<Future<T>>).asFlow()

/** The items of a Flow, which is collected only while code asks for them. One task may iterate over them. */
public fun <T> Flow<T>.asAsyncIterable(): AsyncIterable<T> =
    AsyncIterable { asyncGenerator<T> { collect { yield(it) } } }
