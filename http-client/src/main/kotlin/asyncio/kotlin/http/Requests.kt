package asyncio.kotlin.http

import asyncio.http.ClientMiddleware
import asyncio.http.ClientRequest
import asyncio.http.ClientResponse
import asyncio.http.OutgoingRequest
import asyncio.http.TypeRef
import asyncio.internal.http.middleware.SuspendMiddleware
import asyncio.kotlin.await

/**
 * Sends the request, runs [block] with the response, and releases it. Python: `async with session.get(url) as response`.
 *
 * ```
 * val page = session.get(url).use { it.bodyAsText() }
 * ```
 *
 * @throws asyncio.http.ClientException and others as awaiting the request says
 */
public suspend fun <R> ClientRequest.use(block: suspend (ClientResponse) -> R): R {
    val response = await(this)
    try {
        return block(response)
    } finally {
        response.release()
    }
}

/** The whole body; see [ClientResponse.read]. Python: `await response.read()`. */
public suspend fun ClientResponse.bodyAsBytes(): ByteArray = await(read())

/** The whole body as text; see [ClientResponse.text]. Python: `await response.text()`. */
public suspend fun ClientResponse.bodyAsText(): String = await(text())

/** The whole body as what its JSON says; see [ClientResponse.json]. Python: `await response.json()`. */
public suspend inline fun <reified T> ClientResponse.bodyAsJson(): T = await(json(object : TypeRef<T>() {}))

/**
 * A middleware whose body is a suspend function; see [ClientMiddleware].
 *
 * ```
 * val token = clientMiddleware { request, next ->
 *     request.headers().set("Authorization", "Bearer ${tokens.current()}")
 *     next(request)
 * }
 * ```
 */
public fun clientMiddleware(
    block: suspend (
        request: OutgoingRequest,
        next: suspend (OutgoingRequest) -> ClientResponse,
    ) -> ClientResponse,
): ClientMiddleware = BlockMiddleware(block)

private class BlockMiddleware(
    private val block: suspend (OutgoingRequest, suspend (OutgoingRequest) -> ClientResponse) -> ClientResponse,
) : SuspendMiddleware {
    override suspend fun intercept(
        request: OutgoingRequest,
        next: suspend (OutgoingRequest) -> ClientResponse,
    ): ClientResponse = block(request, next)
}
