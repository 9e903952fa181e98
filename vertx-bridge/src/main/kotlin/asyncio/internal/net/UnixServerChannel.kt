package asyncio.internal.net

import io.netty.channel.ChannelConfig
import io.netty.channel.ChannelMetadata
import io.netty.channel.ChannelOption
import io.netty.channel.ChannelOutboundBuffer
import io.netty.channel.DefaultChannelConfig
import io.netty.channel.ServerChannel
import io.netty.channel.ServerChannelRecvByteBufAllocator
import io.netty.channel.nio.AbstractNioMessageChannel
import java.net.SocketAddress
import java.net.StandardProtocolFamily
import java.nio.channels.SelectionKey
import java.nio.channels.ServerSocketChannel

/**
 * A Unix domain socket of the JDK that listens, as a channel of Netty. It accepts [UnixSocketChannel]s, and leaves the file of the socket
 * to [Listening].
 */
internal class UnixServerChannel private constructor(
    private val socket: ServerSocketChannel,
) : AbstractNioMessageChannel(null, socket, SelectionKey.OP_ACCEPT),
    ServerChannel {
    constructor() : this(ServerSocketChannel.open(StandardProtocolFamily.UNIX))

    private val settings = Settings()

    override fun metadata(): ChannelMetadata = METADATA

    override fun config(): ChannelConfig = settings

    override fun isActive(): Boolean = socket.isOpen && socket.localAddress != null

    override fun localAddress0(): SocketAddress? = if (socket.isOpen) socket.localAddress else null

    override fun remoteAddress0(): SocketAddress? = null

    override fun doBind(localAddress: SocketAddress) {
        socket.bind(localAddress, settings.backlog)
    }

    override fun doReadMessages(accepted: MutableList<Any>): Int {
        val client = socket.accept() ?: return 0
        accepted.add(UnixSocketChannel(this, client))
        return 1
    }

    override fun doClose() {
        try {
            super.doClose()
        } finally {
            socket.close()
        }
    }

    // ---- what a socket that listens does not do

    override fun doConnect(
        remoteAddress: SocketAddress?,
        localAddress: SocketAddress?,
    ): Boolean = throw UnsupportedOperationException()

    override fun doFinishConnect(): Unit = throw UnsupportedOperationException()

    override fun doDisconnect(): Unit = throw UnsupportedOperationException()

    override fun doWriteMessage(
        message: Any,
        outgoing: ChannelOutboundBuffer,
    ): Boolean = throw UnsupportedOperationException()

    override fun filterOutboundMessage(message: Any): Any = throw UnsupportedOperationException()

    private inner class Settings : DefaultChannelConfig(this@UnixServerChannel, ServerChannelRecvByteBufAllocator()) {
        @Volatile var backlog = 0

        override fun <T : Any?> setOption(
            option: ChannelOption<T>,
            value: T,
        ): Boolean {
            if (option !== ChannelOption.SO_BACKLOG) return super.setOption(option, value)
            backlog = value as Int
            return true
        }
    }

    private companion object {
        val METADATA = ChannelMetadata(false, 16)
    }
}
