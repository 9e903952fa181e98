package asyncio.internal.http.body

import asyncio.internal.stream.ByteQueue

/** Undoes one coding; holds native memory from its making until it is closed. */
internal abstract class Decoder : AutoCloseable {
    /** Whether the input may end here. */
    abstract val isComplete: Boolean

    /**
     * Decodes from [input] into [output], from [start] to [end], which is not empty.
     *
     * @return how many bytes it has written; 0 only if it has taken all input, and needs more of it
     * @throws BadContentException if the input is malformed
     */
    abstract fun decode(
        input: ByteQueue,
        output: ByteArray,
        start: Int,
        end: Int,
    ): Int

    /** May be called again. */
    abstract override fun close()
}

/** The encoded data is malformed. */
internal class BadContentException(
    message: String,
    cause: Throwable? = null,
) : RuntimeException(message, cause)
