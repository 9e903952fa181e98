package asyncio.vertx.web;

import static asyncio.Asyncio.*;
import static asyncio.vertx.AsyncioVertx.*;
import static asyncio.vertx.Streams.*;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.Asyncio;
import asyncio.Event;
import asyncio.TimeoutException;
import asyncio.ValueBlock;
import asyncio.http.ServerSentEvent;
import asyncio.vertx.AsyncioVerticle;
import asyncio.vertx.AsyncioVertx;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.HttpException;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class CoroutineRoutesTest {
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final Vertx vertx = Vertx.vertx();
    private int port;

    @AfterEach
    void closeVertx() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    /** A verticle with these routes. */
    private final class Web extends AsyncioVerticle {
        private final BiConsumer<Router, CoroutineRoutes> define;
        private final CoroutineRoutes routes;
        private HttpServer server;
        private Event stopping;

        private Web(CoroutineRoutes routes, BiConsumer<Router, CoroutineRoutes> define) {
            this.routes = routes;
            this.define = define;
        }

        @Override
        public void start() {
            stopping = Event.create();
            var router = Router.router(vertx);
            router.get("/whileStopping").handler(routes.coRespond(context -> {
                await(stopping.waitSet());
                return "finished";
            }));
            define.accept(router, routes);
            server = await(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
            port = server.actualPort();
        }

        @Override
        public void stop() {
            stopping.set();
            await(routes.shutdown(ofMillis(50)));
            log.add("running " + routes.running());
        }
    }

    private String deploy(CoroutineRoutes routes, BiConsumer<Router, CoroutineRoutes> define) throws Exception {
        return vertx.deployVerticle(new Web(routes, define))
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    /** Vert.x closes a client that is garbage, with its connections: these are kept. */
    private final List<HttpClient> clients = new CopyOnWriteArrayList<>();

    private HttpClient client() {
        var client = vertx.createHttpClient();
        clients.add(client);
        return client;
    }

    /** The client's side, on a loop of its own. */
    private <T> T client(ValueBlock<T, Exception> body) throws Exception {
        return AsyncioVertx.run(vertx, body);
    }

    private record Answer(int status, String type, String body) {}

    private Answer get(HttpClient client, String path) {
        return send(client, HttpMethod.GET, path, "");
    }

    private Answer send(HttpClient client, HttpMethod method, String path, String body) {
        var request = await(client.request(method, port, "127.0.0.1", path));
        var response = await(request.send(body));
        return new Answer(
                response.statusCode(),
                response.getHeader("content-type"),
                await(response.body()).toString());
    }

    @Test
    void handlersAndRespondersAreCoroutines() throws Exception {
        deploy(CoroutineRoutes.create(), (router, routes) -> {
            router.get("/hello/:name").handler(routes.coHandler(context -> {
                assertTrue(((ContextInternal) Vertx.currentContext()).isDuplicate());
                await(sleep(ofMillis(1)));
                await(context.response().end("hello " + context.pathParam("name")));
            }));
            router.post("/body").handler(routes.coHandler(context -> {
                var body = context.request().body();
                await(sleep(ofMillis(1)));
                await(context.response().end("got " + await(body)));
            }));
            router.post("/read").handler(BodyHandler.create()).handler(routes.coRespond(context -> {
                await(sleep(ofMillis(1)));
                return "read " + context.body().asString();
            }));
            router.get("/json").handler(routes.coRespond(context -> {
                await(sleep(ofMillis(1)));
                return new JsonObject().put("a", 1);
            }));
            router.get("/map").handler(routes.coRespond(context -> Map.of("a", 2)));
            router.get("/buffer").handler(routes.coRespond(context -> Buffer.buffer("bytes")));
            router.get("/nothing").handler(routes.coRespond(context -> null));
            router.get("/next").handler(routes.coHandler(context -> {
                await(sleep(ofMillis(1)));
                context.put("seen", "first");
                context.next();
            }));
            router.get("/next").handler(routes.coRespond(context -> context.get("seen") + ", second"));
        });
        client(() -> {
            var client = client();
            assertEquals(new Answer(200, null, "hello you"), get(client, "/hello/you"));
            assertEquals("got this", send(client, HttpMethod.POST, "/body", "this").body);
            assertEquals(new Answer(200, "text/html", "read that"), send(client, HttpMethod.POST, "/read", "that"));
            assertEquals(new Answer(200, "application/json", "{\"a\":1}"), get(client, "/json"));
            assertEquals("{\"a\":2}", get(client, "/map").body);
            assertEquals(new Answer(200, "application/octet-stream", "bytes"), get(client, "/buffer"));
            assertEquals(204, get(client, "/nothing").status);
            assertEquals("first, second", get(client, "/next").body);
            return null;
        });
    }

    @Test
    void exceptionsBecomeStatuses() throws Exception {
        var routes = CoroutineRoutes.builder()
                .status(Exception.class, 501)
                .status(TimeoutException.class, 504)
                .status(IOException.class, 502)
                .build();
        deploy(routes, (router, own) -> {
            router.get("/timeout").handler(own.coHandler(context -> await(waitFor(sleep(ofHours(1)), ofMillis(1)))));
            router.get("/io").handler(own.coRespond(context -> {
                await(sleep(ofMillis(1)));
                throw new IOException("disk");
            }));
            router.get("/http").handler(own.coRespond(context -> {
                throw new HttpException(418, "tea");
            }));
            router.get("/other").handler(own.coRespond(context -> {
                throw new Exception("other");
            }));
            router.route("/io").failureHandler(own.coFailureHandler(context -> {
                await(sleep(ofMillis(1)));
                await(context.response()
                        .setStatusCode(context.statusCode())
                        .end("failed with " + context.failure().getMessage()));
            }));
        });
        deployPlainErrors();
        client(() -> {
            var client = client();
            assertEquals(504, get(client, "/timeout").status);
            assertEquals(new Answer(502, null, "failed with disk"), get(client, "/io"));
            assertEquals(418, get(client, "/http").status);
            assertEquals(501, get(client, "/other").status);
            return null;
        });
    }

    private void deployPlainErrors() throws Exception {
        var before = port;
        deploy(
                CoroutineRoutes.create(),
                (router, routes) -> router.get("/").handler(routes.coRespond(context -> {
                    throw new IllegalStateException("no status");
                })));
        client(() -> {
            assertEquals(500, get(client(), "/").status);
            return null;
        });
        port = before;
    }

    @Test
    void aFailureHandlerThatFailsEndsTheRequest() throws Exception {
        var routes = CoroutineRoutes.builder().status(IOException.class, 502).build();
        deploy(routes, (router, own) -> {
            router.get("/down")
                    .handler(context -> AsyncioVertx.createTask(() -> {
                        await(own.shutdown(ofMillis(1)));
                        await(context.response().end("down"));
                    }));
            router.get("/first").handler(own.coHandler(context -> {
                throw new IOException("first");
            }));
            router.get("/first").failureHandler(own.coFailureHandler(context -> {
                log.add("failure handler");
                await(sleep(ofMillis(1)));
                throw new IllegalStateException("second");
            }));
        });
        client(() -> {
            assertEquals(500, get(client(), "/first").status);
            return null;
        });
        assertEquals(List.of("failure handler"), log);
        log.clear();
        // A coroutine that is refused after the shutdown fails its route, too: and there the failure handler is one.
        client(() -> {
            assertEquals("down", get(client(), "/down").body);
            assertEquals(503, get(client(), "/first").status);
            return null;
        });
        assertEquals(List.of(), log);
    }

    @Test
    void pipelinedRequestsAreAnsweredInTheirOrder() throws Exception {
        deploy(CoroutineRoutes.create(), (router, routes) -> {
            router.get("/:what").handler(routes.coRespond(context -> {
                await(sleep(ofMillis(1)));
                return context.pathParam("what") + ".";
            }));
            router.post("/:what").handler(routes.coRespond(context -> {
                var body = await(context.request().body());
                await(sleep(ofMillis(1)));
                return context.pathParam("what") + body + ".";
            }));
        });
        var requests = "";
        for (var name : List.of("a", "b", "c")) {
            requests += "GET /" + name + " HTTP/1.1\r\nHost: test\r\n\r\n";
            requests += "POST /" + name + " HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\n12345";
        }
        requests += "GET /last HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n";
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(requests.getBytes(StandardCharsets.US_ASCII));
            var text = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            var answers = Pattern.compile("\r\n\r\n([a-z0-9]+)\\.").matcher(text);
            var found = new ArrayList<String>();
            while (answers.find()) found.add(answers.group(1));
            assertEquals(List.of("a", "a12345", "b", "b12345", "c", "c12345", "last"), found);
        }
    }

    @Test
    void theFieldsOfAServerSentEventHaveOneLine() throws Exception {
        deploy(
                CoroutineRoutes.create(),
                (router, routes) -> router.get("/")
                        .handler(routes.coHandler(context -> await(routes.events(context, asyncGenerator(out -> {
                            out.yield(ServerSentEvent.of("tick\ndata: x", "1", "7\r\nretry: 1"));
                            out.yield(ServerSentEvent.of("", "2", ""));
                        }))))));
        client(() -> {
            assertEquals("id: 7retry: 1\nevent: tickdata: x\ndata: 1\n\ndata: 2\n\n", get(client(), "/").body);
            return null;
        });
    }

    @Test
    void aClientThatDisconnectsCancelsItsHandler() throws Exception {
        for (var cancels : List.of(true, false)) {
            log.clear();
            var begun = new Event[1];
            var ended = new java.util.concurrent.CountDownLatch(1);
            var goOn = new Event[1];
            var routes = CoroutineRoutes.builder().cancelOnDisconnect(cancels).build();
            var id = deploy(routes, (router, own) -> {
                begun[0] = Event.create();
                goOn[0] = Event.create();
                router.get("/slow").handler(own.coHandler(context -> {
                    begun[0].set();
                    try {
                        await(cancels ? sleep(ofHours(1)) : goOn[0].waitSet());
                        log.add("went on");
                    } finally {
                        await(sleep(ofMillis(1)));
                        log.add("ended");
                        ended.countDown();
                    }
                }));
                router.get("/begun").handler(own.coHandler(context -> {
                    await(begun[0].waitSet());
                    await(context.response().end());
                }));
                router.get("/go").handler(own.coHandler(context -> {
                    goOn[0].set();
                    await(context.response().end());
                }));
            });
            client(() -> {
                var impatient = client();
                var request = await(impatient.request(HttpMethod.GET, port, "127.0.0.1", "/slow"));
                request.send();
                var other = client();
                get(other, "/begun");
                await(request.connection().close());
                if (!cancels) {
                    await(sleep(ofMillis(20)));
                    get(other, "/go");
                }
                await(toThread(() -> ended.await()));
                return null;
            });
            assertEquals(cancels ? List.of("ended") : List.of("went on", "ended"), log);
            vertx.undeploy(id).toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void streamedResponsesAndServerSentEventsWaitForTheClient() throws Exception {
        deploy(CoroutineRoutes.create(), (router, routes) -> {
            router.get("/lines")
                    .handler(routes.coHandler(context -> await(routes.stream(context, asyncGenerator(out -> {
                        for (var i = 0; i < 3; i++) {
                            await(sleep(ofMillis(1)));
                            out.yield(Buffer.buffer("line " + i + "\n"));
                        }
                    })))));
            router.get("/events")
                    .handler(routes.coHandler(context -> await(routes.events(context, asyncGenerator(out -> {
                        try {
                            for (var i = 0; ; i++) {
                                await(sleep(ofMillis(1)));
                                out.yield(ServerSentEvent.of(i == 0 ? "message" : "tick", "a\nb" + i, "" + i));
                            }
                        } finally {
                            log.add("closed");
                        }
                    })))));
        });
        client(() -> {
            var client = client();
            assertEquals("line 0\nline 1\nline 2\n", get(client, "/lines").body);
            var request = await(client.request(HttpMethod.GET, port, "127.0.0.1", "/events"));
            HttpClientResponse response = await(request.send());
            assertEquals("text/event-stream", response.getHeader("content-type"));
            var text = new StringBuilder();
            for (var buffer : each(items(response))) {
                text.append(buffer);
                if (text.toString().contains("b1\n\n")) break;
            }
            assertTrue(text.toString()
                    .startsWith("id: 0\ndata: a\ndata: b0\n\nid: 1\nevent: tick\ndata: a\ndata: b1\n\n"));
            await(request.connection().close());
            while (log.isEmpty()) await(sleep(ofMillis(1)));
            return null;
        });
        assertEquals("closed", log.get(0));
    }

    @Test
    void aWebSocketIsServedByACoroutine() throws Exception {
        deploy(CoroutineRoutes.create(), (router, routes) -> {
            router.get("/echo").handler(routes.coWebSocket((context, socket) -> {
                for (var text : each(textMessages(socket))) {
                    if (text.equals("fail")) throw new IOException("asked to");
                    if (text.equals("end")) break;
                    await(sleep(ofMillis(1)));
                    await(socket.writeTextMessage("echo " + text));
                }
                log.add("ended");
            }));
            router.get("/idle").handler(routes.coWebSocket((context, socket) -> {
                try {
                    await(sleep(ofHours(1)));
                } finally {
                    log.add("cancelled");
                }
            }));
        });
        client(() -> {
            getRunningLoop();
            var client = vertx.createWebSocketClient();
            var socket = await(client.connect(port, "127.0.0.1", "/echo"));
            var received = textMessages(socket);
            for (var i = 0; i < 100; i++) {
                await(socket.writePing(Buffer.buffer("p")));
                await(socket.writeTextMessage("m" + i));
                assertEquals("echo m" + i, await(received.anext()));
            }
            var large = "x".repeat(100_000);
            for (var at = 0; at < 10; at++) {
                var part = large.substring(at * 10_000, at * 10_000 + 10_000);
                var frame = at == 0
                        ? io.vertx.core.http.WebSocketFrame.textFrame(part, false)
                        : io.vertx.core.http.WebSocketFrame.continuationFrame(Buffer.buffer(part), at == 9);
                await(socket.writeFrame(frame));
            }
            assertEquals("echo " + large, await(received.anext()));
            await(socket.writeTextMessage("end"));
            var rest = new ArrayList<String>();
            for (var text : each(received)) rest.add(text);
            assertEquals(List.of(), rest);
            assertEquals(List.of("ended"), log);

            var failing = await(client.connect(port, "127.0.0.1", "/echo"));
            var nothing = textMessages(failing);
            await(failing.writeTextMessage("fail"));
            for (var text : each(nothing)) fail(text);
            while (failing.closeStatusCode() == null) await(sleep(ofMillis(1)));
            assertEquals((short) 1011, failing.closeStatusCode());

            var idle = await(client.connect(port, "127.0.0.1", "/idle"));
            await(idle.close());
            while (log.size() < 2) await(sleep(ofMillis(1)));
            assertEquals("cancelled", log.get(1));
            return null;
        });
    }

    @Test
    void aShutdownLetsHandlersFinishAndThenCancelsThem() throws Exception {
        var id = deploy(CoroutineRoutes.create(), (router, routes) -> {
            router.get("/long").handler(routes.coRespond(context -> {
                try {
                    await(sleep(ofHours(1)));
                } finally {
                    log.add("long ended");
                }
                return "never";
            }));
            router.get("/count").handler(routes.coRespond(context -> "" + routes.running()));
        });
        client(() -> {
            var client = client();
            var slowly = Asyncio.createTask(async(() -> get(client(), "/long")));
            var shortly = Asyncio.createTask(async(() -> get(client(), "/whileStopping")));
            while (Integer.parseInt(get(client, "/count").body) < 3) await(sleep(ofMillis(1)));
            await(vertx.undeploy(id));
            assertEquals("finished", await(shortly).body);
            assertEquals(503, await(slowly).status);
            return null;
        });
        assertEquals(List.of("long ended", "running 0"), log);
    }
}
