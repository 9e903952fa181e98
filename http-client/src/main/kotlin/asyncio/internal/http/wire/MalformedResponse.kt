package asyncio.internal.http.wire

/** What a server sent is not HTTP. No stack trace: it would tell nothing, and a server could make us pay for it. */
internal class MalformedResponse(
    message: String,
    /** Whether the head was good, so that there is a response already. */
    val inBody: Boolean,
) : RuntimeException(message, null, false, false)
