package asyncio.internal.net

import asyncio.Action
import asyncio.Asyncio
import asyncio.ExceptionContext
import asyncio.Future
import asyncio.internal.loop.isFatal
import asyncio.internal.task.tryOnLoopThread
import asyncio.internal.vertx.offer
import asyncio.io.BaseProtocol
import asyncio.io.DatagramProtocol
import asyncio.io.DatagramTransport
import asyncio.io.ExtraInfo
import asyncio.io.WriteBufferLimits
import io.netty.buffer.Unpooled
import io.netty.channel.Channel
import io.netty.channel.ChannelHandlerContext
import io.netty.channel.ChannelInboundHandlerAdapter
import io.netty.channel.socket.DatagramPacket
import java.io.IOException
import java.net.InetSocketAddress
import java.net.SocketAddress
import java.nio.ByteBuffer
import java.nio.channels.ClosedChannelException
import java.nio.channels.DatagramChannel

/**
 * A socket for datagrams.
 *
 * ```
 * OPEN --close--> CLOSING --everything is sent--> LOST       (OPEN or CLOSING --abort--> LOST)
 * ```
 */
internal class DatagramTransportImpl(
    private val here: NetworkLoop,
    private val channel: Channel,
    /** The socket of [channel]; null if it is not one of the JDK. */
    private val jdk: DatagramChannel?,
    private var protocol: DatagramProtocol,
    private val remote: InetSocketAddress?,
) : DatagramTransport {
    private val loop = here.loop
    private val host = here.host
    private val context = Asyncio.copyContext()
    private val local = channel.localAddress()

    private var closing = false
    private var lost = false

    /** Bytes that wait to be sent; each datagram counts for [HEADER] bytes more. */
    private var unsent = 0
    private var high = HIGH
    private var low = HIGH / 4
    private var writingPaused = false

    private val resource = AutoCloseable { channel.close() }

    /** The handler of the channel, which needs one before there is a transport. */
    class Place : ChannelInboundHandlerAdapter() {
        var transport: DatagramTransportImpl? = null

        override fun channelRead(
            ctx: ChannelHandlerContext,
            message: Any,
        ) {
            val packet = message as DatagramPacket
            val bytes = ByteArray(packet.content().readableBytes())
            packet.content().readBytes(bytes)
            packet.release()
            transport?.received(bytes, packet.sender())
        }

        @Deprecated("Netty's own signature")
        override fun exceptionCaught(
            ctx: ChannelHandlerContext,
            cause: Throwable,
        ) {
            transport?.failed(cause)
        }

        override fun channelInactive(ctx: ChannelHandlerContext) {
            transport?.ended()
        }
    }

    fun begin(
        place: Place,
        connected: Future<Unit>,
    ) {
        soon {
            call("connection_made") { protocol.connectionMade(this) }
            host.execute {
                host.register(resource)
                place.transport = this
                if (!closing) channel.config().isAutoRead = true
            }
            loop.offer(connected, Unit)
        }
    }

    /** Has the loop run [action] in the context of the endpoint. */
    private fun soon(action: () -> Unit) {
        if (!loop.isClosed) loop.callSoon(Action { action() }, context)
    }

    // ---- what the channel says, on the host's thread

    private fun received(
        bytes: ByteArray,
        sender: InetSocketAddress,
    ): Unit = soon { if (!closing) call("datagram_received") { protocol.datagramReceived(bytes, sender) } }

    private fun failed(error: Throwable) {
        if (error !is IOException) return soon { fail("Fatal read error on datagram transport", error) }
        soon { if (!lost) call("error_received") { protocol.errorReceived(plainError(error) as IOException) } }
    }

    private fun ended(): Unit = soon { lose(null) }

    private fun sent(
        size: Int,
        error: Throwable?,
    ) {
        unsent -= size
        if (error != null && error !is ClosedChannelException) failed(error)
        if (writingPaused && unsent <= low || closing && unsent == 0) soon(::goOn)
    }

    private fun goOn() {
        if (lost) return
        if (writingPaused && unsent <= low) {
            writingPaused = false
            tellAboutWriting("resume_writing") { protocol.resumeWriting() }
        }
        if (closing && unsent == 0) lose(null)
    }

    // ---- sending

    override fun sendto(
        data: ByteArray,
        addr: SocketAddress?,
    ) {
        require(addr == null || addr is InetSocketAddress) { "$addr is not an address of the internet" }
        if (remote != null) {
            require(addr == null || addr == remote) { "Invalid address: must be null or $remote" }
        } else {
            requireNotNull(addr) { "addr is null, and the endpoint has no remote address" }
        }
        if (closing) return
        val packet = DatagramPacket(Unpooled.wrappedBuffer(data.clone()), (addr ?: remote) as InetSocketAddress)
        val size = data.size + HEADER
        unsent += size
        val send =
            Runnable {
                if (data.isEmpty() && jdk != null) return@Runnable sendEmpty(jdk, packet.recipient())
                channel
                    .writeAndFlush(if (remote == null) packet else packet.content())
                    .addListener { sent(size, it.cause()) }
            }
        // The system may take it at once.
        if (!loop.tryOnLoopThread { host.execute(send) }) host.execute(send)
        pauseIfOver()
    }

    private fun pauseIfOver() {
        if (unsent <= high || writingPaused) return
        writingPaused = true
        tellAboutWriting("pause_writing") { protocol.pauseWriting() }
    }

    /** Netty drops empty datagrams. */
    private fun sendEmpty(
        jdk: DatagramChannel,
        recipient: InetSocketAddress,
    ) {
        try {
            if (remote != null) {
                throw IOException("The JDK cannot send an empty datagram from a socket with a remote address")
            }
            jdk.send(ByteBuffer.allocate(0), recipient)
            sent(HEADER, null)
        } catch (error: IOException) {
            sent(HEADER, error)
        }
    }

    override fun getWriteBufferSize(): Int = unsent

    override fun setWriteBufferLimits(
        high: Int,
        low: Int,
    ) {
        require(low in 0..high) { "high ($high) must be >= low ($low) must be >= 0" }
        this.high = high
        this.low = low
        pauseIfOver()
    }

    override fun getWriteBufferLimits(): WriteBufferLimits = WriteBufferLimits(low, high)

    // ---- the end

    override fun isClosing(): Boolean = closing

    override fun close() {
        if (closing) return
        closing = true
        host.execute { channel.config().isAutoRead = false }
        if (unsent == 0) soon { lose(null) }
    }

    override fun abort() {
        closing = true
        soon { lose(null) }
    }

    private fun lose(error: Throwable?) {
        if (lost) return
        lost = true
        closing = true
        host.execute {
            host.unregister(resource)
            channel.close()
        }
        call("connection_lost") { protocol.connectionLost(error) }
    }

    /** Calls the protocol; what it raises is reported, and the endpoint goes on. */
    private inline fun call(
        method: String,
        call: () -> Unit,
    ): Unit = reporting("Exception in callback protocol.$method()", call)

    private inline fun tellAboutWriting(
        method: String,
        call: () -> Unit,
    ): Unit = reporting("protocol.$method() failed", call)

    private inline fun reporting(
        message: String,
        call: () -> Unit,
    ) {
        try {
            call()
        } catch (error: Throwable) {
            if (isFatal(error)) throw error
            report(message, error)
        }
    }

    private fun fail(
        message: String,
        error: Throwable,
    ) {
        report(message, error)
        lose(error)
    }

    private fun report(
        message: String,
        error: Throwable,
    ) {
        loop.callExceptionHandler(
            ExceptionContext
                .of(message)
                .withException(error)
                .withDetail("transport", this)
                .withDetail("protocol", protocol),
        )
    }

    // ---- the rest

    override fun <T : Any> getExtraInfo(info: ExtraInfo<T>): T? =
        getExtraInfo(info.pythonName())?.let { info.type().cast(it) }

    override fun getExtraInfo(name: String): Any? =
        when (name) {
            "sockname" -> local
            "peername" -> remote
            else -> null
        }

    override fun setProtocol(protocol: BaseProtocol<*>) {
        this.protocol = protocol as DatagramProtocol
    }

    override fun getProtocol(): BaseProtocol<*> = protocol

    override fun toString(): String {
        val state =
            if (lost) {
                "lost"
            } else if (closing) {
                "closing"
            } else {
                "open"
            }
        return "<DatagramTransport $local${if (remote == null) "" else " - $remote"} $state>"
    }

    private companion object {
        const val HIGH = 64 * 1024

        /** What asyncio counts for a datagram besides its bytes. */
        const val HEADER = 8
    }
}
