package asyncio.internal.http.middleware

import asyncio.Asyncio
import asyncio.TimeoutException
import asyncio.http.ClientException
import asyncio.http.ClientResponse
import asyncio.kotlin.await
import java.time.Duration

/** Gets rid of a response that nobody will see. A short body is received first, so that the connection can be kept. */
internal suspend fun discard(response: ClientResponse) {
    try {
        if (response.contentLength().orElse(Long.MAX_VALUE) <= SHORT) {
            await(Asyncio.waitFor(response.read(), PATIENCE))
        }
    } catch (_: ClientException) {
    } catch (_: TimeoutException) {
    } finally {
        response.release()
    }
}

private const val SHORT = 16L * 1024
private val PATIENCE = Duration.ofSeconds(1)
