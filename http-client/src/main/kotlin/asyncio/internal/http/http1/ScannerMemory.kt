package asyncio.internal.http.http1

import io.netty.util.concurrent.FastThreadLocal
import java.nio.ByteBuffer
import java.nio.ByteOrder

/**
 * What all scanners of a thread share: the window in which bytes are looked at, and the names of headers that came before.
 * Servers send the same few names again and again; each is one string.
 */
internal class ScannerMemory {
    val window: ByteBuffer = ByteBuffer.allocate(WINDOW).order(ByteOrder.LITTLE_ENDIAN)
    private val names = arrayOfNulls<String>(NAMES)
    private var lastReason = ""

    fun name(
        bytes: ByteArray,
        from: Int,
        size: Int,
    ): String {
        if (size > LONGEST) return text(bytes, from, size)
        var hash = size
        for (index in from until from + size) hash = hash * 31 + bytes[index]
        hash = (hash xor (hash ushr 15)) and (NAMES - 1)
        val known = names[hash]
        if (known != null && isSame(known, bytes, from, size)) return known
        return text(bytes, from, size).also { names[hash] = it }
    }

    fun reason(
        bytes: ByteArray,
        from: Int,
        size: Int,
    ): String {
        if (isSame(lastReason, bytes, from, size)) return lastReason
        val reason = text(bytes, from, size)
        if (size <= LONGEST) lastReason = reason
        return reason
    }

    private fun isSame(
        text: String,
        bytes: ByteArray,
        from: Int,
        size: Int,
    ): Boolean {
        if (text.length != size) return false
        for (index in 0 until size) if (text[index].code != bytes[from + index].toInt() and 0xff) return false
        return true
    }

    companion object {
        const val WINDOW = 2048

        /** How many names are kept, a power of two, and how long they may be. */
        private const val NAMES = 256
        private const val LONGEST = 64

        fun text(
            bytes: ByteArray,
            from: Int,
            size: Int,
        ): String = String(bytes, from, size, Charsets.ISO_8859_1)

        val OF_THREAD =
            object : FastThreadLocal<ScannerMemory>() {
                override fun initialValue() = ScannerMemory()
            }
    }
}
