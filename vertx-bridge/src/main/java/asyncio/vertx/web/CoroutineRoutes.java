package asyncio.vertx.web;

import asyncio.AsyncIterable;
import asyncio.CheckReturnValue;
import asyncio.Coroutine;
import asyncio.http.ServerSentEvent;
import asyncio.internal.vertx.web.CoroutineRoutesBuilder;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Makes handlers of vertx-web out of coroutines.
 *
 * <p>{@snippet : var routes = CoroutineRoutes.create(); router.get("/users/:id").handler(routes.coRespond(context -> {
 * var rows = await(pool.preparedQuery("…").execute(Tuple.of(context.pathParam("id")))); return toJson(rows); })); }
 *
 * <p>Each request has a task of its own on the loop of the context that serves it; the verticle has to run on an event
 * loop. The task begins inside the handler: a body that no {@code BodyHandler} reads has to be asked for before the
 * first await. What a handler throws fails the route: with its status if it is an
 * {@link io.vertx.ext.web.handler.HttpException}, with the one of {@link Builder#status} otherwise, or with 500. If the
 * client disconnects before the response has ended, the task is cancelled, unless {@link Builder#cancelOnDisconnect}
 * says otherwise; with the loop it is cancelled, too.
 *
 * <p>One of these serves one event loop: each instance of a verticle makes its own.
 */
@SuppressWarnings("exports") // Who uses this has vertx-web.
public interface CoroutineRoutes {
    /** With the defaults. */
    static CoroutineRoutes create() {
        return builder().build();
    }

    /** With settings. */
    static Builder builder() {
        return new CoroutineRoutesBuilder();
    }

    /**
     * A handler that runs {@code handler} in a task. The handler ends the response, or calls {@code context.next()}.
     */
    Handler<RoutingContext> coHandler(RouteHandler handler);

    /**
     * A handler that answers with what {@code responder} gives, as {@link io.vertx.ext.web.Route#respond} does: a
     * {@link Buffer} or a string as it is, null with 204, something else as JSON.
     */
    Handler<RoutingContext> coRespond(RouteResponder responder);

    /** {@link #coHandler} for {@link io.vertx.ext.web.Route#failureHandler}. */
    Handler<RoutingContext> coFailureHandler(RouteHandler handler);

    /**
     * A handler that makes a WebSocket of the request and serves it with {@code handler}. When the client closes it,
     * items and writes of the socket end; a handler that has not ended a second later is cancelled, unless
     * {@link Builder#cancelOnDisconnect} says otherwise.
     */
    Handler<RoutingContext> coWebSocket(WebSocketHandler handler);

    /**
     * Answers with {@code items}, one after the other, waiting while the client does not read. To be awaited in a
     * handler.
     *
     * @return raises what a write, or {@code items}, has failed with
     */
    @CheckReturnValue
    Coroutine<@Nullable Void> stream(RoutingContext context, AsyncIterable<Buffer> items);

    /**
     * Answers with server-sent events, each when {@code events} gives it. To be awaited in a handler.
     *
     * @return raises what a write, or {@code events}, has failed with
     */
    @CheckReturnValue
    Coroutine<@Nullable Void> events(RoutingContext context, AsyncIterable<ServerSentEvent> events);

    /** How many handlers run at this moment. */
    int running();

    /**
     * Ends gracefully: new requests are answered with 503, handlers that run may end within {@code limit}, and those
     * that have not are then cancelled and awaited. To be awaited in the verticle's {@code stop()}, before the server
     * is closed.
     */
    @CheckReturnValue
    Coroutine<@Nullable Void> shutdown(Duration limit);

    /** The settings of {@link CoroutineRoutes}. */
    interface Builder {
        /** Whether a client that disconnects cancels its handler. True unless it is set. */
        Builder cancelOnDisconnect(boolean cancelOnDisconnect);

        /**
         * The status that a route fails with if its handler throws an exception of this type. The type that was given
         * last counts, where an exception has several.
         *
         * @throws IllegalArgumentException if {@code status} is not from 400 to 599
         */
        Builder status(Class<? extends Throwable> type, int status);

        /** Makes it. */
        CoroutineRoutes build();
    }
}
