package asyncio.internal.http.connect

import asyncio.Asyncio
import asyncio.Event
import asyncio.http.ClientTimeout
import asyncio.internal.run.EventLoopImpl
import asyncio.internal.vertx.VertxHost
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import io.kotest.matchers.shouldBe
import io.vertx.core.Vertx
import io.vertx.core.http.HttpServerOptions
import io.vertx.core.http.HttpServerRequest
import io.vertx.core.http.RequestOptions
import io.vertx.core.http.impl.HttpClientConnection
import io.vertx.core.http.impl.UnpooledHttpClientConnection
import java.time.Duration
import java.util.concurrent.Callable
import java.util.concurrent.TimeUnit

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
    ): HttpClientConnection = transport.open(key, patience, listener)

    /** Gets [path], and gives the body. */
    suspend fun get(
        connection: HttpClientConnection,
        path: String,
        headers: List<Map.Entry<String, String>> = emptyList(),
    ): String {
        val options = RequestOptions().setURI(path)
        for (header in headers) options.addHeader(header.key, header.value)
        val request =
            loop.awaitVertx(host, UnpooledHttpClientConnection(connection).request(host.context, options))
        val body = request.send().compose { it.body() }
        return loop.awaitVertx(host, body).toString()
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
