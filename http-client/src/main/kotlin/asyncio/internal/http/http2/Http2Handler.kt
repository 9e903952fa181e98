package asyncio.internal.http.http2

import asyncio.internal.vertx.VertxHost
import io.netty.buffer.ByteBuf
import io.netty.channel.ChannelHandlerContext
import io.netty.handler.codec.ByteToMessageDecoder
import io.netty.handler.codec.http2.DefaultHttp2FrameReader
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder
import io.netty.handler.codec.http2.Http2Error
import io.netty.handler.codec.http2.Http2Exception
import io.netty.handler.codec.http2.Http2Flags
import io.netty.handler.codec.http2.Http2FrameAdapter
import io.netty.handler.codec.http2.Http2Headers
import io.netty.handler.codec.http2.Http2Settings
import io.netty.handler.ssl.SslCloseCompletionEvent
import io.vertx.core.Handler

/**
 * The last handler of a channel that speaks HTTP/2. Netty's reader finds the frames and checks their form, Netty's HPACK codec has the
 * headers; what they mean is the [connection]'s. Netty's own connection handler would make more objects for each request, and decides by
 * itself about flow control, GOAWAY and what is logged.
 */
internal class Http2Handler(
    private val host: VertxHost,
    private val connection: Http2Connection,
) : ByteToMessageDecoder() {
    private val reader = DefaultHttp2FrameReader(FieldsDecoder(connection))
    private val frames = Frames(connection)
    private var isStarted = false
    private lateinit var context: ChannelHandlerContext

    /** Made once: each read goes through it. */
    private val readInContext = Handler<Any> { super.channelRead(context, it) }

    override fun handlerAdded(ctx: ChannelHandlerContext) {
        context = ctx
        connection.start(ctx)
    }

    override fun channelRead(
        ctx: ChannelHandlerContext,
        message: Any,
    ) {
        connection.readBegins()
        host.context.dispatch(message, readInContext)
    }

    override fun decode(
        ctx: ChannelHandlerContext,
        bytes: ByteBuf,
        out: MutableList<Any>,
    ) {
        try {
            if (!isStarted && !start(bytes)) return
            read(ctx, bytes)
        } catch (error: ConnectionError) {
            connection.fail(error.error, error.message!!)
        } catch (error: Http2Exception) {
            connection.fail(error.error(), "the server breaks the rules of HTTP/2: ${error.message}")
        } catch (error: Exception) {
            connection.fail(Http2Error.INTERNAL_ERROR, "the server breaks the rules of HTTP/2: $error")
        }
    }

    /** Whether these are frames; a server that does not speak HTTP/2 answers in HTTP/1. */
    private fun start(bytes: ByteBuf): Boolean {
        if (bytes.readableBytes() < HTTP_1.length) return false
        isStarted = true
        val begin = bytes.toString(bytes.readerIndex(), HTTP_1.length, Charsets.ISO_8859_1)
        if (begin == HTTP_1) throw ConnectionError(Http2Error.HTTP_1_1_REQUIRED, "the server does not speak HTTP/2")
        return true
    }

    private fun read(
        ctx: ChannelHandlerContext,
        bytes: ByteBuf,
    ) {
        while (bytes.isReadable) {
            val before = bytes.readerIndex()
            try {
                // After an error of the connection this skips all bytes.
                reader.readFrame(ctx, bytes, frames)
                return
            } catch (error: Http2Exception.StreamException) {
                val isLarge = error is Http2Exception.HeaderListSizeException
                val what =
                    if (isLarge) {
                        "its headers are larger than ${Http2Connection.MAX_HEADER_LIST} bytes"
                    } else {
                        "one of its frames is malformed: ${error.message}"
                    }
                connection.streamMalformed(error.streamId(), what)
                if (bytes.readerIndex() == before) return
            }
        }
    }

    override fun channelReadComplete(ctx: ChannelHandlerContext) {
        connection.readEnds()
        super.channelReadComplete(ctx)
    }

    override fun channelWritabilityChanged(ctx: ChannelHandlerContext) {
        if (ctx.channel().isWritable) host.execute(connection::roomCame)
    }

    override fun channelInactive(ctx: ChannelHandlerContext) {
        host.execute { connection.end(null) }
        super.channelInactive(ctx)
    }

    override fun userEventTriggered(
        ctx: ChannelHandlerContext,
        event: Any,
    ) {
        // The server sends nothing more, whether or not it closes the socket.
        if (event is SslCloseCompletionEvent) ctx.close()
    }

    @Deprecated("Netty's own signature")
    override fun exceptionCaught(
        ctx: ChannelHandlerContext,
        cause: Throwable,
    ) {
        host.execute { connection.end(cause) }
        ctx.close()
    }

    override fun handlerRemoved0(ctx: ChannelHandlerContext) {
        reader.close()
    }

    /** Gives the fields of each block to the checks of its stream. */
    private class FieldsDecoder(
        private val connection: Http2Connection,
    ) : DefaultHttp2HeadersDecoder(false, false, Http2Connection.MAX_HEADER_LIST.toLong()) {
        private var next: Http2Headers? = null

        override fun decodeHeaders(
            streamId: Int,
            headerBlock: ByteBuf,
        ): Http2Headers {
            next = connection.expectFields(streamId)
            return super.decodeHeaders(streamId, headerBlock)
        }

        override fun newHeaders(): Http2Headers = next!!
    }

    private class Frames(
        private val connection: Http2Connection,
    ) : Http2FrameAdapter() {
        override fun onDataRead(
            ctx: ChannelHandlerContext,
            streamId: Int,
            data: ByteBuf,
            padding: Int,
            endOfStream: Boolean,
        ): Int {
            connection.receivedData(streamId, data, padding, endOfStream)
            return 0
        }

        override fun onHeadersRead(
            ctx: ChannelHandlerContext,
            streamId: Int,
            headers: Http2Headers,
            padding: Int,
            endStream: Boolean,
        ): Unit = connection.receivedFields(streamId, endStream)

        override fun onHeadersRead(
            ctx: ChannelHandlerContext,
            streamId: Int,
            headers: Http2Headers,
            streamDependency: Int,
            weight: Short,
            exclusive: Boolean,
            padding: Int,
            endStream: Boolean,
        ): Unit = connection.receivedFields(streamId, endStream)

        override fun onRstStreamRead(
            ctx: ChannelHandlerContext,
            streamId: Int,
            errorCode: Long,
        ): Unit = connection.receivedReset(streamId, errorCode)

        override fun onSettingsRead(
            ctx: ChannelHandlerContext,
            settings: Http2Settings,
        ): Unit = connection.receivedSettings(settings)

        // Ours are sent once.
        override fun onSettingsAckRead(ctx: ChannelHandlerContext): Unit = connection.useless()

        override fun onPingRead(
            ctx: ChannelHandlerContext,
            data: Long,
        ): Unit = connection.receivedPing(data)

        override fun onPingAckRead(
            ctx: ChannelHandlerContext,
            data: Long,
        ): Unit = connection.receivedPingAck(data)

        override fun onPushPromiseRead(
            ctx: ChannelHandlerContext,
            streamId: Int,
            promisedStreamId: Int,
            headers: Http2Headers,
            padding: Int,
        ): Unit = connection.receivedPush()

        override fun onGoAwayRead(
            ctx: ChannelHandlerContext,
            lastStreamId: Int,
            errorCode: Long,
            debugData: ByteBuf,
        ): Unit = connection.receivedGoAway(lastStreamId, errorCode, debugData)

        override fun onWindowUpdateRead(
            ctx: ChannelHandlerContext,
            streamId: Int,
            windowSizeIncrement: Int,
        ): Unit = connection.receivedWindow(streamId, windowSizeIncrement)

        override fun onPriorityRead(
            ctx: ChannelHandlerContext,
            streamId: Int,
            streamDependency: Int,
            weight: Short,
            exclusive: Boolean,
        ): Unit = connection.useless()

        override fun onUnknownFrame(
            ctx: ChannelHandlerContext,
            frameType: Byte,
            streamId: Int,
            flags: Http2Flags,
            payload: ByteBuf,
        ): Unit = connection.useless()
    }

    private companion object {
        const val HTTP_1 = "HTTP/1."
    }
}
