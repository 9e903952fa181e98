package asyncio.internal.http

import io.vertx.core.buffer.Buffer

/** The portions of a body until somebody takes them. */
internal class BodyBuffer {
    private var first: Buffer? = null
    private var more: ArrayList<Buffer>? = null

    var size = 0L
        private set

    fun add(portion: Buffer) {
        size += portion.length()
        if (first == null) {
            first = portion
        } else {
            val more = more ?: ArrayList<Buffer>().also { more = it }
            more.add(portion)
        }
    }

    /** Everything, as one array; nothing is left here. */
    fun take(): ByteArray {
        val first = first ?: return ByteArray(0)
        val more = more
        clear()
        if (more == null) return first.bytes
        val whole = ByteArray(Math.toIntExact(first.length() + more.sumOf { it.length().toLong() }))
        first.getBytes(whole)
        var at = first.length()
        for (portion in more) {
            portion.getBytes(whole, at)
            at += portion.length()
        }
        return whole
    }

    fun clear() {
        first = null
        more = null
    }
}
