package asyncio.internal.http.middleware

import asyncio.http.ClientHandler
import asyncio.http.ClientMiddleware
import asyncio.http.ClientResponse
import asyncio.http.OutgoingRequest
import asyncio.kotlin.await
import asyncio.kotlin.coroutine

/** A middleware whose body is a suspend function: it needs no fiber. */
internal interface SuspendMiddleware : ClientMiddleware {
    suspend fun intercept(
        request: OutgoingRequest,
        next: suspend (OutgoingRequest) -> ClientResponse,
    ): ClientResponse

    override fun handle(
        request: OutgoingRequest,
        next: ClientHandler,
    ): ClientResponse = coroutine { intercept(request) { await(next.handle(it)) } }.doAwait()
}
