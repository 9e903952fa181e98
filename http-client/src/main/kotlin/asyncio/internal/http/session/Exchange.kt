package asyncio.internal.http.session

import asyncio.internal.http.message.HeaderFields

/** A request and its response, from the head to the end of the body: on a connection, or in a mock transport. */
internal interface Exchange {
    val attempt: RequestAttempt

    /** Nothing is sent or received any more. */
    val isOver: Boolean

    /** The trailers, which came after the body. */
    val trailers: HeaderFields?

    /** How many bytes of the request's body were handed over. */
    val bytesSent: Long

    /** Whether all of them were. */
    val isUploaded: Boolean

    /** Waits for [isUploaded], or for the end without. */
    suspend fun awaitUpload()

    /** Runs [action] on the context's thread at the end of the exchange; at once if the exchange is over already. */
    fun whenOver(action: Runnable)

    /** Says that the response is the one that the user gets. */
    fun becomeFinal()

    /** The user is done with the response, whether or not all of it is there. */
    fun release()

    /** The rest is not needed. */
    fun giveUp(why: String)

    /** Ends it without a response, or without the rest of one. On the context's thread. */
    fun fail(error: Throwable)

    /** Runs [action] on the context's thread: at once, if the caller is there. */
    fun onContext(action: Runnable)
}
