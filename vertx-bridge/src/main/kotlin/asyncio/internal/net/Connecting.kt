package asyncio.internal.net

import asyncio.internal.vertx.awaitNetty
import asyncio.internal.vertx.onContext
import asyncio.io.AddressFamily
import asyncio.io.BaseProtocol
import asyncio.io.ConnectOptions
import asyncio.io.Endpoint
import asyncio.io.Transport
import asyncio.kotlin.await
import io.netty.channel.Channel
import io.netty.channel.ChannelHandlerContext
import io.netty.channel.ChannelInboundHandlerAdapter
import java.net.Inet4Address
import java.net.Inet6Address
import java.net.InetAddress
import java.net.UnknownHostException
import java.nio.file.Path
import java.util.function.Supplier

/** Opens one connection: look-up, socket, TLS. If that is cancelled or fails, nothing stays open. */
internal class Connecting<P : BaseProtocol<Transport>>(
    private val here: NetworkLoop,
    private val options: ConnectOptions,
    private val protocolFactory: Supplier<P>,
) {
    /** Keeps a channel until its transport is made. */
    private class Place : ChannelInboundHandlerAdapter() {
        lateinit var channel: Channel

        override fun handlerAdded(ctx: ChannelHandlerContext) {
            channel = ctx.channel()
        }
    }

    private val dialer =
        Dialer(here.loop, here.host, dialSettings(), { connectFailure(it, options.allErrors()) }, ::Place)

    private fun dialSettings() =
        DialSettings(
            interleave = options.interleave() ?: if (options.happyEyeballsDelay() == null) 0 else 1,
            happyEyeballsDelay = options.happyEyeballsDelay(),
            localAddress = options.localAddr(),
            halfClosure = options.ssl() == null,
            startsPaused = true,
        )

    suspend fun connect(
        host: String,
        port: Int,
    ): Endpoint<Transport, P> {
        checkSettings()
        val addresses = addressesOf(host, options.family())
        return endpoint(dialer.connect(addresses, port), host)
    }

    suspend fun connect(path: Path): Endpoint<Transport, P> {
        checkSettings()
        require(options.ssl() == null || options.serverHostname() != null) {
            "TLS over a Unix domain socket needs a serverHostname, which may be empty"
        }
        val place =
            try {
                dialer.connect(path)
            } catch (error: Exception) {
                throw unixFailure(error, path)
            }
        return endpoint(place, "")
    }

    private fun checkSettings() {
        require(options.ssl() != null || options.serverHostname() == null) {
            "serverHostname is only meaningful with ssl"
        }
    }

    private suspend fun endpoint(
        place: Place,
        host: String,
    ): Endpoint<Transport, P> {
        val channel = place.channel
        try {
            val protocol = protocolFactory.get()
            val transport = ChannelTransport(here.loop, here.host, channel, protocol)
            here.loop.onContext(here.host) { channel.pipeline().replace(place, null, transport.handler) }
            options.ssl()?.let { context ->
                val engine = TlsSettings.of(options).engine(context, false, host)
                val tls = TlsHandshake.newHandler(engine, options.sslHandshakeTimeout(), options.sslShutdownTimeout())
                here.loop.onContext(here.host) { TlsHandshake.begin(channel, transport.handler, tls) }
                TlsHandshake.await(here.loop, here.host, tls)
                transport.speaks(tls, context, options.sslShutdownTimeout())
                here.loop.onContext(here.host) { channel.config().isAutoRead = false }
            }
            val connected = here.loop.createFuture<Unit>()
            transport.begin(connected)
            await(connected)
            return Endpoint(transport, protocol)
        } catch (error: Throwable) {
            TlsHandshake.closeAtOnce(channel)
            throw error
        }
    }
}

/**
 * The addresses of [host] in [family].
 *
 * @throws UnknownHostException if there is none
 */
internal suspend fun addressesOf(
    host: String,
    family: AddressFamily,
): List<InetAddress> {
    val all = SystemNames.addressesOf(host)
    val fitting =
        when (family) {
            AddressFamily.ANY -> all
            AddressFamily.IPV4 -> all.filterIsInstance<Inet4Address>()
            AddressFamily.IPV6 -> all.filterIsInstance<Inet6Address>()
        }
    if (fitting.isEmpty()) throw UnknownHostException("$host has no $family address")
    return fitting
}
