package asyncio.vertx.web;

import io.vertx.ext.web.RoutingContext;

/** The body of a coroutine that handles a request; see {@link CoroutineRoutes#coHandler}. */
@FunctionalInterface
@SuppressWarnings("exports") // Who uses this has vertx-web.
public interface RouteHandler {
    /**
     * Handles a request; it may await.
     *
     * @throws Exception for the route to fail with
     */
    void handle(RoutingContext context) throws Exception;
}
