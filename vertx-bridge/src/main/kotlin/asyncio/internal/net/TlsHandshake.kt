package asyncio.internal.net

import asyncio.internal.run.EventLoopImpl
import asyncio.internal.vertx.VertxHost
import asyncio.internal.vertx.awaitNetty
import io.netty.buffer.Unpooled
import io.netty.channel.Channel
import io.netty.channel.ChannelHandler
import io.netty.handler.codec.DecoderException
import io.netty.handler.ssl.SslHandler
import io.netty.handler.ssl.SslHandshakeTimeoutException
import java.io.IOException
import java.net.SocketException
import java.nio.channels.ClosedChannelException
import java.time.Duration
import javax.net.ssl.SSLEngine
import javax.net.ssl.SSLHandshakeException

/** How a channel begins to speak TLS. */
internal object TlsHandshake {
    fun newHandler(
        engine: SSLEngine,
        handshakeTimeout: Duration,
        shutdownTimeout: Duration,
    ): SslHandler {
        val handler = SslHandler(engine)
        handler.handshakeTimeoutMillis = millis(handshakeTimeout)
        // The transport has the limit of the shutdown; these are there for a loop that has ended before.
        handler.closeNotifyFlushTimeoutMillis = millis(shutdownTimeout.plus(MARGIN))
        handler.closeNotifyReadTimeoutMillis = millis(shutdownTimeout.plus(MARGIN))
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

    /** Waits until [tls] has shaken hands. */
    suspend fun await(
        loop: EventLoopImpl,
        host: VertxHost,
        tls: SslHandler,
    ) {
        try {
            loop.awaitNetty(host, tls.handshakeFuture())
        } catch (error: IOException) {
            throw failure(tls, error)
        }
    }

    /** [error] of the handshake of [tls] as it is raised. */
    fun failure(
        tls: SslHandler,
        error: Throwable,
    ): Throwable =
        when (error) {
            is SslHandshakeTimeoutException -> {
                val seconds = tls.handshakeTimeoutMillis / 1000.0
                SSLHandshakeException("SSL handshake is taking longer than $seconds seconds: aborting the connection")
                    .also { it.initCause(error) }
            }

            is ClosedChannelException -> {
                closedMeanwhile().also { it.initCause(error) }
            }

            else -> {
                error
            }
        }

    fun closedMeanwhile(): SocketException = SocketException("Connection closed during the handshake")

    /** Closes [channel] without a goodbye, which would wait for that of the other side. */
    fun closeAtOnce(channel: Channel) {
        val tls = channel.pipeline().context(SslHandler::class.java)
        if (tls == null) channel.close() else tls.close()
    }

    private val MARGIN = Duration.ofSeconds(5)

    private fun millis(duration: Duration): Long = duration.toMillis().coerceAtLeast(1)
}
