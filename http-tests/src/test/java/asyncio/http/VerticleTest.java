package asyncio.http;

import static asyncio.Asyncio.*;
import static asyncio.vertx.AsyncioVertx.*;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.EventLoop;
import asyncio.vertx.AsyncioVerticle;
import asyncio.vertx.AsyncioVertx;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The client inside of verticles, on the loops of their contexts. */
@Timeout(120)
class VerticleTest {
    private final Vertx vertx = Vertx.vertx();
    private final List<String> log = new CopyOnWriteArrayList<>();

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    @AfterEach
    void closeVertx() throws Exception {
        get(vertx.close());
    }

    /** A server in front of another one: each request makes one of its own. */
    private static final class Front extends AsyncioVerticle {
        private final Set<EventLoop> loops = Collections.synchronizedSet(new HashSet<>());
        private ClientSession session;
        private HttpServer back;
        private volatile int port;

        @Override
        public void start() {
            session = ClientSession.create();
            back = await(vertx.createHttpServer()
                    .requestHandler(request -> request.response().end("back of " + request.path()))
                    .listen(0, "127.0.0.1"));
            var front = vertx.createHttpServer()
                    .requestHandler(request -> AsyncioVertx.createTask(() -> {
                        loops.add(getRunningLoop());
                        var context = Vertx.currentContext();
                        try (var response =
                                await(session.get("http://127.0.0.1:" + back.actualPort() + request.path()))) {
                            var text = await(response.text());
                            assertSame(context, Vertx.currentContext());
                            await(request.response().end("front, " + text));
                        }
                    }));
            port = await(front.listen(0, "127.0.0.1")).actualPort();
        }

        @Override
        public void stop() {
            session.close();
        }
    }

    @Test
    void requestsRunOnTheLoopOfTheVerticle() throws Exception {
        var front = new Front();
        var id = get(vertx.deployVerticle(front));
        run(() -> {
            var session = ClientSession.create();
            try {
                for (var i = 0; i < 50; i++) {
                    var text = await(await(session.get("http://127.0.0.1:" + front.port + "/" + i))
                            .text());
                    assertEquals("front, back of /" + i, text);
                }
                var many = new java.util.ArrayList<asyncio.Task<String>>();
                for (var i = 0; i < 50; i++) {
                    var url = "http://127.0.0.1:" + front.port + "/" + i;
                    many.add(
                            createTask(async(() -> await(await(session.get(url)).text()))));
                }
                assertEquals(50, await(gather(many)).size());
            } finally {
                session.close();
            }
        });
        assertEquals(Set.of(front.loop()), front.loops);
        get(vertx.undeploy(id));
        assertTrue(front.loop().isClosed());
    }

    @Test
    void undeployCancelsARequestThatWaits() throws Exception {
        var verticle = new AsyncioVerticle() {
            @Override
            public void start() throws Exception {
                var asked = asyncio.Event.create();
                var server = await(vertx.createHttpServer()
                        .requestHandler(request -> asked.set())
                        .listen(0, "127.0.0.1"));
                var session = ClientSession.create();
                createTask(() -> {
                    try {
                        await(session.get("http://127.0.0.1:" + server.actualPort() + "/"));
                    } finally {
                        log.add("request ended");
                        session.close();
                        log.add("session closed");
                    }
                });
                await(asked.waitSet());
            }
        };
        var id = get(vertx.deployVerticle(verticle));
        get(vertx.undeploy(id));
        assertEquals(List.of("request ended", "session closed"), log);
    }

    @Test
    void eachInstanceHasItsOwnSession() throws Exception {
        var sessions = Collections.synchronizedSet(new HashSet<ClientSession>());
        class Instance extends AsyncioVerticle {
            @Override
            public void start() {
                var server = await(vertx.createHttpServer()
                        .requestHandler(request -> request.response().end("x"))
                        .listen(0, "127.0.0.1"));
                var session = ClientSession.create();
                sessions.add(session);
                createTask(() -> {
                    try {
                        await(sleep(ofHours(1)));
                    } finally {
                        session.close();
                    }
                });
                await(sleep(ofMillis(1)));
                assertEquals(
                        "x",
                        await(await(session.get("http://127.0.0.1:" + server.actualPort()))
                                .text()));
            }
        }
        get(vertx.deployVerticle(Instance::new, new DeploymentOptions().setInstances(2)));
        assertEquals(2, sessions.size());
    }
}
