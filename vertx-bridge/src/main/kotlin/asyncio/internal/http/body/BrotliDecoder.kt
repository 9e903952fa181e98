package asyncio.internal.http.body

internal object BrotliLibrary {
    val isAvailable: Boolean = false
}

internal class BrotliDecoder : Decoder() {
    override val isComplete: Boolean get() = TODO()

    override fun decode(
        input: ByteQueue,
        output: ByteArray,
        start: Int,
        end: Int,
    ): Int = TODO()

    override fun close() {}
}

internal object ZstdLibrary {
    val isAvailable: Boolean = false
}

internal class ZstdDecoder : Decoder() {
    override val isComplete: Boolean get() = TODO()

    override fun decode(
        input: ByteQueue,
        output: ByteArray,
        start: Int,
        end: Int,
    ): Int = TODO()

    override fun close() {}
}
