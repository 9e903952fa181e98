package asyncio.internal.net

import asyncio.Awaitable
import asyncio.Context
import asyncio.TimeoutException
import asyncio.TimerHandle
import asyncio.internal.run.EventLoopImpl
import asyncio.internal.stream.StreamTransport
import asyncio.internal.stream.TlsUpgradable
import asyncio.internal.vertx.VertxHost
import asyncio.internal.vertx.awaitNetty
import asyncio.internal.vertx.onContext
import asyncio.io.BaseProtocol
import asyncio.io.TlsOptions
import asyncio.io.WriteTransport
import asyncio.kotlin.coroutine
import io.netty.buffer.ByteBuf
import io.netty.buffer.Unpooled
import io.netty.channel.Channel
import io.netty.channel.ChannelFutureListener
import io.netty.channel.ChannelHandlerContext
import io.netty.channel.ChannelInboundHandlerAdapter
import io.netty.channel.socket.ChannelInputShutdownEvent
import io.netty.channel.socket.DuplexChannel
import io.netty.handler.ssl.SslCloseCompletionEvent
import io.netty.handler.ssl.SslHandler
import java.net.SocketAddress
import java.nio.channels.ClosedChannelException
import java.nio.file.Path
import java.time.Duration
import javax.net.ssl.SSLContext
import javax.net.ssl.SSLPeerUnverifiedException

/**
 * A transport over a channel of Netty: TCP or a Unix domain socket, with TLS or without. Its [Handler] is the last one of the channel's
 * pipeline, and is called on the host's thread.
 */
