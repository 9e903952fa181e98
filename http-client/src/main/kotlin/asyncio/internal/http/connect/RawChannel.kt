package asyncio.internal.http.connect

import asyncio.Future
import asyncio.internal.run.EventLoopImpl
import asyncio.internal.vertx.VertxHost
import asyncio.internal.vertx.awaitNetty
import asyncio.internal.vertx.offer
import asyncio.internal.vertx.onContext
import asyncio.kotlin.await
import io.netty.buffer.ByteBuf
import io.netty.buffer.Unpooled
import io.netty.channel.Channel
import io.netty.channel.ChannelHandlerContext
import io.netty.channel.ChannelInboundHandlerAdapter
import io.netty.handler.codec.ByteToMessageDecoder
import io.netty.handler.ssl.SslHandler
import java.nio.channels.ClosedChannelException

/**
 * A socket until it becomes an HTTP connection: the last handler of its channel, which keeps received bytes until code
 * asks for it. One coroutine uses it, on the context's thread.
 */
internal class RawChannel(
    private val loop: EventLoopImpl,
    private val host: VertxHost,
) : ChannelInboundHandlerAdapter() {
    private lateinit var context: ChannelHandlerContext
    private var received: ByteBuf = Unpooled.EMPTY_BUFFER
    private var failure: Throwable? = null
    private var ended = false
    private var waiter: Future<Unit>? = null

    val channel: Channel get() = context.channel()

    override fun handlerAdded(ctx: ChannelHandlerContext) {
        context = ctx
    }

    override fun channelRead(
        ctx: ChannelHandlerContext,
        message: Any,
    ) {
        received = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), received, message as ByteBuf)
        if (received.readableBytes() >= HIGH_WATER) ctx.channel().config().isAutoRead = false
        wake()
    }

    override fun channelInactive(ctx: ChannelHandlerContext) {
        ended = true
        wake()
    }

    @Deprecated("Netty's own signature")
    override fun exceptionCaught(
        ctx: ChannelHandlerContext,
        cause: Throwable,
    ) {
        if (failure == null) failure = cause
        wake()
    }

    override fun handlerRemoved(ctx: ChannelHandlerContext) {
        received.release()
        received = Unpooled.EMPTY_BUFFER
    }

    /** Sends [bytes]; that this failed is told by the next read. */
    fun send(bytes: ByteArray) {
        context.writeAndFlush(Unpooled.wrappedBuffer(bytes))
    }

    /**
     * The next byte.
     *
     * @throws ClosedChannelException if the other side closes the connection before
     */
    suspend fun read(): Int {
        while (!received.isReadable) awaitMore()
        return received.readUnsignedByte().toInt()
    }

    suspend fun skip(bytes: Int) {
        repeat(bytes) { read() }
    }

    private suspend fun awaitMore() {
        failure?.let { throw it }
        if (ended) throw ClosedChannelException()
        channel.config().isAutoRead = true
        val future = loop.createFuture<Unit>()
        waiter = future
        try {
            await(future)
        } finally {
            waiter = null
        }
    }

    private fun wake() {
        val waiter = waiter ?: return
        host.execute { loop.offer(waiter, Unit) }
    }

    /** Speaks TLS from now on, inside that which is spoken already; returns after the handshake. */
    suspend fun startTls(tls: SslHandler) {
        loop.onContext(host) {
            if (ended) throw ClosedChannelException()
            val early = takeReceived()
            channel.config().isAutoRead = true
            context.pipeline().addBefore(context.name(), null, tls)
            if (early.isReadable) tls.context().feed(early) else early.release()
        }
        loop.awaitNetty(host, tls.handshakeFuture())
    }

    /**
     * Leaves the channel to the handlers that [install] puts in, on the context's thread; they get what was received already.
     *
     * @throws ClosedChannelException if the other side has closed the connection
     */
    suspend fun <T> handOver(install: (Channel) -> T): T = loop.onContext(host) { handOverHere(install) }

    private fun <T> handOverHere(install: (Channel) -> T): T {
        failure?.let { throw it }
        if (ended || !channel.isActive) throw ClosedChannelException()
        val early = takeReceived()
        val channel = channel
        val pipeline = channel.pipeline()
        pipeline.remove(this)
        val last = pipeline.lastContext()
        return try {
            install(channel).also {
                channel.config().isAutoRead = true
                val first = if (last == null) pipeline.firstContext() else pipeline.contextAfter(last)
                if (early.isReadable) first.feed(early.retain())
            }
        } finally {
            early.release()
        }
    }

    fun close() {
        channel.close()
    }

    private fun takeReceived(): ByteBuf = received.also { received = Unpooled.EMPTY_BUFFER }

    private fun io.netty.channel.ChannelPipeline.contextAfter(before: ChannelHandlerContext): ChannelHandlerContext {
        val names = names()
        return context(names[names.indexOf(before.name()) + 1])
    }

    /** Has this handler receive [bytes]. */
    private fun ChannelHandlerContext.feed(bytes: ByteBuf) {
        val handler = handler() as io.netty.channel.ChannelInboundHandler
        handler.channelRead(this, bytes)
        handler.channelReadComplete(this)
    }

    private fun SslHandler.context(): ChannelHandlerContext = this@RawChannel.context.pipeline().context(this)

    private companion object {
        /** The upper bound for bytes that are buffered during the handshakes. */
        const val HIGH_WATER = 128 * 1024
    }
}
