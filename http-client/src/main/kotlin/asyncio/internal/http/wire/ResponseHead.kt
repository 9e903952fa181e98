package asyncio.internal.http.wire

import io.vertx.core.MultiMap

/** The status line and the headers of a response. */
internal class ResponseHead(
    val status: Int,
    val reason: String,
    val headers: MultiMap,
)
