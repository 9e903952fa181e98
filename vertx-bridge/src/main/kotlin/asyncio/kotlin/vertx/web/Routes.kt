package asyncio.kotlin.vertx.web

import asyncio.internal.vertx.web.SuspendRoutes
import asyncio.vertx.web.CoroutineRoutes
import io.vertx.core.http.ServerWebSocket
import io.vertx.ext.web.Route
import io.vertx.ext.web.RoutingContext

/**
 * Handles requests with [block], each in a task of its own; see [CoroutineRoutes.coHandler].
 *
 * ```
 * val routes = CoroutineRoutes.create()
 * router.get("/users/:id").coHandler(routes) { context -> context.json(find(context.pathParam("id"))) }
 * ```
 */
public fun Route.coHandler(
    routes: CoroutineRoutes,
    block: suspend (RoutingContext) -> Unit,
): Route = handler(SuspendRoutes.handler(routes, block))

/** Answers with what [block] gives; see [CoroutineRoutes.coRespond]. */
public fun Route.coRespond(
    routes: CoroutineRoutes,
    block: suspend (RoutingContext) -> Any?,
): Route = handler(SuspendRoutes.respond(routes, block))

/** Handles failures with [block]; see [CoroutineRoutes.coFailureHandler]. */
public fun Route.coFailureHandler(
    routes: CoroutineRoutes,
    block: suspend (RoutingContext) -> Unit,
): Route = failureHandler(SuspendRoutes.handler(routes, block))

/** Serves WebSockets with [block]; see [CoroutineRoutes.coWebSocket]. */
public fun Route.coWebSocket(
    routes: CoroutineRoutes,
    block: suspend (RoutingContext, ServerWebSocket) -> Unit,
): Route = handler(SuspendRoutes.webSocket(routes, block))
