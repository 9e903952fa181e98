package asyncio.internal.http.connect

import asyncio.Asyncio
import asyncio.Event
import asyncio.http.ClientTimeout
import asyncio.internal.http.http1.Http1Connection
import asyncio.internal.http.http2.Http2Connection
import asyncio.internal.http.message.HeaderFields
import asyncio.internal.http.wire.HeadLimits
import asyncio.internal.http.wire.HttpConnection
import asyncio.internal.http.wire.HttpStream
import asyncio.internal.http.wire.RequestHead
import asyncio.internal.http.wire.ResponseHead
import asyncio.internal.run.EventLoopImpl
import asyncio.internal.vertx.VertxHost
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import io.kotest.matchers.shouldBe
import io.netty.buffer.ByteBuf
import io.netty.channel.Channel
import io.netty.handler.ssl.SslHandler
import io.vertx.core.Vertx
import io.vertx.core.http.HttpMethod
import io.vertx.core.http.HttpServerOptions
import io.vertx.core.http.HttpServerRequest
import java.time.Duration
import java.util.concurrent.Callable
import java.util.concurrent.TimeUnit
import javax.net.ssl.SSLSession

/** A transport of a running loop, for the tests of it. */
internal class Rig(
    val loop: EventLoopImpl,
    settings: ConnectorSettings,
) {
    val host = loop.host as VertxHost
    val transport = Transport(loop, host, settings)

    /** Limits that only a test which hangs comes to. */
    val patience = ClientTimeout.NONE.withSockConnect(Duration.ofSeconds(20))

    suspend fun open(
        key: ConnectionKey,
        listener: ConnectListener? = null,
    ): HttpConnection = transport.open(key, patience, listener)

    /** Gets [path], and gives the body. */
    suspend fun get(
        connection: HttpConnection,
        path: String,
        headers: List<Map.Entry<String, String>> = emptyList(),
    ): String {
        val answer = loop.createFuture<String>()
        host.execute {
            connection.openStream { stream, cause ->
                if (stream == null) {
                    answer.setException(cause!!)
                } else {
                    stream.listen(Answer(answer))
                    val given = HeaderFields()
                    if (!connection.isMultiplexed) given.add("Host", "a.example")
                    for (header in headers) given.add(header.key, header.value)
                    stream.writeHead(
                        RequestHead(HttpMethod.GET, false, "a.example", path, given, HeadLimits.DEFAULT, false),
                    )
                }
            }
        }
        return await(answer)
    }

    /** Collects the body of a response. */
    private class Answer(
        private val answer: asyncio.Future<String>,
    ) : HttpStream.Listener {
        private val body = StringBuilder()

        override fun received(head: ResponseHead) {}

        override fun received(
            buffer: ByteBuf,
            from: Int,
            size: Int,
        ) {
            body.append(buffer.toString(from, size, Charsets.UTF_8))
        }

        override fun ended(trailers: HeaderFields?) {
            if (!answer.done()) answer.setResult(body.toString())
        }

        override fun broke(cause: Throwable) {
            if (!answer.done()) answer.setException(cause)
        }
    }

    companion object {
        /** Runs [test], and then looks whether anything was left behind. */
        fun run(
            settings: ConnectorSettings = ConnectorSettings(),
            test: suspend Rig.() -> Unit,
        ) {
            Asyncio.run(
                coroutine {
                    val loop = Asyncio.getRunningLoop() as EventLoopImpl
                    val rig = Rig(loop, settings)
                    // With a Java body about, tasks may run on another thread than the context's.
                    val end = Event.create()
                    val body = Asyncio.createTask(Asyncio.async(Callable { Asyncio.await(end.waitSet()) }))
                    try {
                        rig.test()
                    } finally {
                        rig.transport.close()
                        end.set()
                        await(body)
                    }
                    asyncio.kotlin.sleep(kotlin.time.Duration.ZERO)
                    Asyncio.allTasks().size shouldBe 1
                },
            )
        }

        /** A server of Vert.x with [options], which lives as long as [vertx]. */
        fun serve(
            vertx: Vertx,
            options: HttpServerOptions = HttpServerOptions(),
            handler: (HttpServerRequest) -> Unit,
        ): Int =
            vertx
                .createHttpServer(options)
                .requestHandler(handler)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS)
                .actualPort()
    }
}

/** The channel behind this connection. */
internal val HttpConnection.channel: Channel
    get() =
        when (this) {
            is Http2Connection -> channel
            is Http1Connection -> channel
            else -> error("$this has no channel")
        }

/** The TLS session of this connection. */
internal val HttpConnection.tls: SSLSession get() =
    channel
        .pipeline()
        .get(SslHandler::class.java)
        .engine()
        .session
