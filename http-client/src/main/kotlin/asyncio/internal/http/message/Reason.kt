package asyncio.internal.http.message

import io.netty.handler.codec.DecoderException

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
