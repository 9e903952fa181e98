package benchmarks.web

import asyncio.kotlin.vertx.AsyncioCoroutineVerticle
import asyncio.kotlin.vertx.await
import io.vertx.core.http.HttpServerRequest
import io.vertx.kotlin.coroutines.CoroutineVerticle
import io.vertx.kotlin.coroutines.coAwait
import kotlinx.coroutines.launch

/** [WebServer] with suspend functions of asyncio. */
internal class KotlinCoroutines(
    private val port: Int,
) : AsyncioCoroutineVerticle() {
    override suspend fun start() {
        val server = vertx.createHttpServer().requestHandler { request -> createTask { handle(request) } }
        await(server.listen(port))
    }

    private suspend fun handle(request: HttpServerRequest) {
        WebServer.begun()
        try {
            await(vertx.timer(WebServer.delay()))
            await(request.response().end(WebServer.body()))
        } catch (_: Exception) {
            // The client has left.
        } finally {
            WebServer.ended()
        }
    }
}

/** [WebServer] with Vert.x's own module for Kotlin. */
internal class VertxCoroutines(
    private val port: Int,
) : CoroutineVerticle() {
    override suspend fun start() {
        val server = vertx.createHttpServer().requestHandler { request -> launch { handle(request) } }
        server.listen(port).coAwait()
    }

    private suspend fun handle(request: HttpServerRequest) {
        WebServer.begun()
        try {
            vertx.timer(WebServer.delay()).coAwait()
            request.response().end(WebServer.body()).coAwait()
        } catch (_: Exception) {
            // The client has left.
        } finally {
            WebServer.ended()
        }
    }
}
