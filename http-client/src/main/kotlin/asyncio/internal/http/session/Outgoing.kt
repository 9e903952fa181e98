package asyncio.internal.http.session

import asyncio.internal.http.body.compressed
import asyncio.internal.http.payload.Portions
import asyncio.internal.http.payload.bytesAtHand
import asyncio.internal.http.payload.open
import asyncio.internal.http.payload.reporting

/** The body of one sending of a request: nothing, bytes that are there, or portions that come one by one. */
internal class Outgoing private constructor(
    /** As the headers tell it; see [Hop.writeHeaders]. */
    val length: Long,
    val bytes: ByteArray?,
    val portions: Portions?,
) {
    companion object {
        private val NOTHING = Outgoing(Hop.NO_BODY, null, null)
        private val EMPTY = Outgoing(0, null, null)

        suspend fun of(hop: Hop): Outgoing {
            val payload = hop.body() ?: return if (hop.lengthWithoutBody == 0L) EMPTY else NOTHING
            val request = hop.request
            val bytes = payload.bytesAtHand
            if (bytes != null && !hop.isCompressed && request.progress == null && !request.chunked) {
                return if (bytes.isEmpty()) EMPTY else Outgoing(bytes.size.toLong(), bytes, null)
            }
            var portions = payload.open()
            request.progress?.let { portions = portions.reporting(it) }
            if (hop.isCompressed) portions = portions.compressed(request.compress!!)
            val length = if (request.chunked || portions.size < 0) Hop.CHUNKED else portions.size
            return Outgoing(length, null, portions)
        }
    }
}
