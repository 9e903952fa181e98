package asyncio.internal.http.session

import asyncio.internal.http.wire.Pipe
import io.netty.buffer.ByteBuf
import io.netty.buffer.Unpooled
import io.netty.channel.Channel
import io.netty.channel.ChannelFuture
import io.netty.channel.ChannelHandlerContext
import io.netty.channel.ChannelInboundHandlerAdapter
import io.netty.channel.socket.DuplexChannel
import io.netty.handler.ssl.SslCloseCompletionEvent
import io.netty.handler.ssl.SslHandler

/** A channel that speaks another protocol than HTTP now; this is its last handler. */
internal class ChannelPipe(
    private val channel: Channel,
) : ChannelInboundHandlerAdapter(),
    Pipe {
    private var user: Pipe.User? = null
    private var cause: Throwable? = null

    init {
        channel.config().isAutoRead = false
        channel.pipeline().addLast(this)
    }

    override fun listen(user: Pipe.User) {
        this.user = user
    }

    override fun channelRead(
        context: ChannelHandlerContext,
        message: Any,
    ) {
        val data = message as ByteBuf
        user?.received(data) ?: data.release()
    }

    override fun channelInactive(context: ChannelHandlerContext) {
        user?.closed(cause)
    }

    override fun userEventTriggered(
        context: ChannelHandlerContext,
        event: Any,
    ) {
        // Nothing comes after the close_notify of TLS, even if the server leaves its socket open.
        if (event is SslCloseCompletionEvent) context.close()
    }

    @Deprecated("Netty's own signature")
    override fun exceptionCaught(
        context: ChannelHandlerContext,
        cause: Throwable,
    ) {
        if (this.cause == null) this.cause = cause
        context.close()
    }

    override fun reading(on: Boolean) {
        channel.config().isAutoRead = on
    }

    override fun write(
        frames: List<ByteArray>,
        done: (Boolean) -> Unit,
    ) {
        var last: ChannelFuture? = null
        for (frame in frames) last = channel.write(Unpooled.wrappedBuffer(frame))
        // One that failed tells by the end of the connection.
        last?.addListener { done(it.isSuccess) }
        channel.flush()
    }

    override fun endOutput(lingers: Boolean): Boolean {
        // A half-closed connection would cut TLS off. With TLS the close_notify, which close sends, is the end.
        val isTls = channel.pipeline().get(SslHandler::class.java) != null
        if (!lingers || channel !is DuplexChannel || isTls) return false
        if (!channel.isOutputShutdown) channel.shutdownOutput()
        return true
    }

    override fun close() {
        channel.close()
    }
}
