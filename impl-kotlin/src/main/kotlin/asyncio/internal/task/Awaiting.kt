package asyncio.internal.task

import asyncio.Awaitable
import java.util.concurrent.Callable
import kotlin.coroutines.Continuation
import kotlin.coroutines.intrinsics.suspendCoroutineUninterceptedOrReturn

/** Waits for [awaitable] in a suspend function, whatever made it. */
internal suspend fun <T> awaitAny(awaitable: Awaitable<T>): T =
    suspendCoroutineUninterceptedOrReturn { awaitIn(it, awaitable) }

/** Gives the value, or arranges for [continuation] to get it and gives `COROUTINE_SUSPENDED`. */
internal fun <T> awaitIn(
    continuation: Continuation<T>,
    awaitable: Awaitable<T>,
): Any? =
    if (awaitable is SuspendAwaitable) {
        awaitable.awaitIn(continuation)
    } else {
        JavaCoroutine<T>(Callable { awaitable.doAwait() }).awaitIn(continuation)
    }

/** Waits for [future] in a suspend function. */
internal suspend fun <T> awaitFuture(future: FutureImpl<T>): T =
    suspendCoroutineUninterceptedOrReturn { future.awaitIn(it) }
