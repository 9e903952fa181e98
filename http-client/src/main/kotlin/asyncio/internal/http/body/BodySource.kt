package asyncio.internal.http.body

/** Feeds a [BodyStream]. */
internal interface BodySource {
    /** Whether more may be received. On the context's thread. */
    fun reading(on: Boolean)

    /** Whether a reader waits for data. Called where the reader runs, which may be a fiber. */
    fun waiting(on: Boolean) {}

    /** The content is malformed, and reading has ended. On the context's thread, perhaps after the end of the body. */
    fun malformed(error: Throwable) {}

    /** Runs [action] on the context's thread: at once, if the caller is there. */
    fun onContext(action: Runnable)

    /** Which request, for messages. */
    fun describe(): String
}
