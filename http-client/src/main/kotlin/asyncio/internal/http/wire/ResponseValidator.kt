package asyncio.internal.http.wire

import io.netty.buffer.ByteBuf
import io.netty.buffer.Unpooled
import io.netty.channel.ChannelHandlerContext
import io.netty.channel.ChannelInboundHandlerAdapter

/**
 * Stands before the "codec" of a client's HTTP/1.1 connection and passes on only unambiguous HTTP: bytes that two
 * parsers may read in two ways make response smuggling possible. [expect] is called before each request.
 *
 * A violation is fired as a [MalformedResponse], after all that was good before it, and the connection is closed. Interim
 * responses are kept from the codec, but for 100, which one may wait for, and for a 101 that was asked for: after it all
 * bytes pass.
 */
internal class ResponseValidator : ChannelInboundHandlerAdapter() {
    private val scanner = ResponseScanner()

    /** Malformed or unexpected bytes came. */
    private var spoiled = false

    /**
     * Whether all of the last response has come and nothing after it, so that another request may be sent. This is true
     * already when the codec hands out the end of that response.
     */
    val usable: Boolean get() = !spoiled && scanner.idle

    /** Whether the server has answered in HTTP/1.0. */
    val isHttp10: Boolean get() = scanner.isHttp10

    /**
     * A request is about to be sent.
     *
     * @param bodiless the method is HEAD: whatever the head says, no body follows
     * @param upgrade the request asks for another protocol: a 101 may come
     * @param tunnel the method is CONNECT
     */
    fun expect(
        limits: HeadLimits = HeadLimits.DEFAULT,
        bodiless: Boolean = false,
        upgrade: Boolean = false,
        tunnel: Boolean = false,
    ) {
        check(usable) { "The last response has not ended yet" }
        scanner.expect(limits, bodiless, upgrade, tunnel)
    }

    override fun channelRead(
        ctx: ChannelHandlerContext,
        message: Any,
    ) {
        if (message !is ByteBuf || scanner.open) {
            ctx.fireChannelRead(message)
        } else if (spoiled || scanner.idle) {
            message.release()
            spoil(ctx)
        } else {
            inspect(ctx, message)
        }
    }

    private fun inspect(
        ctx: ChannelHandlerContext,
        bytes: ByteBuf,
    ) {
        val end = bytes.writerIndex()
        // The bytes before it were passed on, or are dropped.
        var start = bytes.readerIndex()
        var position = start
        while (true) {
            val scanned = position
            try {
                position = scanner.scan(bytes, scanned, end)
            } catch (violation: MalformedResponse) {
                spoiled = true
                // Of a bad head nothing is passed on, of a bad body all that is good.
                if (violation.inBody) passPrefix(ctx)
                pass(ctx, bytes, start, if (violation.inBody) scanner.badAt else scanned)
                ctx.fireExceptionCaught(violation)
                ctx.channel().close()
                return
            }
            if (scanner.withheld) {
                if (start < scanned) ctx.fireChannelRead(bytes.retainedSlice(start, scanned - start))
                start = position
            } else {
                passPrefix(ctx)
            }
            if (position == end || scanner.open) return pass(ctx, bytes, start, end)
            if (scanner.idle) {
                // More bytes than the response has may be the result of response splitting.
                spoiled = true
                pass(ctx, bytes, start, position)
                ctx.channel().close()
                return
            }
        }
    }

    private fun passPrefix(ctx: ChannelHandlerContext) {
        scanner.takePrefix()?.let { ctx.fireChannelRead(Unpooled.wrappedBuffer(it)) }
    }

    private fun pass(
        ctx: ChannelHandlerContext,
        bytes: ByteBuf,
        from: Int,
        to: Int,
    ) {
        if (from < to) {
            ctx.fireChannelRead(bytes.setIndex(from, to))
        } else {
            bytes.release()
        }
    }

    private fun spoil(ctx: ChannelHandlerContext) {
        if (spoiled) return
        spoiled = true
        ctx.channel().close()
    }
}
