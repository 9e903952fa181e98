package asyncio.vertx.web;

import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.RoutingContext;

/** The body of a coroutine that serves a WebSocket; see {@link CoroutineRoutes#coWebSocket}. */
@FunctionalInterface
@SuppressWarnings("exports") // Who uses this has vertx-web.
public interface WebSocketHandler {
    /**
     * Serves the socket; it may await. The socket is closed when this ends.
     *
     * @throws Exception for the socket to be closed with the code 1011
     */
    void handle(RoutingContext context, ServerWebSocket socket) throws Exception;
}
