package asyncio.internal.http.payload

import asyncio.http.UploadProgress

/** These portions, telling [progress] of each when the next one is asked for: then it is on its way. */
internal fun Portions.reporting(progress: UploadProgress): Portions = ReportingPortions(this, progress)

private class ReportingPortions(
    private val portions: Portions,
    private val progress: UploadProgress,
) : Portions {
    override val size get() = portions.size
    private var sent = 0L
    private var reported = -1L

    /** The rest of a portion that is too large to be told of as one. */
    private var large: ByteArray? = null
    private var at = 0

    override suspend fun next(): ByteArray? {
        report()
        val portion = piece()
        if (portion == null) report() else sent += portion.size
        return portion
    }

    private fun report() {
        if (sent == reported) return
        reported = sent
        progress.progress(sent, size)
    }

    private suspend fun piece(): ByteArray? {
        val whole = large ?: portions.next() ?: return null
        if (whole.size <= PORTION) return whole
        val end = minOf(whole.size, at + PORTION)
        val piece = whole.copyOfRange(at, end)
        at = end
        large = whole
        if (end == whole.size) {
            large = null
            at = 0
        }
        return piece
    }

    override suspend fun close(): Unit = portions.close()
}
