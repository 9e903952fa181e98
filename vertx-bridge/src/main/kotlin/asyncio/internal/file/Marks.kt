package asyncio.internal.file

import java.nio.ByteBuffer
import java.nio.CharBuffer
import java.nio.charset.Charset
import java.nio.charset.CharsetDecoder

/** Byte order marks. */
internal object Marks {
    private val ALL =
        listOf(
            byteArrayOf(0, 0, 0xfe.toByte(), 0xff.toByte()),
            byteArrayOf(0xff.toByte(), 0xfe.toByte(), 0, 0),
            byteArrayOf(0xfe.toByte(), 0xff.toByte()),
            byteArrayOf(0xff.toByte(), 0xfe.toByte()),
            byteArrayOf(0xef.toByte(), 0xbb.toByte(), 0xbf.toByte()),
        )

    /** The mark at the begin of [bytes], if [charset] may have one. */
    fun of(
        bytes: ByteArray,
        charset: Charset,
    ): ByteArray {
        val name = charset.name()
        if ("UTF" !in name) return NONE
        val isUtf32 = "32" in name
        return ALL.firstOrNull { (it.size == 4) == isUtf32 && startsWith(bytes, it) } ?: NONE
    }

    private fun startsWith(
        bytes: ByteArray,
        mark: ByteArray,
    ): Boolean = bytes.size >= mark.size && mark.indices.all { bytes[it] == mark[it] }

    /** As if [mark] had come before. */
    fun tell(
        decoder: CharsetDecoder,
        mark: ByteArray,
    ) {
        if (mark.isNotEmpty()) decoder.decode(ByteBuffer.wrap(mark), CharBuffer.allocate(mark.size), false)
    }

    private val NONE = ByteArray(0)
}
