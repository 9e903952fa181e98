package asyncio.internal.net

import io.netty.buffer.ByteBuf
import io.netty.channel.Channel
import io.netty.channel.ChannelConfig
import io.netty.channel.ChannelFuture
import io.netty.channel.ChannelPromise
import io.netty.channel.DefaultChannelConfig
import io.netty.channel.FileRegion
import io.netty.channel.nio.AbstractNioByteChannel
import io.netty.channel.nio.NioIoOps
import io.netty.channel.socket.ChannelInputShutdownEvent
import io.netty.channel.socket.DuplexChannel
import java.net.SocketAddress
import java.net.StandardProtocolFamily
import java.nio.channels.SocketChannel

/**
 * A Unix domain socket of the JDK as a channel of Netty. Netty has such a channel too, but it closes at the end of what comes; this one
 * stays open then if [allowsHalfClosure], so that the other side can still be answered.
 */
internal class UnixSocketChannel(
    parent: Channel?,
    private val socket: SocketChannel,
) : AbstractNioByteChannel(parent, socket),
    DuplexChannel {
    constructor() : this(null, SocketChannel.open(StandardProtocolFamily.UNIX))

    @Volatile var allowsHalfClosure = false

    @Volatile private var inputIsShutdown = false

    @Volatile private var outputIsShutdown = false

    private val settings = DefaultChannelConfig(this)

    override fun config(): ChannelConfig = settings

    override fun isActive(): Boolean = socket.isOpen && socket.isConnected

    override fun localAddress0(): SocketAddress? = if (socket.isOpen) socket.localAddress else null

    override fun remoteAddress0(): SocketAddress? = if (socket.isOpen) socket.remoteAddress else null

    // ---- connecting and closing

    override fun doBind(localAddress: SocketAddress) {
        socket.bind(localAddress)
    }

    override fun doConnect(
        remoteAddress: SocketAddress,
        localAddress: SocketAddress?,
    ): Boolean {
        if (localAddress != null) doBind(localAddress)
        val connected = socket.connect(remoteAddress)
        if (!connected) addAndSubmit(NioIoOps.CONNECT)
        return connected
    }

    override fun doFinishConnect() {
        check(socket.finishConnect()) { "$this is not connected" }
    }

    override fun doDisconnect(): Unit = doClose()

    override fun doClose() {
        try {
            super.doClose()
        } finally {
            socket.close()
        }
    }

    // ---- bytes

    override fun doReadBytes(buffer: ByteBuf): Int {
        val allocation = unsafe().recvBufAllocHandle()
        allocation.attemptedBytesRead(buffer.writableBytes())
        val count = buffer.writeBytes(socket, allocation.attemptedBytesRead())
        if (count >= 0 || !allowsHalfClosure) return count
        // Netty closes when it sees -1. It reads no more once the input is shut down.
        inputIsShutdown = true
        pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE)
        return 0
    }

    override fun doWriteBytes(buffer: ByteBuf): Int = buffer.readBytes(socket, buffer.readableBytes())

    override fun doWriteFileRegion(region: FileRegion): Long = region.transferTo(socket, region.transferred())

    // ---- half-close

    override fun isInputShutdown(): Boolean = inputIsShutdown || !isActive

    override fun isInputShutdown0(): Boolean = isInputShutdown

    override fun isOutputShutdown(): Boolean = outputIsShutdown || !isActive

    override fun isShutdown(): Boolean = isInputShutdown && isOutputShutdown

    override fun doShutdownOutput() {
        socket.shutdownOutput()
        outputIsShutdown = true
    }

    override fun shutdownOutput(): ChannelFuture = shutdownOutput(newPromise())

    override fun shutdownOutput(promise: ChannelPromise): ChannelFuture =
        promise.onEventLoop { (unsafe() as AbstractUnsafe).shutdownOutput(promise) }

    override fun shutdownInput(): ChannelFuture = shutdownInput(newPromise())

    override fun shutdownInput(promise: ChannelPromise): ChannelFuture =
        promise.onEventLoop {
            try {
                socket.shutdownInput()
                inputIsShutdown = true
                promise.setSuccess()
            } catch (error: Exception) {
                promise.setFailure(error)
            }
        }

    override fun shutdown(): ChannelFuture = shutdown(newPromise())

    override fun shutdown(promise: ChannelPromise): ChannelFuture {
        shutdownOutput().addListener { output ->
            shutdownInput().addListener { input ->
                val error = output.cause() ?: input.cause()
                if (error == null) promise.setSuccess() else promise.setFailure(error)
            }
        }
        return promise
    }

    /** [action] runs on the event loop and keeps this promise. */
    private inline fun ChannelPromise.onEventLoop(crossinline action: () -> Unit): ChannelFuture {
        val eventLoop = eventLoop()
        if (eventLoop.inEventLoop()) action() else eventLoop.execute { action() }
        return this
    }
}
