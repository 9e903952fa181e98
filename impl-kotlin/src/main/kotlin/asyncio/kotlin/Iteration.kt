package asyncio.kotlin

import asyncio.AsyncIterable
import asyncio.AsyncIterator
import asyncio.StopAsyncIteration

/**
 * Lets a suspend function iterate over an asynchronous source, such as a queue or a generator, with Kotlin's `for`. Each item is awaited when
 * the loop comes to it. Python: `async for`.
 */
public operator fun <T> AsyncIterable<T>.iterator(): SuspendIterator<T> = SuspendIterator(aiter())

/** The iterator that Kotlin's `for` uses in a suspend function. */
public class SuspendIterator<T> internal constructor(
    private val items: AsyncIterator<T>,
) {
    private var state = UNKNOWN
    private var item: T? = null

    /** Waits for the next item; false if there are no more. */
    public suspend operator fun hasNext(): Boolean {
        if (state == UNKNOWN) {
            try {
                item = await(items.anext())
                state = READY
            } catch (_: StopAsyncIteration) {
                state = ENDED
            }
        }
        return state == READY
    }

    /** The item that [hasNext] has found. */
    public operator fun next(): T {
        if (state != READY) throw NoSuchElementException()
        state = UNKNOWN
        @Suppress("UNCHECKED_CAST")
        return (item as T).also { item = null }
    }
}

private const val UNKNOWN = 0
private const val READY = 1
private const val ENDED = 2
