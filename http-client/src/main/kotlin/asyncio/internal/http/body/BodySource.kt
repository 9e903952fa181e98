package asyncio.internal.http.body

/** What a [BodyStream] asks of whoever feeds it. */
internal interface BodySource {
    /** Whether more may be received. On the context's thread. */
    fun reading(on: Boolean)

    /** Whether somebody waits for data that has not come. Where the reader runs, which may be a fiber. */
    fun waiting(on: Boolean) {}

    /** The content is malformed, and nobody can read on. On the context's thread, after the end as well as before. */
    fun malformed(error: Throwable) {}

    /** Runs [action] on the context's thread: at once, if the caller is there. */
    fun onContext(action: Runnable)

    /** Which request, for messages. */
    fun describe(): String
}
