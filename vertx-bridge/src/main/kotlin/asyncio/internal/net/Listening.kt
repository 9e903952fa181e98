package asyncio.internal.net

import asyncio.Asyncio
import asyncio.internal.vertx.awaitNetty
import asyncio.io.AddressFamily
import asyncio.io.BaseProtocol
import asyncio.io.ServerOptions
import asyncio.io.Transport
import io.netty.bootstrap.ServerBootstrap
import io.netty.buffer.PooledByteBufAllocator
import io.netty.channel.Channel
import io.netty.channel.ChannelInitializer
import io.netty.channel.ChannelOption
import io.netty.channel.RecvByteBufAllocator
import io.netty.channel.ServerChannelRecvByteBufAllocator
import java.io.IOException
import java.net.BindException
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.SocketAddress
import java.nio.file.Files
import java.nio.file.Path
import java.util.function.Supplier

/** Makes servers: binds their sockets, all or none. */
internal class Listening(
    private val here: NetworkLoop,
    private val options: ServerOptions,
    protocolFactory: Supplier<out BaseProtocol<Transport>>,
) {
    private val sockets = SocketKinds(here.host)

    private val server = ServerImpl(here.loop, here.host, protocolFactory, options, Asyncio.copyContext())

    suspend fun listen(
        hosts: List<String>,
        port: Int,
    ): ServerImpl {
        val addresses = LinkedHashSet<InetSocketAddress>()
        if (hosts.all(String::isEmpty)) {
            addresses.add(everywhere(port))
        } else {
            for (host in hosts) {
                if (host.isEmpty()) {
                    addresses.add(everywhere(port))
                } else {
                    addressesOf(host, options.family()).mapTo(addresses) { InetSocketAddress(it, port) }
                }
            }
        }
        val channels = ArrayList<Channel>()
        try {
            for (address in addresses) channels.add(bind(address, false))
        } catch (error: Throwable) {
            for (channel in channels) ClosingListeners.close(here.host, channel)
            throw error
        }
        return serve(channels)
    }

    private fun everywhere(port: Int) =
        if (options.family() == AddressFamily.IPV4) {
            InetSocketAddress(InetAddress.getByAddress(ByteArray(4)), port)
        } else {
            InetSocketAddress(port)
        }

    suspend fun listen(path: Path): ServerImpl {
        removeSocket(path)
        val channel = bind(sockets.unixAddress(path), true)
        val id = idOf(path)
        return serve(listOf(channel)) {
            val isOurs = id != null && idOf(path) == id
            if (isOurs && options.cleanupSocket()) Files.deleteIfExists(path)
        }
    }

    private fun serve(
        channels: List<Channel>,
        onClose: () -> Unit = {},
    ): ServerImpl {
        server.listensOn(channels, onClose)
        if (options.startServing()) server.serve()
        return server
    }

    private suspend fun bind(
        address: SocketAddress,
        isPath: Boolean,
    ): Channel =
        try {
            bindOnce(address, isPath)
        } catch (error: BindException) {
            // The address may be that of a server which was closed just now.
            if (isPath || !ClosingListeners.awaitAll(here.loop, here.host)) throw error
            bindOnce(address, false)
        }

    private suspend fun bindOnce(
        address: SocketAddress,
        isPath: Boolean,
    ): Channel {
        val bootstrap =
            ServerBootstrap()
                .group(here.host.context.nettyEventLoop())
                .channelFactory(if (isPath) sockets.unixServers() else sockets.servers())
                .option(ChannelOption.SO_BACKLOG, options.backlog())
                .option(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childHandler(Accepting(server, options.ssl() == null))
        if (!isPath) {
            bootstrap.option(ChannelOption.SO_REUSEADDR, options.reuseAddress())
            bootstrap.childOption(ChannelOption.TCP_NODELAY, true)
            bootstrap.childOption(ChannelOption.SO_KEEPALIVE, options.keepAlive())
            if (options.reusePort()) bootstrap.option(reusePort(here), true)
        }
        if (options.maxConnections() < Int.MAX_VALUE) {
            // Those that are accepted at a time are all accepted before the first one is counted.
            bootstrap.option(ChannelOption.RECVBUF_ALLOCATOR, OneByOne())
        }
        val bound = bootstrap.bind(address)
        try {
            here.loop.awaitNetty(here.host, bound)
        } catch (error: IOException) {
            val failure =
                BindException("error while attempting to bind on address ${addressOf(address)}: ${error.message}")
            failure.initCause(error)
            throw failure
        } catch (error: Throwable) {
            bound.channel().close()
            throw error
        }
        return bound.channel()
    }

    /** Netty raises the number of messages of an allocator to that of its channels. */
    private class OneByOne : RecvByteBufAllocator {
        private val allocator = ServerChannelRecvByteBufAllocator()

        @Suppress("DEPRECATION")
        override fun newHandle(): RecvByteBufAllocator.Handle = allocator.newHandle()
    }

    private class Accepting(
        private val server: ServerImpl,
        private val halfClosure: Boolean,
    ) : ChannelInitializer<Channel>() {
        override fun initChannel(channel: Channel) {
            allowHalfClosure(channel, halfClosure)
            server.accepted(channel)
        }
    }

    private companion object {
        /** Removes the socket of a server that is gone; other files stay, and make binding fail. */
        fun removeSocket(path: Path) {
            if (Files.exists(path) && Files.readAttributes(path, "unix:mode")["mode"].let { isSocket(it as Int) }) {
                Files.delete(path)
            }
        }

        private fun isSocket(mode: Int) = mode and 0xF000 == 0xC000

        fun idOf(path: Path): Any? = if (Files.exists(path)) Files.getAttribute(path, "unix:ino") else null
    }
}
