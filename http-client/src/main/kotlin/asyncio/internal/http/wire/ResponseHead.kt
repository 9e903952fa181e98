package asyncio.internal.http.wire

import asyncio.internal.http.message.HeaderFields

/** The protocol in which a response came. */
internal enum class HttpProtocol(
    private val text: String,
) {
    HTTP_1_0("HTTP/1.0"),
    HTTP_1_1("HTTP/1.1"),
    HTTP_2("HTTP/2"),
    ;

    override fun toString(): String = text
}

/** The status line and the headers of a response. */
internal class ResponseHead(
    val protocol: HttpProtocol,
    val status: Int,
    val reason: String,
    val headers: HeaderFields,
)
