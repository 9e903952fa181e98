package asyncio.internal.net

import asyncio.io.ServerOptions
import io.netty.channel.Channel
import io.netty.channel.ChannelHandlerContext
import io.netty.handler.ssl.AbstractSniHandler
import io.netty.util.concurrent.Future
import javax.net.ssl.SSLContext

/** The handshake of a connection that a server has accepted; what fails here is the client's affair, and ends the connection. */
internal class AcceptedTls(
    private val options: ServerOptions,
    private val channel: Channel,
    private val transport: ChannelTransport,
    private val failed: (Throwable) -> Unit = {},
    private val begin: (Channel, ChannelTransport) -> Unit,
) {
    fun begin() {
        if (options.sniContexts().isEmpty()) {
            shakeHands(options.ssl()!!, null)
        } else {
            val name = channel.pipeline().context(transport.handler).name()
            channel.pipeline().addBefore(name, null, ByName())
            channel.config().isAutoRead = true
        }
    }

    private fun shakeHands(
        context: SSLContext,
        askedFor: String?,
    ) {
        val engine = TlsSettings.of(options).engine(context, true, null)
        val handler = TlsHandshake.newHandler(engine, options.sslHandshakeTimeout(), options.sslShutdownTimeout())
        transport.speaks(handler, context, options.sslShutdownTimeout(), askedFor)
        handler.handshakeFuture().addListener {
            if (it.isSuccess) return@addListener begin(channel, transport)
            failed(TlsHandshake.failure(handler, it.cause()))
            channel.close()
        }
        TlsHandshake.begin(channel, transport.handler, handler)
    }

    private fun contextFor(name: String?): SSLContext {
        val contexts = options.sniContexts()
        if (name == null) return options.ssl()!!
        return contexts[name] ?: contexts["*." + name.substringAfter('.')] ?: options.ssl()!!
    }

    /** Looks for the name of the server in the client's first words, which the handler of TLS then gets. */
    private inner class ByName : AbstractSniHandler<SSLContext>(options.sslHandshakeTimeout().toMillis()) {
        override fun lookup(
            ctx: ChannelHandlerContext,
            hostname: String?,
        ): Future<SSLContext> = ctx.executor().newSucceededFuture(contextFor(hostname?.lowercase()))

        override fun onLookupComplete(
            ctx: ChannelHandlerContext,
            hostname: String?,
            future: Future<SSLContext>,
        ) {
            shakeHands(future.now, hostname)
            // What was read so far goes on to the handler of TLS, which is behind this one now.
            ctx.pipeline().remove(this)
        }
    }
}
