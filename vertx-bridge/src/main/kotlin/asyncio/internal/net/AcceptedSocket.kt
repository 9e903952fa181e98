package asyncio.internal.net

import asyncio.internal.vertx.awaitNetty
import asyncio.internal.vertx.offerException
import asyncio.internal.vertx.onContext
import asyncio.io.BaseProtocol
import asyncio.io.Endpoint
import asyncio.io.ServerOptions
import asyncio.io.Transport
import asyncio.kotlin.await
import io.netty.channel.socket.nio.NioSocketChannel
import java.net.UnixDomainSocketAddress
import java.nio.channels.SocketChannel
import java.util.function.Supplier

/** Makes a transport of a socket that is connected already. */
internal class AcceptedSocket<P : BaseProtocol<Transport>>(
    private val here: NetworkLoop,
    private val options: ServerOptions,
    private val protocolFactory: Supplier<P>,
) {
    suspend fun connect(socket: SocketChannel): Endpoint<Transport, P> {
        val channel =
            if (socket.localAddress is UnixDomainSocketAddress) {
                UnixSocketChannel(
                    null,
                    socket,
                )
            } else {
                NioSocketChannel(socket)
            }
        channel.config().isAutoRead = false
        allowHalfClosure(channel, options.ssl() == null)
        try {
            val protocol = protocolFactory.get()
            val transport = ChannelTransport(here.loop, here.host, channel, protocol)
            channel.pipeline().addLast(transport.handler)
            here.loop.awaitNetty(
                here.host,
                here.host.context
                    .nettyEventLoop()
                    .register(channel),
            )
            val connected = here.loop.createFuture<Unit>()
            if (options.ssl() == null) {
                transport.begin(connected)
            } else {
                val failed = { error: Throwable -> here.host.execute { here.loop.offerException(connected, error) } }
                val tls = AcceptedTls(options, channel, transport, failed) { _, _ -> transport.begin(connected) }
                channel.closeFuture().addListener { failed(TlsHandshake.closedMeanwhile()) }
                here.loop.onContext(here.host) { tls.begin() }
            }
            await(connected)
            return Endpoint(transport, protocol)
        } catch (error: Throwable) {
            channel.close()
            throw error
        }
    }
}
