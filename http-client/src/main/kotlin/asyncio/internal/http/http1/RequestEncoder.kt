package asyncio.internal.http.http1

import asyncio.internal.http.wire.RequestHead
import io.netty.buffer.ByteBuf
import io.netty.buffer.ByteBufAllocator
import io.netty.buffer.Unpooled

/** The bytes of requests in HTTP/1.1. Targets, names and values were checked before: none of them has a control character. */
internal object RequestEncoder {
    private const val CR_LF = 0x0d0a
    private const val COLON_SPACE = 0x3a20
    private const val VERSION = " HTTP/1.1"

    /** What is copied behind a head, or between the marks of a chunk: it leaves with them in one piece. */
    private const val COPIED = 16 * 1024
    private const val LAST_CHUNK = "0\r\n\r\n"

    /** [head], with [body] behind it if that is small; see [isCopied]. */
    fun head(
        allocator: ByteBufAllocator,
        head: RequestHead,
        body: ByteArray?,
    ): ByteBuf {
        val method = head.method.name()
        var size = method.length + head.target.length + VERSION.length + 5
        head.headers.forEach { name, value -> size += name.length + value.length + 4 }
        if (body != null) size += body.size
        val buffer = allocator.ioBuffer(size)
        buffer.text(method)
        buffer.writeByte(' '.code)
        buffer.text(head.target)
        buffer.text(VERSION)
        buffer.writeShort(CR_LF)
        head.headers.forEach { name, value ->
            buffer.text(name)
            buffer.writeShort(COLON_SPACE)
            buffer.text(value)
            buffer.writeShort(CR_LF)
        }
        buffer.writeShort(CR_LF)
        if (body != null) buffer.writeBytes(body)
        return buffer
    }

    fun isCopied(body: ByteArray): Boolean = body.size <= COPIED

    /** [bytes] as a chunk, in one buffer or three. */
    fun chunk(
        allocator: ByteBufAllocator,
        bytes: ByteArray,
        write: (ByteBuf) -> Unit,
    ) {
        val size = Integer.toHexString(bytes.size)
        if (isCopied(bytes)) {
            val buffer = allocator.ioBuffer(size.length + bytes.size + 4)
            buffer.text(size)
            buffer.writeShort(CR_LF)
            buffer.writeBytes(bytes)
            buffer.writeShort(CR_LF)
            write(buffer)
        } else {
            write(Unpooled.wrappedBuffer("$size\r\n".toByteArray()))
            write(Unpooled.wrappedBuffer(bytes))
            write(Unpooled.wrappedBuffer("\r\n".toByteArray()))
        }
    }

    fun lastChunk(): ByteBuf = Unpooled.wrappedBuffer(LAST_CHUNK.toByteArray())

    private fun ByteBuf.text(text: String) {
        writeCharSequence(text, Charsets.ISO_8859_1)
    }
}
