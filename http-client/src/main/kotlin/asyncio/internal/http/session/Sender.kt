package asyncio.internal.http.session

import asyncio.http.ClientResponse

/** What sends requests in the place of connections, for tests. */
internal interface Sender {
    suspend fun send(
        attempt: RequestAttempt,
        total: TotalTimer?,
    ): ClientResponse
}
