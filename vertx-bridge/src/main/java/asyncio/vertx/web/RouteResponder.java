package asyncio.vertx.web;

import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** The body of a coroutine that gives what is answered to a request; see {@link CoroutineRoutes#coRespond}. */
@FunctionalInterface
@SuppressWarnings("exports") // Who uses this has vertx-web.
public interface RouteResponder {
    /**
     * Gives the answer; it may await.
     *
     * @throws Exception for the route to fail with
     */
    @Nullable
    Object respond(RoutingContext context) throws Exception;
}
