package asyncio.internal.http.ws

import asyncio.http.ClientSession
import asyncio.http.Tls
import asyncio.http.WSMsgType
import asyncio.internal.http.connect.TestCertificate
import asyncio.kotlin.await
import asyncio.kotlin.runAsyncio
import asyncio.kotlin.toThread
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.netty.bootstrap.ServerBootstrap
import io.netty.buffer.ByteBuf
import io.netty.buffer.Unpooled
import io.netty.channel.Channel
import io.netty.channel.ChannelHandlerContext
import io.netty.channel.ChannelInboundHandlerAdapter
import io.netty.channel.ChannelInitializer
import io.netty.channel.MultiThreadIoEventLoopGroup
import io.netty.channel.nio.NioIoHandler
import io.netty.channel.socket.nio.NioServerSocketChannel
import io.netty.handler.ssl.SslCloseCompletionEvent
import io.netty.handler.ssl.SslHandler
import java.net.InetSocketAddress
import java.util.HexFormat
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit

/** How a WebSocket over TLS ends: with a close_notify (RFC 8446, 6.1). */
class TlsCloseSpec :
    FunSpec({
        val certificate = TestCertificate.of("dns:localhost,ip:127.0.0.1")
        val group = MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory())
        afterSpec { group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync() }

        /** Agrees to a WebSocket and sends [frame]; tells in [closed] whether a close_notify came. */
        class Server(
            private val frame: String,
            private val closed: CompletableFuture<Boolean>,
        ) : ChannelInboundHandlerAdapter() {
            private val request = StringBuilder()
            private var agreed = false

            override fun channelRead(
                ctx: ChannelHandlerContext,
                message: Any,
            ) {
                val data = message as ByteBuf
                request.append(data.toString(Charsets.ISO_8859_1))
                data.release()
                if (agreed || !request.endsWith("\r\n\r\n")) return
                agreed = true
                val key = request.lines().first { it.startsWith("Sec-WebSocket-Key: ") }.substringAfter(": ")
                val answer =
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
                        "Sec-WebSocket-Accept: ${Handshake.acceptOf(key)}\r\n\r\n"
                ctx.writeAndFlush(
                    Unpooled.wrappedBuffer(answer.toByteArray(), HexFormat.of().parseHex(frame)),
                )
            }

            override fun userEventTriggered(
                ctx: ChannelHandlerContext,
                event: Any,
            ) {
                if (event is SslCloseCompletionEvent) closed.complete(event.isSuccess)
            }

            @Deprecated("Netty's own signature")
            override fun exceptionCaught(
                ctx: ChannelHandlerContext,
                cause: Throwable,
            ) {
                closed.completeExceptionally(cause)
            }
        }

        fun serve(
            frame: String,
            closed: CompletableFuture<Boolean>,
        ): Channel =
            ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel::class.java)
                .childHandler(
                    object : ChannelInitializer<Channel>() {
                        override fun initChannel(channel: Channel) {
                            val engine = certificate.sslContext().createSSLEngine()
                            engine.useClientMode = false
                            channel.pipeline().addLast(SslHandler(engine), Server(frame, closed))
                        }
                    },
                ).bind("127.0.0.1", 0)
                .sync()
                .channel()

        fun test(
            name: String,
            frame: String,
            type: WSMsgType,
        ) {
            test(name) {
                val closed = CompletableFuture<Boolean>()
                val server = serve(frame, closed)
                try {
                    val port = (server.localAddress() as InetSocketAddress).port
                    runAsyncio {
                        ClientSession.builder().tls(Tls.insecure()).build().use { session ->
                            val webSocket = session.wsConnect("wss://127.0.0.1:$port/").await()
                            webSocket.receive().await().type() shouldBe type
                            toThread { closed.get(20, TimeUnit.SECONDS) } shouldBe true
                        }
                    }
                } finally {
                    server.close().sync()
                }
            }
        }

        // A server must not mask its frames.
        test("after a violation of the protocol", "8182010203040506", WSMsgType.ERROR)
        test("after a closing handshake", "880203e8", WSMsgType.CLOSE)
    })
