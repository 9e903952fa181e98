package asyncio.internal.http.wire

import asyncio.internal.http.message.HeaderFields
import io.vertx.core.http.HttpMethod

/**
 * The first part of a request, and what the connection has to know about the response.
 *
 * @property ssl whether the scheme is https
 * @property host the name and the port of the server, as in the header Host
 * @property target the request line's target
 * @property limits the largest head of a response that is accepted
 * @property protocol what HTTP/2 is asked for by an extended CONNECT (RFC 8441); null for an ordinary request
 * @property upgrade whether the request asks for another protocol, so that the status 101 may come
 */
internal class RequestHead(
    val method: HttpMethod,
    val ssl: Boolean,
    val host: String,
    val target: String,
    val headers: HeaderFields,
    val limits: HeadLimits,
    val upgrade: Boolean,
    val protocol: String? = null,
)
