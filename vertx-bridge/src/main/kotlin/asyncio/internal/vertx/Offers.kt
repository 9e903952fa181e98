package asyncio.internal.vertx

import asyncio.Future
import asyncio.internal.run.EventLoopImpl

/**
 * Gives [future] a result, unless it is done already. Wake-ups use this: on a closed loop it does nothing, where setResult
 * would throw.
 */
public fun <T> EventLoopImpl.offer(
    future: Future<T>,
    result: T,
) {
    if (!future.done() && !isClosed) future.setResult(result)
}

/** Like [offer], with an exception. */
public fun EventLoopImpl.offerException(
    future: Future<*>,
    error: Throwable,
) {
    if (!future.done() && !isClosed) future.setException(error)
}
