package asyncio.internal.http.session

import asyncio.http.ClientException
import asyncio.http.ClientOSException
import asyncio.http.ClientResponseException
import asyncio.http.ServerDisconnectedException
import asyncio.internal.http.message.ResponseHeaders
import asyncio.internal.http.message.Url
import asyncio.internal.http.message.reason
import asyncio.internal.http.wire.StreamFailure
import java.io.IOException
import java.nio.channels.ClosedChannelException

/** The client's exception for an error of the connection before the response. */
internal fun responseFailure(
    what: String,
    url: Url,
    cause: Throwable,
): ClientException =
    when {
        cause is StreamFailure -> {
            ServerDisconnectedException("$what: ${cause.message}", cause)
        }

        isDisconnect(cause) -> {
            ServerDisconnectedException("$what: the server closed the connection before it sent a response", cause)
        }

        cause is IOException -> {
            ClientOSException("$what: the connection broke: ${reason(cause)}", cause)
        }

        else -> {
            ClientResponseException(
                400,
                "the response is not good HTTP: ${reason(cause)}",
                url.toString(),
                ResponseHeaders.NONE,
            ).apply { initCause(cause) }
        }
    }

internal fun isDisconnect(cause: Throwable): Boolean = cause is ClosedChannelException

/** Whether another connection may do better. */
internal fun isBrokenConnection(cause: Throwable) = isDisconnect(cause) || cause is IOException
