package asyncio.internal.net

import io.netty.buffer.Unpooled
import io.netty.channel.Channel
import io.netty.channel.ChannelHandler
import io.netty.handler.codec.DecoderException
import io.netty.handler.ssl.SslHandler
import java.time.Duration
import javax.net.ssl.SSLEngine

/** How a channel begins to speak TLS. */
internal object TlsHandshake {
    fun newHandler(
        engine: SSLEngine,
        handshakeTimeout: Duration,
        shutdownTimeout: Duration,
    ): SslHandler {
        val handler = SslHandler(engine)
        handler.handshakeTimeoutMillis = millis(handshakeTimeout)
        handler.closeNotifyFlushTimeoutMillis = millis(shutdownTimeout)
        handler.closeNotifyReadTimeoutMillis = millis(shutdownTimeout)
        return handler
    }

    /** Puts [tls] before [last]; [early] has come before that, and is not plain text. On the host's thread. */
    fun begin(
        channel: Channel,
        last: ChannelHandler,
        tls: SslHandler,
        early: List<ByteArray> = emptyList(),
    ) {
        val pipeline = channel.pipeline()
        val name = pipeline.context(last).name()
        channel.config().isAutoRead = true
        pipeline.addBefore(name, null, tls)
        if (early.isEmpty()) return
        val context = pipeline.context(tls)
        try {
            for (bytes in early) tls.channelRead(context, Unpooled.wrappedBuffer(bytes))
            tls.channelReadComplete(context)
        } catch (_: DecoderException) {
            // The future of the handshake has it.
        }
    }

    /** Closes [channel] without a goodbye, which would wait for that of the other side. */
    fun closeAtOnce(channel: Channel) {
        val tls = channel.pipeline().context(SslHandler::class.java)
        if (tls == null) channel.close() else tls.close()
    }

    private fun millis(duration: Duration): Long = duration.toMillis().coerceAtLeast(1)
}
