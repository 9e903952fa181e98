package asyncio.internal.net

import asyncio.internal.vertx.VertxHost
import io.netty.channel.Channel
import io.netty.channel.ChannelFactory
import io.netty.channel.ServerChannel
import io.netty.channel.socket.DuplexChannelConfig
import java.net.SocketAddress
import java.net.UnixDomainSocketAddress
import java.nio.file.Path
import io.vertx.core.net.SocketAddress as VertxAddress

/** The classes of sockets that [host]'s event loop serves: those of Vert.x's transport, but for the JDK's Unix domain sockets. */
internal class SocketKinds(
    host: VertxHost,
) {
    private val transport = host.context.owner().transport()
    private val isNative = host.context.owner().isNativeTransportEnabled

    fun clients(): ChannelFactory<out Channel> = transport.channelFactory(false)

    fun unixClients(): ChannelFactory<out Channel> =
        if (isNative) transport.channelFactory(true) else ChannelFactory { UnixSocketChannel() }

    fun servers(): ChannelFactory<out ServerChannel> = transport.serverChannelFactory(false)

    fun unixServers(): ChannelFactory<out ServerChannel> =
        if (isNative) transport.serverChannelFactory(true) else ChannelFactory { UnixServerChannel() }

    fun unixAddress(path: Path): SocketAddress =
        if (isNative) {
            transport.convert(VertxAddress.domainSocketAddress(path.toString()))
        } else {
            UnixDomainSocketAddress.of(path)
        }
}

/** Whether the end of what comes leaves [channel] open. */
internal fun allowHalfClosure(
    channel: Channel,
    allow: Boolean,
) {
    if (channel is UnixSocketChannel) {
        channel.allowsHalfClosure = allow
    } else {
        // Native channels of Unix domain sockets have a method, but no option for it.
        (channel.config() as DuplexChannelConfig).isAllowHalfClosure = allow
    }
}
