package asyncio.http;

import static asyncio.Asyncio.*;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.Coroutine;
import asyncio.Task;
import asyncio.internal.http.http2.Http2Connection;
import io.vertx.core.Handler;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many requests on one connection. */
@Timeout(240)
class Http2PoolTest {
    private final Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger atOnce = new AtomicInteger();
    private final AtomicInteger mostAtOnce = new AtomicInteger();

    private TestServer server(int streams, Handler<HttpServerRequest> handler) throws Exception {
        var options = new HttpServerOptions()
                .setSsl(true)
                .setUseAlpn(true)
                .setInitialSettings(new Http2Settings().setMaxConcurrentStreams(streams))
                .setKeyCertOptions(new PemKeyCertOptions()
                        .setCertPath("asyncio/http/certificate.pem")
                        .setKeyPath("asyncio/http/key.pem"));
        return TestServer.start(options, request -> {
            connections.add(request.connection());
            assertEquals(HttpVersion.HTTP_2, request.version());
            mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            request.response().endHandler(end -> atOnce.decrementAndGet());
            handler.handle(request);
        });
    }

    private static ClientSession session(int limit) {
        return ClientSession.builder().tls(Tls.insecure()).limit(limit).build();
    }

    private static String url(TestServer server) {
        return "https://127.0.0.1:" + server.port() + "/";
    }

    private static Coroutine<String> fetch(ClientSession session, String url) {
        return async(() -> {
            try (var response = await(session.get(url))) {
                assertEquals("HTTP/2", response.version());
                return await(response.text());
            }
        });
    }

    private static void fetchMany(ClientSession session, String url, int count) {
        List<Task<String>> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(createTask(fetch(session, url + i)));
        }
        for (int i = 0; i < count; i++) {
            assertEquals("/" + i, await(all.get(i)));
        }
    }

    @Test
    void requestsShareAConnectionAndItsSlot() throws Exception {
        try (var server = server(1000, request -> request.response().end(request.path()))) {
            run(() -> {
                try (var session = session(1)) {
                    fetchMany(session, url(server), 200);
                    fetchMany(session, url(server), 200);
                }
            });
            assertEquals(1, connections.size());
        }
    }

    @Test
    void theServerSaysHowManyAtOnce() throws Exception {
        var waiting = new ConcurrentHashMap<HttpServerRequest, Boolean>();
        try (var server = server(3, request -> {
            waiting.put(request, true);
            if (waiting.size() == 3) {
                waiting.keySet().forEach(w -> w.response().end(w.path()));
                waiting.clear();
            }
        })) {
            run(() -> {
                try (var session = session(1)) {
                    fetchMany(session, url(server), 30);
                }
            });
            assertEquals(1, connections.size());
            assertEquals(3, mostAtOnce.get());
        }
    }

    /** Nobody waits for a stream where another connection is allowed. */
    @Test
    void moreThanOneConnectionTakesGoesToAnother() throws Exception {
        var both = new CountDownLatch(2);
        try (var server = server(1, request -> {
            both.countDown();
            request.response().end(request.path());
        })) {
            run(() -> {
                try (var session = session(0)) {
                    fetchMany(session, url(server), 10);
                }
            });
            assertTrue(connections.size() > 1, connections.size() + " connections");
        }
    }

    @Test
    void aCancelledRequestLeavesTheConnectionToTheOthers() throws Exception {
        var asked = new CountDownLatch(1);
        Http2Connection.setPatience(ofSeconds(30));
        try (var server = server(100, request -> {
            if (request.path().equals("/never")) {
                asked.countDown();
            } else {
                request.response().end(request.path());
            }
        })) {
            run(() -> {
                try (var session = session(1)) {
                    var never = createTask(fetch(session, url(server) + "never"));
                    await(toThread(() -> RawServer.await(asked)));
                    never.cancel();
                    await(gatherOutcomes(never));
                    fetchMany(session, url(server), 10);
                }
            });
            assertEquals(1, connections.size());
        } finally {
            Http2Connection.setPatience(ofSeconds(1));
        }
    }

    /** A host that cannot be reached fails for all at once, not for one after the other. */
    @Test
    void requestsThatWaitForTheFirstConnectFailSideBySide() throws Exception {
        int port = RawServer.refusedPort();
        run(() -> {
            try (var session = session(100)) {
                List<Task<String>> all = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                    all.add(createTask(fetch(session, "https://127.0.0.1:" + port + "/" + i)));
                }
                for (var outcome : await(gatherOutcomes(all))) {
                    assertFalse(outcome.succeeded());
                }
            }
        });
    }

    @Test
    void theServerGoesAway() throws Exception {
        try (var server = server(100, request -> {
            request.response().end(request.path());
            if (request.path().equals("/last")) {
                request.connection().shutdown(java.time.Duration.ofSeconds(1));
            }
        })) {
            run(() -> {
                try (var session = session(1)) {
                    assertEquals("/0", await(fetch(session, url(server) + "0")));
                    assertEquals("/last", await(fetch(session, url(server) + "last")));
                    // The goodbye may come a little later.
                    for (int i = 0; connections.size() == 1; i++) {
                        assertTrue(i < 1000);
                        await(fetch(session, url(server) + "next"));
                        await(sleep(ofSeconds(0)));
                    }
                }
            });
            assertEquals(2, connections.size());
        }
    }
}
