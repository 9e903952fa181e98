package asyncio.internal.http.session

import asyncio.http.ClientResponse

/** Answers requests without a connection: a mock transport. */
internal interface Sender {
    suspend fun send(
        attempt: RequestAttempt,
        total: TotalTimer?,
    ): ClientResponse
}
