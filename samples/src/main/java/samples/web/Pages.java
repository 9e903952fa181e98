package samples.web;

import static asyncio.Asyncio.*;
import static asyncio.vertx.AsyncioVertx.*;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import asyncio.AsyncIterable;
import asyncio.TimeoutException;
import asyncio.http.ServerSentEvent;
import asyncio.vertx.AsyncioVerticle;
import asyncio.vertx.web.CoroutineRoutes;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;

/** A verticle with a few pages. Several instances share the port. */
public final class Pages extends AsyncioVerticle {
    private final int wantedPort;
    private CoroutineRoutes routes;
    private HttpServer server;
    private int served;

    /** A verticle that listens on {@code port}; 0 for any that is free. */
    public Pages(int port) {
        wantedPort = port;
    }

    @Override
    public void start() {
        routes = CoroutineRoutes.builder().status(TimeoutException.class, 504).build();
        var router = Router.router(vertx);
        router.get("/hello/:name").handler(routes.coRespond(context -> {
            served++;
            await(sleep(ofMillis(1)));
            return "hello " + context.pathParam("name") + "\n";
        }));
        router.get("/slow").handler(routes.coRespond(context -> {
            await(waitFor(sleep(ofSeconds(60)), ofSeconds(1)));
            return "never";
        }));
        router.get("/ticks").handler(routes.coHandler(context -> await(routes.events(context, ticks()))));
        var listening = vertx.createHttpServer().requestHandler(router).listen(wantedPort, "127.0.0.1");
        server = await(listening);
    }

    /** One event for each tenth of a second, until the client goes away. */
    private static AsyncIterable<ServerSentEvent> ticks() {
        return asyncGenerator(out -> {
            for (var tick = 0; ; tick++) {
                out.yield(ServerSentEvent.of("message", "tick " + tick, ""));
                await(sleep(ofMillis(100)));
            }
        });
    }

    @Override
    public void stop() {
        await(routes.shutdown(ofSeconds(2)));
    }

    /** Where it listens. */
    public int port() {
        return server.actualPort();
    }

    /** How many hellos it has said. */
    public int served() {
        return served;
    }
}
