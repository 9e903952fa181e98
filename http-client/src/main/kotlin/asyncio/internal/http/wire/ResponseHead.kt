package asyncio.internal.http.wire

import asyncio.internal.http.message.HeaderFields

/** The status line and the headers of a response. */
internal class ResponseHead(
    val status: Int,
    val reason: String,
    val headers: HeaderFields,
)
