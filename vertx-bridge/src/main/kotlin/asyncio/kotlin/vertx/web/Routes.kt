package asyncio.kotlin.vertx.web

import asyncio.internal.vertx.web.SuspendRoutes
import asyncio.vertx.web.CoroutineRoutes
import io.vertx.core.Handler
import io.vertx.core.http.ServerWebSocket
import io.vertx.ext.web.RoutingContext

/**
 * A route handler that runs [block] in a task of its own; see [CoroutineRoutes.coHandler].
 *
 * ```
 * val routes = CoroutineRoutes.create()
 * router.get("/users/:id").handler(routes.coHandler { context -> context.json(await(find(context.pathParam("id")))) })
 * ```
 */
@JvmName("suspendHandler")
public fun CoroutineRoutes.coHandler(block: suspend (RoutingContext) -> Unit): Handler<RoutingContext> =
    SuspendRoutes.handler(this, block)

/** A route handler that answers with what [block] gives; see [CoroutineRoutes.coRespond]. */
@JvmName("suspendRespond")
public fun CoroutineRoutes.coRespond(block: suspend (RoutingContext) -> Any?): Handler<RoutingContext> =
    SuspendRoutes.respond(this, block)

/** A failure handler that runs [block]; see [CoroutineRoutes.coFailureHandler]. */
@JvmName("suspendFailureHandler")
public fun CoroutineRoutes.coFailureHandler(block: suspend (RoutingContext) -> Unit): Handler<RoutingContext> =
    SuspendRoutes.handler(this, block)

/** A route handler that serves a WebSocket with [block]; see [CoroutineRoutes.coWebSocket]. */
@JvmName("suspendWebSocket")
public fun CoroutineRoutes.coWebSocket(
    block: suspend (RoutingContext, ServerWebSocket) -> Unit,
): Handler<RoutingContext> = SuspendRoutes.webSocket(this, block)
