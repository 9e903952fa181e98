package asyncio.internal.http.connect

import asyncio.CancelledError
import asyncio.Timeout
import asyncio.TimeoutException
import asyncio.kotlin.timeout
import java.time.Duration
import kotlin.time.toKotlinDuration

/**
 * Runs [block] under a timeout, which ends it after [limit]; null is for no end until [block] reschedules it. What [failure] makes of
 * the timeout's exception is raised. A TimeoutException of the block's own passes.
 */
internal suspend fun <T> timeoutRaising(
    failure: (TimeoutException) -> TimeoutException,
    limit: Duration?,
    block: suspend (Timeout) -> T,
): T {
    var own: Timeout? = null
    try {
        return timeout(limit?.toKotlinDuration()) {
            own = it
            block(it)
        }
    } catch (error: TimeoutException) {
        // The timeout itself turns a cancellation into its exception; the block's own has another cause.
        if (own?.expired() != true || error.cause !is CancelledError) throw error
        throw failure(error)
    }
}
