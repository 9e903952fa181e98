package asyncio.internal.vertx.web

import asyncio.kotlin.coroutine
import asyncio.vertx.web.CoroutineRoutes
import io.vertx.core.Handler
import io.vertx.core.http.ServerWebSocket
import io.vertx.ext.web.RoutingContext

/** [CoroutineRoutes] for suspend functions. */
public object SuspendRoutes {
    public fun handler(
        routes: CoroutineRoutes,
        block: suspend (RoutingContext) -> Unit,
    ): Handler<RoutingContext> = impl(routes).handlerOf { coroutine { block(it) } }

    public fun respond(
        routes: CoroutineRoutes,
        block: suspend (RoutingContext) -> Any?,
    ): Handler<RoutingContext> = impl(routes).let { own -> own.handlerOf(own::answer) { coroutine { block(it) } } }

    public fun webSocket(
        routes: CoroutineRoutes,
        block: suspend (RoutingContext, ServerWebSocket) -> Unit,
    ): Handler<RoutingContext> = impl(routes).webSocketOf { context, socket -> coroutine { block(context, socket) } }

    private fun impl(routes: CoroutineRoutes) = routes as CoroutineRoutesImpl
}
