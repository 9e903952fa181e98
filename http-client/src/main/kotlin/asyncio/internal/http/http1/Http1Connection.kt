package asyncio.internal.http.http1

import asyncio.internal.http.http1.ResponseScanner.Event
import asyncio.internal.http.wire.ConnectionEnded
import asyncio.internal.http.wire.HttpConnection
import asyncio.internal.http.wire.HttpConnection.Listener
import asyncio.internal.http.wire.HttpConnection.StreamHandler
import asyncio.internal.http.wire.HttpStream
import asyncio.internal.http.wire.MalformedResponse
import asyncio.internal.http.wire.RequestHead
import io.netty.buffer.ByteBuf
import io.netty.buffer.Unpooled
import io.netty.channel.Channel
import io.netty.channel.ChannelFuture
import io.netty.channel.ChannelHandlerContext
import io.netty.channel.ChannelInboundHandlerAdapter
import io.netty.handler.codec.DecoderException
import io.netty.handler.ssl.SslCloseCompletionEvent
import io.vertx.core.http.HttpMethod
import io.vertx.core.internal.ContextInternal
import java.util.concurrent.TimeUnit

/**
 * A connection of HTTP/1.1: the last handler of its channel.
 *
 * ```
 * IDLE --a stream writes its head--> BUSY --end of the response--> IDLE
 *                                      \--101----> SWITCHED: bytes go to the next handler
 *    each of them --bad bytes, bytes behind the response, cancelled stream, end of the channel--> SPENT
 * ```
 *
 * IDLE and BUSY are those of [stream] and of the scanner. A connection that is [spent] serves no other request.
 */
