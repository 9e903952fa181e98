package asyncio.internal.http.session

import asyncio.internal.http.body.compressed
import asyncio.internal.http.payload.Portions
import asyncio.internal.http.payload.bytesAtHand
import asyncio.internal.http.payload.open
import asyncio.internal.http.payload.reporting

/** Sees the body of a request before it is compressed. */
internal interface OutgoingTap {
    /** The request is sent; perhaps again. */
    fun begin()

    /** A portion of the body, which is not changed afterwards. */
    fun sent(bytes: ByteArray)
}

private class TappedPortions(
    private val portions: Portions,
    private val tap: OutgoingTap,
) : Portions {
    override val size get() = portions.size

    override suspend fun next(): ByteArray? = portions.next()?.also(tap::sent)

    override suspend fun close(): Unit = portions.close()
}

/** The body of one sending of a request: nothing, bytes that are there, or portions that come one by one. */
internal class OutgoingBody private constructor(
    /** As the headers tell it; see [RequestAttempt.writeHeaders]. */
    val length: Long,
    val bytes: ByteArray?,
    val portions: Portions?,
) {
    companion object {
        private val NOTHING = OutgoingBody(RequestAttempt.NO_BODY, null, null)
        private val EMPTY = OutgoingBody(0, null, null)

        suspend fun of(attempt: RequestAttempt): OutgoingBody {
            val tap = attempt.bodyTap
            tap?.begin()
            val payload = attempt.body() ?: return if (attempt.lengthWithoutBody == 0L) EMPTY else NOTHING
            val request = attempt.request
            val bytes = payload.bytesAtHand
            if (bytes != null && !attempt.isCompressed && request.progress == null && !request.chunked) {
                tap?.sent(bytes)
                return if (bytes.isEmpty()) EMPTY else OutgoingBody(bytes.size.toLong(), bytes, null)
            }
            var portions = payload.open()
            tap?.let { portions = TappedPortions(portions, it) }
            request.progress?.let { portions = portions.reporting(it) }
            if (attempt.isCompressed) portions = portions.compressed(request.compress!!)
            val length = if (request.chunked || portions.size < 0) RequestAttempt.CHUNKED else portions.size
            return OutgoingBody(length, null, portions)
        }
    }
}
