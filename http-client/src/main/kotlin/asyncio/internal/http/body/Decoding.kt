package asyncio.internal.http.body

import asyncio.internal.stream.ByteQueue

/**
 * The way of a body through its decoders, the one for the coding that was applied last at first.
 *
 * It moves only when its end is asked for a piece: between two decoders there is never more than one piece.
 */
internal class Decoding(
    private val codings: ContentCodings,
) : AutoCloseable {
    private val decoders = ArrayList<Decoder>(1)

    /** The output of each decoder but the last one, at the same index. */
    private val between = ArrayList<ByteQueue>(0)
    private var pieceSize = FIRST_PIECE

    init {
        if (codings.codings.size > ContentCodings.MOST) {
            throw BadContentException("more than ${ContentCodings.MOST} codings are not undone")
        }
        try {
            for (coding in codings.codings.asReversed()) {
                if (decoders.isNotEmpty()) between.add(ByteQueue())
                decoders.add(coding.newDecoder())
            }
        } catch (error: Throwable) {
            close()
            throw error
        }
    }

    /**
     * Decodes one piece of [wire] and adds it to [ready].
     *
     * @return how many bytes that are; 0 if more input is needed, and all of it is taken
     */
    fun decodeInto(
        ready: ByteQueue,
        wire: ByteQueue,
    ): Int {
        val count = pull(decoders.size - 1, ready, wire, pieceSize)
        // Small contents get along with a small array, large ones need fewer of them.
        if (count == pieceSize && pieceSize < LARGEST_PIECE) pieceSize *= 2
        return count
    }

    private fun pull(
        index: Int,
        output: ByteQueue,
        wire: ByteQueue,
        size: Int,
    ): Int {
        val decoder = decoders[index]
        val input = if (index == 0) wire else between[index - 1]
        val room = output.room(minOf(size, SMALLEST_ROOM), size)
        val end = minOf(room.array.size, room.end + size)
        while (true) {
            val count = decoder.decode(input, room.array, room.end, end)
            if (count > 0) {
                output.grow(count)
                return count
            }
            if (index == 0 || pull(index - 1, input, wire, BETWEEN_PIECE) == 0) return 0
        }
    }

    /**
     * There is no more input.
     *
     * @throws BadContentException if there should be
     */
    fun checkEnded() {
        for (decoder in decoders) {
            if (!decoder.isComplete) throw BadContentException("it ends too early")
        }
    }

    override fun close() {
        decoders.forEach(Decoder::close)
        decoders.clear()
    }

    private companion object {
        const val FIRST_PIECE = 8 * 1024
        const val LARGEST_PIECE = 64 * 1024
        const val BETWEEN_PIECE = 8 * 1024

        /** Where less is left in an array another one is begun. */
        const val SMALLEST_ROOM = 1024
    }
}
