package asyncio.kotlin

import asyncio.AsyncContextManager
import asyncio.Condition
import asyncio.Lock
import asyncio.Semaphore
import asyncio.internal.task.inTask
import asyncio.spi.Errors

/** Runs [block] with the lock, and releases it whatever happens. Python: `async with lock`. */
public suspend inline fun <R> Lock.withLock(block: () -> R): R {
    await(acquire())
    var error: Throwable? = null
    try {
        return block()
    } catch (raised: Throwable) {
        error = raised
        throw raised
    } finally {
        keeping(error) { release() }
    }
}

/** Runs [block] with the lock of the condition, and releases it whatever happens. Python: `async with condition`. */
public suspend inline fun <R> Condition.withLock(block: () -> R): R {
    await(acquire())
    var error: Throwable? = null
    try {
        return block()
    } catch (raised: Throwable) {
        error = raised
        throw raised
    } finally {
        keeping(error) { release() }
    }
}

/** Runs [block] with a permit, and releases it whatever happens. Python: `async with semaphore`. */
public suspend inline fun <R> Semaphore.withPermit(block: () -> R): R {
    await(acquire())
    var error: Throwable? = null
    try {
        return block()
    } catch (raised: Throwable) {
        error = raised
        throw raised
    } finally {
        keeping(error) { release() }
    }
}

/**
 * Enters, runs [block] with what that gives, and leaves again, whatever happens; see [asyncio.Asyncio.with]. Python: `async with
 * manager as value`.
 *
 * @return what the block returned; null if it raised and that was swallowed
 */
public suspend fun <V, R> AsyncContextManager<V>.use(block: suspend (V) -> R): R? = inTask { useHere(block) }

private suspend fun <V, R> AsyncContextManager<V>.useHere(block: suspend (V) -> R): R? {
    val value = await(aenter())
    val result =
        try {
            block(value)
        } catch (error: Throwable) {
            // An exit that is written in Java may give null, which swallows nothing.
            if (keeping(error) { await(aexit(error)) == true }) return null
            throw error
        }
    await(aexit(null))
    return result
}

/** Runs [exit], which may raise, while [error] is on its way. */
@PublishedApi
internal inline fun <R> keeping(
    error: Throwable?,
    exit: () -> R,
): R =
    try {
        exit()
    } catch (raised: Throwable) {
        Errors.keep(error, raised)
        throw raised
    }
