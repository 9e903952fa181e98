package asyncio.internal.http

import asyncio.http.ClientConnectorDnsException
import asyncio.http.ClientConnectorException
import asyncio.http.ClientException
import asyncio.http.ClientOSException
import asyncio.http.ClientResponseException
import asyncio.http.ClientSslException
import asyncio.http.ConnectionTimeoutException
import asyncio.http.ServerDisconnectedException
import io.netty.channel.ConnectTimeoutException
import io.netty.handler.codec.DecoderException
import io.netty.handler.codec.PrematureChannelClosureException
import io.vertx.core.http.HttpClosedException
import io.vertx.core.http.StreamResetException
import java.io.IOException
import java.net.UnknownHostException
import java.nio.channels.ClosedChannelException
import java.time.Duration
import javax.net.ssl.SSLException

/** What Vert.x says when a connection could not be made, in the client's words. */
internal fun connectFailure(
    origin: Origin,
    cause: Throwable,
): Throwable {
    val host = origin.host
    val port = origin.port
    val ssl = generateSequence(cause) { it.cause }.firstOrNull { it is SSLException }
    return when {
        cause is UnknownHostException -> {
            ClientConnectorDnsException(host, port, "Cannot resolve host $host: ${reason(cause)}", cause)
        }

        cause is ConnectTimeoutException -> {
            ConnectionTimeoutException("Connecting to $origin took too long", cause)
        }

        ssl != null -> {
            ClientSslException(host, port, "Cannot connect to host $origin with TLS: ${reason(ssl)}", cause)
        }

        else -> {
            ClientConnectorException(host, port, "Cannot connect to host $origin: ${reason(cause)}", cause)
        }
    }
}

/** What Vert.x says when there is no response, in the client's words. */
internal fun responseFailure(
    what: String,
    url: Url,
    cause: Throwable,
): ClientException =
    when {
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

internal fun isDisconnect(cause: Throwable) =
    cause is HttpClosedException ||
        cause is ClosedChannelException ||
        cause is PrematureChannelClosureException ||
        cause is StreamResetException

/** Whether another connection may do better. */
internal fun isBrokenConnection(cause: Throwable) = isDisconnect(cause) || cause is IOException

internal fun reason(cause: Throwable): String {
    val told = if (cause is DecoderException) cause.cause ?: cause else cause
    return bounded(told.message ?: told.javaClass.simpleName)
}

/** Netty shows what it could not read, whole. */
internal fun bounded(message: String): String =
    if (message.length <=
        MAX_REASON
    ) {
        message
    } else {
        message.take(MAX_REASON) + "…"
    }

private const val MAX_REASON = 300
