package asyncio.internal.http.concurrent

import asyncio.Future
import asyncio.internal.run.EventLoopImpl

/**
 * Gives [future] a result, unless it is done already. Wake-ups use this: on a closed loop it does nothing, where setResult
 * would throw.
 */
internal fun <T> EventLoopImpl.offer(
    future: Future<T>,
    result: T,
) {
    if (!future.done() && !isClosed) future.setResult(result)
}

/** Like [offer], with an exception. */
internal fun EventLoopImpl.offerException(
    future: Future<*>,
    error: Throwable,
) {
    if (!future.done() && !isClosed) future.setException(error)
}
