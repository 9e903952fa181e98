package asyncio.internal.http.http2

import io.netty.buffer.ByteBuf
import io.netty.channel.ChannelHandlerContext
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder
import io.netty.handler.codec.http2.Http2CodecUtil
import io.netty.handler.codec.http2.Http2Error
import io.netty.handler.codec.http2.Http2FrameTypes
import io.netty.handler.codec.http2.Http2HeadersEncoder
import io.netty.util.AsciiString

/**
 * Writes frames into one buffer, which is sent with one write and one flush in each turn of the event loop: what 64 requests send is
 * one packet. Netty's own writer makes several buffers and promises for each frame. On the context's thread.
 */
internal class FrameWriter(
    private val context: ChannelHandlerContext,
) {
    private val encoder = DefaultHttp2HeadersEncoder(SECRETS, true)
    private var buffer: ByteBuf? = null
    private var isScheduled = false
    private var isDirty = false
    private var isClosed = false
    private val flushTask =
        Runnable {
            isScheduled = false
            flush()
        }

    /** Frames are flushed at the end of the read that is under way. */
    var isReading = false

    /** The longest payload that the server takes. */
    var maxFrameSize = Http2CodecUtil.DEFAULT_MAX_FRAME_SIZE

    /** How many frames of DATA were written. */
    var dataFrames = 0L
        private set

    val hasRoom: Boolean get() = context.channel().isWritable

    fun maxHeaderTableSize(size: Long) {
        // A larger table would only cost memory.
        encoder.configuration().maxHeaderTableSize(minOf(size, TABLE))
    }

    fun start(
        streamWindow: Int,
        connectionWindow: Int,
        maxHeaderList: Int,
    ) {
        val preface = Http2CodecUtil.connectionPrefaceBuf()
        room().writeBytes(preface)
        preface.release()
        val out = frame(3 * Http2CodecUtil.SETTING_ENTRY_LENGTH, Http2FrameTypes.SETTINGS, 0, 0)
        setting(out, Http2CodecUtil.SETTINGS_ENABLE_PUSH, 0)
        setting(out, Http2CodecUtil.SETTINGS_INITIAL_WINDOW_SIZE, streamWindow)
        setting(out, Http2CodecUtil.SETTINGS_MAX_HEADER_LIST_SIZE, maxHeaderList)
        windowUpdate(0, connectionWindow - Http2CodecUtil.DEFAULT_WINDOW_SIZE)
    }

    private fun setting(
        out: ByteBuf,
        id: Char,
        value: Int,
    ) {
        out.writeShort(id.code).writeInt(value)
    }

    fun settingsAck() {
        frame(0, Http2FrameTypes.SETTINGS, ACK, 0)
    }

    fun ping(
        data: Long,
        isAck: Boolean,
    ) {
        frame(Long.SIZE_BYTES, Http2FrameTypes.PING, if (isAck) ACK else 0, 0).writeLong(data)
    }

    fun windowUpdate(
        stream: Int,
        bytes: Int,
    ) {
        frame(Int.SIZE_BYTES, Http2FrameTypes.WINDOW_UPDATE, 0, stream).writeInt(bytes)
    }

    fun reset(
        stream: Int,
        error: Http2Error,
    ) {
        frame(Int.SIZE_BYTES, Http2FrameTypes.RST_STREAM, 0, stream).writeInt(error.code().toInt())
    }

    /** The server has opened no stream. */
    fun goAway(error: Http2Error) {
        frame(2 * Int.SIZE_BYTES, Http2FrameTypes.GO_AWAY, 0, 0).writeInt(0).writeInt(error.code().toInt())
    }

    fun headers(
        stream: Int,
        fields: RequestFields,
        isLast: Boolean,
    ) {
        val out = frame(0, Http2FrameTypes.HEADERS, 0, stream)
        val start = out.writerIndex()
        encoder.encodeHeaders(stream, fields, out)
        val size = out.writerIndex() - start
        val last = if (isLast) END_STREAM else 0
        if (size <= maxFrameSize) return patch(out, start, size, last or END_HEADERS)
        val rest = out.copy(start + maxFrameSize, size - maxFrameSize)
        out.writerIndex(start + maxFrameSize)
        patch(out, start, maxFrameSize, last)
        while (rest.isReadable) {
            val part = minOf(rest.readableBytes(), maxFrameSize)
            val flags = if (part == rest.readableBytes()) END_HEADERS else 0
            frame(part, Http2FrameTypes.CONTINUATION, flags, stream).writeBytes(rest, part)
        }
        rest.release()
    }

    private fun patch(
        out: ByteBuf,
        start: Int,
        size: Int,
        flags: Int,
    ) {
        out.setMedium(start - Http2CodecUtil.FRAME_HEADER_LENGTH, size)
        out.setByte(start - FLAGS_BEFORE, flags)
    }

    fun data(
        stream: Int,
        bytes: ByteArray,
        from: Int,
        size: Int,
        isLast: Boolean,
    ) {
        dataFrames++
        frame(size, Http2FrameTypes.DATA, if (isLast) END_STREAM else 0, stream).writeBytes(bytes, from, size)
    }

    /** The head of a frame; gives where its payload goes. */
    private fun frame(
        size: Int,
        type: Byte,
        flags: Int,
        stream: Int,
    ): ByteBuf =
        room()
            .writeMedium(size)
            .writeByte(type.toInt())
            .writeByte(flags)
            .writeInt(stream)

    private fun room(): ByteBuf {
        val full = buffer?.takeIf { it.readableBytes() >= LARGE }
        if (full != null) {
            buffer = null
            write(full)
        }
        if (!isReading && !isScheduled) {
            isScheduled = true
            context.executor().execute(flushTask)
        }
        return buffer ?: context.alloc().buffer(SMALL).also { buffer = it }
    }

    private fun write(bytes: ByteBuf) {
        isDirty = true
        if (isClosed) bytes.release() else context.write(bytes, context.voidPromise())
    }

    fun flush() {
        buffer?.let {
            buffer = null
            write(it)
        }
        if (!isDirty || isClosed) return
        isDirty = false
        context.flush()
    }

    /** What is written from now on is dropped. */
    fun close() {
        isClosed = true
        buffer?.release()
        buffer = null
        encoder.close()
    }

    private companion object {
        const val ACK = 0x1
        const val END_STREAM = 0x1
        const val END_HEADERS = 0x4

        /** Where the flags are, seen from the payload. */
        const val FLAGS_BEFORE = 5
        const val SMALL = 1024
        const val LARGE = 32 * 1024
        const val TABLE = 4096L

        /** No table of an intermediary is to hold credentials (RFC 7541, 7.1.3). */
        val SECRETS =
            Http2HeadersEncoder.SensitivityDetector { name, _ ->
                name.length == AUTHORIZATION.length && AUTHORIZATION.contentEqualsIgnoreCase(name)
            }
        val AUTHORIZATION: AsciiString = AsciiString.cached("authorization")
    }
}