internal class Http1Connection(
    private val vertx: ContextInternal,
) : ChannelInboundHandlerAdapter(),
    HttpConnection {
    private lateinit var context: ChannelHandlerContext
    private val scanner = ResponseScanner()
    private var listener: Listener? = null

    /** The request under way. */
    private var stream: Stream? = null
    private var spent = false

    /** The other side sends nothing more. */
    private var ended = false
    private var lastWrite: ChannelFuture? = null

    val channel: Channel get() = context.channel()

    override val isMultiplexed: Boolean get() = false
    override val concurrency: Long get() = 1
    override val isActive: Boolean get() = !ended && channel.isActive
    override val isRetired: Boolean get() = false

    override val isReusable: Boolean
        get() = !spent && isActive && stream == null && scanner.idle && lastWrite?.isSuccess != false

    override fun listen(listener: Listener) {
        this.listener = listener
    }

    override fun afterArrivals(action: Runnable) {
        val loop = channel.eventLoop()
        // Netty reads from its sockets between two rounds of such tasks. This may be the second half of a round.
        loop.schedule({ loop.schedule({ dispatched(action::run) }, 0, TimeUnit.NANOSECONDS) }, 0, TimeUnit.NANOSECONDS)
    }

    override fun openStream(handler: StreamHandler) {
        if (isReusable) handler.opened(Stream(), null) else handler.opened(null, ConnectionEnded())
    }

    override fun takeChannel(): Channel {
        check(scanner.open) { "The server has agreed to no other protocol" }
        return channel
    }

    override fun close() {
        spent = true
        context.close()
    }

    // ---- what the channel tells

    override fun handlerAdded(context: ChannelHandlerContext) {
        this.context = context
    }

    override fun channelRead(
        context: ChannelHandlerContext,
        message: Any,
    ): Unit =
        dispatched {
            if (scanner.open) {
                context.fireChannelRead(message)
            } else {
                receive(message as ByteBuf)
            }
        }

    override fun channelInactive(context: ChannelHandlerContext): Unit =
        dispatched {
            end(ConnectionEnded())
            context.fireChannelInactive()
        }

    override fun userEventTriggered(
        context: ChannelHandlerContext,
        event: Any,
    ) {
        // With TLS the server may say that it has ended long before it closes the socket.
        if (event is SslCloseCompletionEvent && !scanner.open) {
            dispatched { end(ConnectionEnded()) }
            context.close()
        }
        context.fireUserEventTriggered(event)
    }

    @Deprecated("Netty's own signature")
    override fun exceptionCaught(
        context: ChannelHandlerContext,
        cause: Throwable,
    ) {
        if (scanner.open) {
            context.fireExceptionCaught(cause)
        } else {
            dispatched { fail(if (cause is DecoderException) cause.cause ?: cause else cause) }
        }
    }

    override fun channelWritabilityChanged(context: ChannelHandlerContext) {
        if (channel.isWritable) dispatched { stream?.drained() }
        context.fireChannelWritabilityChanged()
    }

    /** As Vert.x calls its handlers: with its context as the current one. */
    private inline fun dispatched(action: () -> Unit) {
        val previous = vertx.beginDispatch()
        try {
            action()
        } finally {
            vertx.endDispatch(previous)
        }
    }

    // ---- receiving

    private fun receive(bytes: ByteBuf) {
        try {
            if (stream == null || spent) refuse() else scan(bytes)
        } catch (violation: MalformedResponse) {
            fail(violation)
        } finally {
            bytes.release()
        }
    }

    /** Nothing was asked for: what came may be the result of response splitting. */
    private fun refuse() {
        if (!spent) close()
    }

    private fun scan(bytes: ByteBuf) {
        val end = bytes.writerIndex()
        var index = bytes.readerIndex()
        while (index < end) {
            val stream = stream ?: return
            index = scanner.scan(bytes, index, end)
            when (scanner.event) {
                Event.NONE -> {}

                Event.CONTINUE -> {
                    stream.continued()
                }

                Event.HEAD -> {
                    stream.listener?.received(scanner.head!!)
                }

                Event.CONTENT -> {
                    stream.listener?.received(bytes, scanner.contentAt, scanner.contentSize)
                }
            }
            if (scanner.open) {
                if (index < end) context.fireChannelRead(bytes.retainedSlice(index, end - index))
                return
            }
            if (scanner.idle) {
                // More bytes than the response has may be the result of response splitting.
                val isSurplus = index < end
                if (isSurplus) spent = true
                complete()
                if (isSurplus) close()
                return
            }
        }
    }

    private fun complete() {
        val stream = stream ?: return
        this.stream = null
        stream.listener?.ended(scanner.trailers)
    }

    /** The other side has ended the connection. */
    private fun end(cause: Throwable) {
        if (ended) return
        ended = true
        spent = true
        val stream = stream
        if (stream != null && scanner.endsWithConnection) {
            complete()
        } else {
            this.stream = null
            stream?.listener?.broke(cause)
        }
        listener?.closed()
    }

    private fun fail(cause: Throwable) {
        val stream = stream
        this.stream = null
        close()
        stream?.listener?.broke(cause)
    }

    // ---- sending

    private fun write(bytes: ByteBuf) {
        lastWrite = context.write(bytes)
    }

    /** A request. After its end, or that of the connection, nothing is written any more. */
    private inner class Stream : HttpStream {
        var listener: HttpStream.Listener? = null
        private var onContinue: Runnable? = null
        private var onDrain: Runnable? = null
        private var chunked = false

        private val isCurrent get() = stream === this

        override val isWritable: Boolean get() = channel.isWritable

        override fun listen(listener: HttpStream.Listener) {
            this.listener = listener
        }

        override fun onContinue(action: Runnable) {
            onContinue = action
        }

        override fun onDrain(action: Runnable) {
            onDrain = action
        }

        fun continued() {
            onContinue?.run()
        }

        fun drained() {
            onDrain?.run()
        }

        override fun writeHead(head: RequestHead) {
            begin(head)
            flush { write(RequestEncoder.head(context.alloc(), head, null)) }
        }

        override fun writeHead(
            head: RequestHead,
            chunked: Boolean,
        ) {
            this.chunked = chunked
            writeHead(head)
        }

        override fun writeAll(
            head: RequestHead,
            body: ByteArray,
        ) {
            begin(head)
            flush {
                if (RequestEncoder.isCopied(body)) {
                    write(RequestEncoder.head(context.alloc(), head, body))
                } else {
                    write(RequestEncoder.head(context.alloc(), head, null))
                    write(Unpooled.wrappedBuffer(body))
                }
            }
        }

        private fun begin(head: RequestHead) {
            check(stream == null) { "The last response has not ended yet" }
            scanner.expect(head.limits, head.method == HttpMethod.HEAD, head.upgrade, tunnel = false)
            stream = this
        }

        override fun write(
            bytes: ByteArray,
            isLast: Boolean,
        ) {
            if (!isCurrent) return
            flush {
                when {
                    bytes.isEmpty() -> {}

                    chunked -> {
                        RequestEncoder.chunk(context.alloc(), bytes, ::write)
                    }

                    else -> {
                        write(Unpooled.wrappedBuffer(bytes))
                    }
                }
                if (isLast) writeEnd()
            }
        }

        override fun end() {
            if (isCurrent) flush(::writeEnd)
        }

        private fun writeEnd() {
            if (chunked) write(RequestEncoder.lastChunk())
        }

        private inline fun flush(writes: () -> Unit) {
            writes()
            context.flush()
        }

        override fun reading(on: Boolean) {
            channel.config().isAutoRead = on
        }

        override fun cancel() {
            if (isCurrent) {
                stream = null
                close()
            }
        }
    }
}
