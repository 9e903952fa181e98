package asyncio.internal.http.payload

import asyncio.http.ClientPayloadException
import java.io.IOException
import java.io.InputStream

/** A stream that blocks; it belongs to the request. */
internal class InputStreamPayload(
    private val stream: InputStream,
    size: Long,
) : OncePayload(size) {
    override val what get() = "What this InputStream gives"

    private var closing = false

    override suspend fun openOnce(): Portions = StreamPortions()

    /** For a request that did not come to open it; where one did, its portions have closed it. */
    override fun close() {
        if (closing) return
        closing = true
        Blocking.closeSoon(stream::close)
    }

    private inner class StreamPortions : Portions {
        override val size get() = -1L
        private var buffer = ByteArray(PORTION)
        private var reading = false

        override suspend fun next(): ByteArray? {
            if (closing) throw ClientPayloadException("$what was closed before it was sent to its end")
            reading = true
            val count =
                try {
                    Blocking.inExecutor { read() }
                } catch (error: IOException) {
                    reading = false
                    throw ClientPayloadException("$what cannot be read: ${error.message ?: error}", error)
                }
            // Not if the wait was cancelled: the thread is then still at it.
            reading = false
            return when {
                count < 0 -> null
                count < buffer.size -> buffer.copyOf(count)
                else -> buffer.also { buffer = ByteArray(PORTION) }
            }
        }

        private fun read(): Int {
            while (true) {
                val count = stream.read(buffer)
                if (count != 0) return count
            }
        }

        override suspend fun close() {
            if (closing) return
            closing = true
            Blocking.close(mayWait = !reading, stream::close)
        }
    }
}
