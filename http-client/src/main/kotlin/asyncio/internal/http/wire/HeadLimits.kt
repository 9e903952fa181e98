package asyncio.internal.http.wire

/** How large the head of a response, and its trailers, may be. */
internal data class HeadLimits(
    /** In bytes: the status line, or the line with the size of a chunk. */
    val maxLineSize: Int = 8190,
    /** In bytes: name and value of one header together. */
    val maxFieldSize: Int = 8190,
    /** Headers and trailers together. */
    val maxHeaders: Int = 128,
) {
    companion object {
        val DEFAULT = HeadLimits()
    }
}
