package asyncio.internal.net

import asyncio.internal.vertx.awaitNetty
import asyncio.io.DatagramOptions
import asyncio.io.DatagramProtocol
import asyncio.io.DatagramTransport
import asyncio.io.Endpoint
import asyncio.kotlin.await
import io.netty.bootstrap.Bootstrap
import io.netty.channel.Channel
import io.netty.channel.ChannelFactory
import io.netty.channel.ChannelOption
import io.netty.channel.FixedRecvByteBufAllocator
import io.netty.channel.socket.nio.NioDatagramChannel
import java.net.Inet4Address
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.SocketAddress
import java.nio.channels.DatagramChannel
import java.util.function.Supplier

/** Opens sockets for datagrams. */
internal class DatagramOpening(
    private val here: NetworkLoop,
    private val options: DatagramOptions,
) {
    suspend fun <P : DatagramProtocol> open(
        protocolFactory: Supplier<P>,
        local: SocketAddress?,
        remote: SocketAddress?,
    ): Endpoint<DatagramTransport, P> {
        val to = remote?.let { resolved(it) }
        val from = local?.let { resolved(it) } ?: anyAddress(to)
        val place = DatagramTransportImpl.Place()
        val vertx = here.host.context.owner()
        val jdk = if (vertx.isNativeTransportEnabled) null else DatagramChannel.open()
        val factory =
            when (jdk) {
                null -> vertx.transport().datagramChannelFactory()
                else -> ChannelFactory { NioDatagramChannel(jdk) }
            }
        val bootstrap =
            Bootstrap()
                .group(here.host.context.nettyEventLoop())
                .channelFactory(factory)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.RECVBUF_ALLOCATOR, FixedRecvByteBufAllocator(options.maxSize()))
                .option(ChannelOption.SO_BROADCAST, options.allowBroadcast())
                .handler(place)
        if (options.reusePort()) bootstrap.option(reusePort(here), true)
        val opened = if (to == null) bootstrap.bind(from) else bootstrap.connect(to, from)
        try {
            here.loop.awaitNetty(here.host, opened)
            return endpoint(opened.channel(), jdk, place, protocolFactory.get(), to)
        } catch (error: Throwable) {
            opened.channel().close()
            throw if (error is java.io.IOException) plainError(error) else error
        }
    }

    private suspend fun <P : DatagramProtocol> endpoint(
        channel: Channel,
        jdk: DatagramChannel?,
        place: DatagramTransportImpl.Place,
        protocol: P,
        remote: InetSocketAddress?,
    ): Endpoint<DatagramTransport, P> {
        val transport = DatagramTransportImpl(here, channel, jdk, protocol, remote)
        val connected = here.loop.createFuture<Unit>()
        transport.begin(place, connected)
        await(connected)
        return Endpoint(transport, protocol)
    }

    private suspend fun resolved(address: SocketAddress): InetSocketAddress {
        require(address is InetSocketAddress) { "$address is not an address of the internet" }
        if (!address.isUnresolved) return address
        return InetSocketAddress(SystemNames.addressesOf(address.hostString).first(), address.port)
    }

    /** A socket of IPv6 reaches addresses of IPv4, too; but not where the machine has none. */
    private fun anyAddress(remote: InetSocketAddress?) =
        if (remote?.address is Inet4Address) {
            InetSocketAddress(InetAddress.getByAddress(ByteArray(4)), 0)
        } else {
            InetSocketAddress(0)
        }
}
