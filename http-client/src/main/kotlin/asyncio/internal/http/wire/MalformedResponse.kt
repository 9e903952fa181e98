package asyncio.internal.http.wire

/** The server did not send HTTP. Without a stack trace, which is useless here and costs time. */
internal class MalformedResponse(
    message: String,
    /** Whether the head was good, so that there is a response already. */
    val inBody: Boolean,
) : RuntimeException(message, null, false, false)