internal class ChannelTransport(
    private val loop: EventLoopImpl,
    private val host: VertxHost,
    private val channel: Channel,
    protocol: BaseProtocol<*>,
    context: Context? = null,
    private val onLost: (ChannelTransport) -> Unit = {},
) : StreamTransport(loop, protocol, context),
    TlsUpgradable {
    val handler = Handler()
    private val peer = addressOf(channel.remoteAddress())
    private val local = addressOf(channel.localAddress())

    private var tls: SslHandler? = null

    private var shutdownTimeout = Duration.ZERO

    /** Ends the wait for the goodbye of TLS of the other side. */
    private var goodbyeLimit: TimerHandle? = null
    private var tlsContext: SSLContext? = null
    private var askedFor: String? = null

    /** The channel speaks TLS: [handler] does, with [context]; a client has asked for the server called [askedFor]. */
    fun speaks(
        handler: SslHandler,
        context: SSLContext,
        shutdownTimeout: Duration,
        askedFor: String? = null,
    ) {
        tls = handler
        this.shutdownTimeout = shutdownTimeout
        tlsContext = context
        this.askedFor = askedFor
    }

    // ---- what the channel says

    internal inner class Handler : ChannelInboundHandlerAdapter() {
        override fun channelRead(
            ctx: ChannelHandlerContext,
            message: Any,
        ) {
            val buffer = message as ByteBuf
            val bytes = ByteArray(buffer.readableBytes())
            buffer.readBytes(bytes)
            buffer.release()
            if (bytes.isNotEmpty()) received(bytes)
        }

        override fun userEventTriggered(
            ctx: ChannelHandlerContext,
            event: Any,
        ) {
            // The goodbye of TLS is an end, though the connection may stay.
            if (event === ChannelInputShutdownEvent.INSTANCE || event === SslCloseCompletionEvent.SUCCESS) ended()
        }

        override fun channelInactive(ctx: ChannelHandlerContext) {
            ended()
            failed(null)
        }

        @Deprecated("Netty's own signature")
        override fun exceptionCaught(
            ctx: ChannelHandlerContext,
            cause: Throwable,
        ) {
            failed(connectionError(cause))
        }
    }

    // ---- what the transport wants

    override fun transmit(
        bytes: ByteArray,
        from: Int,
        length: Int,
    ): Unit = inPortions(from, length) { at, part -> Unpooled.wrappedBuffer(bytes, at, part) }

    override fun transmitCopy(
        bytes: ByteArray,
        from: Int,
        length: Int,
    ) {
        // TLS encrypts what is in an array; a socket wants it outside of the heap.
        if (tls != null) return super.transmitCopy(bytes, from, length)
        inPortions(from, length) { at, part -> channel.alloc().directBuffer(part).writeBytes(bytes, at, part) }
    }

    /** Writes in portions, so that it is seen how far a long one has come. */
    private inline fun inPortions(
        from: Int,
        length: Int,
        buffer: (at: Int, part: Int) -> ByteBuf,
    ) {
        var at = from
        val end = from + length
        while (at < end) {
            val part = minOf(end - at, PORTION)
            channel.write(buffer(at, part)).addListener(Sent(part))
            at += part
        }
    }

    override fun flush() {
        channel.flush()
    }

    private inner class Sent(
        private val count: Int,
    ) : ChannelFutureListener {
        override fun operationComplete(future: io.netty.channel.ChannelFuture) {
            val error = future.cause()
            if (error == null) transmitted(count) else sendingFailed(connectionError(error))
        }
    }

    private fun connectionError(error: Throwable): Throwable =
        if (error is ClosedChannelException) java.net.SocketException("Connection lost") else plainError(error)

    override fun canWriteEof(): Boolean = tls == null

    override fun endOutput() {
        (channel as DuplexChannel).shutdownOutput()
    }

    override fun holdBack() {
        channel.config().isAutoRead = false
    }

    override fun release() {
        channel.config().isAutoRead = true
    }

    override fun closeWire(): Unit = TlsHandshake.closeAtOnce(channel)

    override fun closeWithLoop(): Unit = if (tls == null) closeWire() else closeWithGoodbye()

    override fun startGoodbye(): Boolean {
        if (tls == null || !channel.isActive) return false
        goodbyeLimit = loop.callLater(shutdownTimeout) { fail(null, TimeoutException("SSL shutdown timed out")) }
        host.execute(::closeWithGoodbye)
        return true
    }

    private fun closeWithGoodbye() {
        // The goodbye of the other side has to be read.
        channel.config().isAutoRead = true
        channel.close()
    }

    override fun wasLost() {
        goodbyeLimit?.cancel()
        onLost(this)
    }

    override fun extraInfo(name: String): Any? =
        when (name) {
            "peername" -> peer
            "sockname" -> local
            "sslcontext" -> tlsContext
            "ssl_object" -> tls?.engine()?.session
            "cipher" -> tls?.engine()?.session?.cipherSuite
            "alpn" -> tls?.engine()?.applicationProtocol?.ifEmpty { null }
            "server_hostname" -> askedFor
            "peercert" -> peerCertificate()
            else -> null
        }

    private fun peerCertificate() =
        try {
            tls
                ?.engine()
                ?.session
                ?.peerCertificates
                ?.firstOrNull()
        } catch (_: SSLPeerUnverifiedException) {
            null
        }

    // ---- TLS from some moment on

    override fun startTls(
        protocol: BaseProtocol<*>,
        context: SSLContext,
        options: TlsOptions,
        early: ByteArray,
    ): Awaitable<WriteTransport> =
        coroutine {
            check(tls == null) { "$this speaks TLS already" }
            check(!isClosing) { "$this is closed" }
            val engine = TlsSettings.of(options).engine(context, options.serverSide() == true, askedFor ?: hostOf(peer))
            val handler = TlsHandshake.newHandler(engine, options.sslHandshakeTimeout(), options.sslShutdownTimeout())
            // What was written before is plain text, and has to be on its way to the host's thread before the next action.
            flushOutgoing()
            loop.onContext(host) {
                val received = takeReceived()
                val all = if (early.isEmpty()) received else listOf(early) + received
                TlsHandshake.begin(channel, this.handler, handler, all)
            }
            try {
                TlsHandshake.await(loop, host, handler)
            } catch (error: Throwable) {
                abort()
                throw error
            }
            speaks(handler, context, options.sslShutdownTimeout())
            setProtocol(protocol)
            if (!isReading) loop.onContext(host) { holdBack() }
            this
        }

    // ---- files

    /** Sends at most [count] bytes of [file] from [offset] on, without copying them if the channel speaks no TLS. */
    suspend fun sendFile(
        file: Path,
        offset: Long,
        count: Long,
    ): Long {
        check(!isClosing) { "$this is closed" }
        check(!sendsFile) { "a file is being sent on $this already" }
        val wasReading = isReading
        sendsFile = true
        pauseReading()
        try {
            return sendPortions(file, offset, count)
        } finally {
            sendsFile = false
            if (wasReading) resumeReading()
        }
    }

    private suspend fun sendPortions(
        file: Path,
        offset: Long,
        count: Long,
    ): Long {
        FilePortions.open(loop, file).use { portions ->
            val end = minOf(portions.size, if (count > Long.MAX_VALUE - offset) Long.MAX_VALUE else offset + count)
            var at = offset
            while (at < end) {
                val length = minOf(end - at, FilePortions.SIZE)
                val portion = if (tls == null) portions.region(at, length) else portions.read(loop, at, length.toInt())
                loop.onContext(host) { flushOutgoing() }
                loop.awaitNetty(host, channel.writeAndFlush(portion))
                at += length
            }
            return maxOf(0, end - offset)
        }
    }

    override fun toString(): String {
        val secure = if (tls == null) "" else " TLS"
        return "<Transport$secure $local - $peer ${stateName()}>"
    }

    private companion object {
        const val PORTION = 64 * 1024
    }
}
