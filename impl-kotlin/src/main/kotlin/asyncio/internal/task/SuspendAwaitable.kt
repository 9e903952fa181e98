package asyncio.internal.task

import asyncio.Awaitable
import kotlin.coroutines.Continuation

/** An awaitable that knows how a suspend function awaits it. */
public interface SuspendAwaitable<T> : Awaitable<T> {
    /** Gives the value, or arranges for [continuation] to get it and gives `COROUTINE_SUSPENDED`. */
    public fun awaitIn(continuation: Continuation<T>): Any?
}
