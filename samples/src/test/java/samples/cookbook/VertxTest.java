package samples.cookbook;

import static asyncio.Asyncio.*;
import static asyncio.vertx.AsyncioVertx.*;
import static asyncio.vertx.EventBusServices.*;
import static asyncio.vertx.Streams.*;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.AsyncIterable;
import asyncio.ContextVar;
import asyncio.Coroutine;
import asyncio.Publishers;
import asyncio.TimeoutException;
import asyncio.http.ClientSession;
import asyncio.http.ServerSentEvent;
import asyncio.vertx.AsyncioVerticle;
import asyncio.vertx.AsyncioVertx;
import asyncio.vertx.web.CoroutineRoutes;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.NetServer;
import io.vertx.ext.web.Router;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The recipes of docs/vertx.md. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class VertxTest {

    // ---- recipes

    /** Counts requests, and forgets them once a minute. */
    public static final class Counter extends AsyncioVerticle {
        private HttpServer server;
        private int requests;

        @Override
        public void start() {
            var listening = vertx.createHttpServer()
                    .requestHandler(request -> createTask(() -> {
                        await(sleep(ofMillis(10)));
                        await(request.response().end("request " + ++requests));
                    }))
                    .listen(0);
            server = await(listening);
            createTask(() -> {
                while (true) {
                    await(sleep(ofSeconds(60)));
                    requests = 0;
                }
            });
        }

        @Override
        public void stop() {
            await(server.close());
        }
    }

    /** The same handler in a verticle that extends something else. */
    public static final class Old extends VerticleBase {
        private HttpServer server;

        @Override
        public Future<?> start() {
            return vertx.createHttpServer()
                    .requestHandler(request -> AsyncioVertx.createTask(() -> {
                        await(sleep(ofMillis(10)));
                        await(request.response().end("old"));
                    }))
                    .listen(0)
                    .onSuccess(started -> server = started);
        }
    }

    static String copyOf(Vertx vertx, String file) {
        var text = await(vertx.fileSystem().readFile(file));
        var copy = await(vertx.fileSystem().createTempFile("copy", ".txt"));
        await(vertx.fileSystem().writeFile(copy, text));
        return copy;
    }

    static List<String> both(Vertx vertx, String first, String second) {
        var files = vertx.fileSystem();
        var buffers = await(
                waitFor(gather(wrapFuture(files.readFile(first)), wrapFuture(files.readFile(second))), ofSeconds(10)));
        return List.of(buffers.get(0).toString(), buffers.get(1).toString());
    }

    static Future<String> slowly(Coroutine<String> coroutine) {
        return toVertxFuture(coroutine);
    }

    static Future<NetServer> echo(Vertx vertx) {
        return vertx.createNetServer()
                .connectHandler(socket -> {
                    // Here, because what comes before code has asked for it is lost.
                    var received = items(socket);
                    AsyncioVertx.createTask(() -> {
                        var sink = sink(socket);
                        for (var buffer : each(received)) {
                            await(sink.write(buffer));
                        }
                        await(sink.end());
                    });
                })
                .listen(0, "127.0.0.1");
    }

    /** Answers on the event bus. */
    public static final class Prices extends AsyncioVerticle {
        @Override
        public void start() {
            createTask(serve(vertx.eventBus().<String>consumer("price"), 100, message -> {
                await(sleep(ofMillis(10)));
                return message.body().length();
            }));
        }
    }

    static int priceOf(Vertx vertx, String what) {
        return await(vertx.eventBus().<Integer>request("price", what)).body();
    }

    /** Routes of vertx-web. */
    public static final class Shop extends AsyncioVerticle {
        private CoroutineRoutes routes;
        private HttpServer server;

        @Override
        public void start() {
            routes = CoroutineRoutes.builder()
                    .status(TimeoutException.class, 504)
                    .build();
            var router = Router.router(vertx);
            router.get("/price/:what")
                    .handler(routes.coRespond(context -> "" + priceOf(vertx, context.pathParam("what"))));
            router.get("/slow").handler(routes.coHandler(context -> {
                await(waitFor(sleep(ofSeconds(60)), ofMillis(20)));
                await(context.response().end("never"));
            }));
            router.get("/ticks").handler(routes.coHandler(context -> await(routes.events(context, ticks()))));
            router.get("/echo").handler(routes.coWebSocket((context, socket) -> {
                for (var text : each(textMessages(socket))) {
                    await(socket.writeTextMessage("echo " + text));
                }
            }));
            var listening = vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1");
            server = await(listening);
        }

        static AsyncIterable<ServerSentEvent> ticks() {
            return asyncGenerator(out -> {
                for (var tick = 0; ; tick++) {
                    out.yield(ServerSentEvent.of("message", "tick " + tick, ""));
                    await(sleep(ofMillis(10)));
                }
            });
        }

        @Override
        public void stop() {
            await(routes.shutdown(ofSeconds(10)));
        }
    }

    static final ContextVar<String> USER = ContextVar.create("user", "nobody");

    static Future<HttpServer> greeter(Vertx vertx) {
        return vertx.createHttpServer()
                .requestHandler(request -> {
                    USER.set(request.getParam("user"));
                    AsyncioVertx.createTask(() -> {
                        await(sleep(ofMillis(10)));
                        await(request.response().end("hello " + USER.get()));
                    });
                })
                .listen(0, "127.0.0.1");
    }

    static List<Integer> doubled(Flow.Publisher<Integer> publisher) {
        var result = new ArrayList<Integer>();
        for (var item : each(Publishers.items(publisher))) {
            result.add(2 * item);
        }
        return result;
    }

    static void main(Vertx vertx) {
        AsyncioVertx.run(vertx, () -> {
            await(vertx.deployVerticle(new Prices()));
            System.out.println(priceOf(vertx, "tea"));
        });
    }

    // ---- tests

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void closeVertx() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(30, SECONDS);
    }

    private static String text(ClientSession session, HttpServer server, String path) {
        return await(await(session.get("http://127.0.0.1:" + server.actualPort() + path))
                .text());
    }

    @Test
    void verticlesServe() {
        AsyncioVertx.run(vertx, () -> {
            var counter = new Counter();
            await(vertx.deployVerticle(counter));
            var old = new Old();
            await(vertx.deployVerticle(old));
            try (var session = ClientSession.create()) {
                assertEquals("request 1", text(session, counter.server, "/"));
                assertEquals("request 2", text(session, counter.server, "/"));
                assertEquals("old", text(session, old.server, "/"));
            }
            await(vertx.undeploy(counter.deploymentID()));
        });
    }

    @Test
    void futuresGoToAndFro() throws Exception {
        AsyncioVertx.run(vertx, () -> {
            var file = await(vertx.fileSystem().createTempFile("asyncio", ".txt"));
            await(vertx.fileSystem().writeFile(file, io.vertx.core.buffer.Buffer.buffer("text")));
            assertEquals(List.of("text", "text"), both(vertx, copyOf(vertx, file), file));
            assertEquals("done", await(slowly(sleep(ofMillis(1), "done"))));
        });
    }

    @Test
    void socketsEcho() {
        AsyncioVertx.run(vertx, () -> {
            var server = await(echo(vertx));
            var client = vertx.createNetClient();
            var socket = await(client.connect(server.actualPort(), "127.0.0.1"));
            var received = items(socket);
            await(socket.write("hello"));
            assertEquals("hello", await(received.anext()).toString());
            await(client.close());
        });
    }

    @Test
    void routesAreCoroutines() {
        AsyncioVertx.run(vertx, () -> {
            await(vertx.deployVerticle(new Prices()));
            var shop = new Shop();
            await(vertx.deployVerticle(shop));
            try (var session = ClientSession.create()) {
                var url = "http://127.0.0.1:" + shop.server.actualPort();
                assertEquals("3", text(session, shop.server, "/price/tea"));
                assertEquals(504, await(session.get(url + "/slow")).status());
                try (var response = await(session.get(url + "/ticks"))) {
                    assertEquals(
                            "data: tick 0\n",
                            new String(await(response.content().readline())));
                }
                with(session.wsConnect(url.replace("http", "ws") + "/echo"), socket -> {
                    await(socket.sendStr("you"));
                    assertEquals("echo you", await(socket.receiveStr()));
                });
            }
            await(vertx.undeploy(shop.deploymentID()));
        });
    }

    @Test
    void contextVarsBelongToTheRequest() {
        AsyncioVertx.run(vertx, () -> {
            var server = await(greeter(vertx));
            try (var session = ClientSession.create()) {
                var answers = await(gather(
                        async(() -> text(session, server, "/?user=ann")),
                        async(() -> text(session, server, "/?user=bob"))));
                assertEquals(List.of("hello ann", "hello bob"), List.copyOf(answers));
            }
        });
    }

    @Test
    void publishersAreIterable() {
        var subscribers = new AtomicInteger();
        run(() -> {
            var publisher = Publishers.publisher(Shop.ticks());
            Flow.Publisher<Integer> numbers = subscriber -> {
                subscribers.incrementAndGet();
                Publishers.publisher((AsyncIterable<Integer>) () -> asyncGenerator(out -> {
                            out.yield(1);
                            out.yield(2);
                        }))
                        .subscribe(subscriber);
            };
            assertEquals(List.of(2, 4), doubled(numbers));
            assertTrue(publisher != null && subscribers.get() == 1);
        });
    }

    @Test
    void aMainProgramRunsOnItsOwnVertx() {
        main(vertx);
    }
}
