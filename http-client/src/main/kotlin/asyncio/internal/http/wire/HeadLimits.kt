package asyncio.internal.http.wire

/** What the head of a response, and its trailers, may be like. */
internal data class HeadLimits(
    /** In bytes: the status line, or the line with the size of a chunk. */
    val maxLineSize: Int = 8190,
    /** In bytes: name and value of one header together. */
    val maxFieldSize: Int = 8190,
    /** Headers and trailers together. */
    val maxHeaders: Int = 128,
    /** Whether a line may end with LF alone, and a header may go on in a second line. */
    val lenient: Boolean = false,
) {
    companion object {
        val DEFAULT = HeadLimits()
    }
}
