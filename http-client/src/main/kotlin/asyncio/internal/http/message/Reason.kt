package asyncio.internal.http.message

import io.netty.handler.codec.DecoderException

/** Why [cause] happened, for a message. */
internal fun reason(cause: Throwable): String {
    val told = if (cause is DecoderException) cause.cause ?: cause else cause
    return bounded(told.message ?: told.javaClass.simpleName)
}

/** The beginning of [message]. Messages of Netty contain all bytes that it could not read. */
private fun bounded(message: String): String {
    val isShort = message.length <= MAX_REASON
    return if (isShort) message else message.take(MAX_REASON) + "…"
}

private const val MAX_REASON = 300
