package benchmarks.web

import asyncio.kotlin.vertx.AsyncioCoroutineVerticle
import asyncio.kotlin.vertx.await
import asyncio.kotlin.vertx.web.coRespond
import asyncio.vertx.web.CoroutineRoutes
import io.vertx.ext.web.Router
import io.vertx.kotlin.coroutines.CoroutineRouterSupport
import io.vertx.kotlin.coroutines.CoroutineVerticle
import io.vertx.kotlin.coroutines.coAwait

/** [WebServer] with a route of vertx-web and suspend functions of asyncio. */
internal class KotlinRoutes(
    private val port: Int,
) : AsyncioCoroutineVerticle() {
    override suspend fun start() {
        val router = Router.router(vertx)
        router.get("/").coRespond(CoroutineRoutes.create()) {
            WebServer.begun()
            try {
                await(vertx.timer(WebServer.delay()))
                WebServer.body()
            } finally {
                WebServer.ended()
            }
        }
        await(vertx.createHttpServer().requestHandler(router).listen(port))
    }
}

/** [WebServer] with a route of vertx-web and Vert.x's own module for Kotlin. */
internal class VertxRoutes(
    private val port: Int,
) : CoroutineVerticle(),
    CoroutineRouterSupport {
    override suspend fun start() {
        val router = Router.router(vertx)
        router.get("/").coRespond {
            WebServer.begun()
            try {
                vertx.timer(WebServer.delay()).coAwait()
                WebServer.body()
            } finally {
                WebServer.ended()
            }
        }
        vertx
            .createHttpServer()
            .requestHandler(router)
            .listen(port)
            .coAwait()
    }
}
