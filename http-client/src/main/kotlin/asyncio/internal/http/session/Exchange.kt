package asyncio.internal.http.session

import io.vertx.core.MultiMap

/** What goes on between a request and the end of its response: on a connection, or in a test without one. */
internal interface Exchange {
    val attempt: RequestAttempt

    /** Nothing is sent or received any more. */
    val isOver: Boolean

    /** What came behind the body. */
    val trailers: MultiMap?

    /** How many bytes of the request's body were handed over. */
    val bytesSent: Long

    /** Whether all of them were. */
    val isUploaded: Boolean

    /** Waits for [isUploaded], or for the end without. */
    suspend fun awaitUpload()

    /** Has [action] run on the context's thread when it is over; at once if it is so already. */
    fun whenOver(action: Runnable)

    /** Says that the response is the one that the user gets. */
    fun becomeFinal()

    /** The user is done with the response, whether or not all of it is there. */
    fun release()

    /** Nobody wants the rest. */
    fun giveUp(why: String)

    /** Ends it without a response, or without the rest of one. On the context's thread. */
    fun fail(error: Throwable)

    /** Runs [action] on the context's thread: at once, if the caller is there. */
    fun onContext(action: Runnable)
}
