package asyncio.http;

import static asyncio.Asyncio.*;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.Asyncio;
import asyncio.Coroutine;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests to a server that behaves. */
@Timeout(240)
class ClientSessionTest {

    /** aiohttp: test_creds_in_header_and_url. */
    @Test
    void credentialsInTheUrlAndInAHeader() {
        run(() -> {
            try (var session = ClientSession.create();
                    var ofSession = ClientSession.builder()
                            .header("Authorization", "Bearer x")
                            .build()) {
                for (var request : List.of(
                        session.get("http://user:SECRET@h.invalid/").header("authorization", "Basic x"),
                        ofSession.get("http://user:SECRET@h.invalid/"))) {
                    var twice = assertThrows(IllegalArgumentException.class, () -> await(request));
                    assertTrue(twice.getMessage().contains("credentials twice"), twice::getMessage);
                    assertFalse(twice.getMessage().contains("SECRET"), twice::getMessage);
                }
            }
        });
    }

    @Test
    void getsABody() throws Exception {
        try (var server = TestServer.start(request -> request.response()
                .putHeader("Content-Type", "Text/Plain; charset=ISO-8859-1")
                .putHeader("X-Twice", (Iterable<String>) List.of("a", "b"))
                .end(Buffer.buffer("caf\u00e9", "ISO-8859-1")))) {
            run(() -> {
                try (var session = ClientSession.create();
                        var response = await(session.get(server.url("/a/b?c=d#fragment")))) {
                    assertEquals("GET", response.method());
                    assertEquals(server.url("/a/b?c=d"), response.url());
                    assertEquals(200, response.status());
                    assertEquals("OK", response.reason());
                    assertTrue(response.ok());
                    assertEquals("text/plain", response.contentType());
                    assertEquals(4, response.contentLength());
                    assertEquals("a", response.headers().get("x-twice"));
                    assertEquals(List.of("a", "b"), response.headers().getAll("X-TWICE"));
                    assertTrue(response.headers().contains("x-Twice"));
                    assertNull(response.headers().get("x-none"));
                    assertEquals(List.of(), response.headers().getAll("x-none"));
                    assertEquals(
                            Set.of("Content-Type", "X-Twice", "content-length"),
                            response.headers().names());
                    assertEquals(4, response.headers().entries().size());
                    assertSame(response, response.raiseForStatus());
                    var body = await(response.read());
                    assertArrayEquals("caf\u00e9".getBytes(StandardCharsets.ISO_8859_1), body);
                    assertSame(body, await(response.read()));
                    assertEquals("caf\u00e9", await(response.text()));
                    assertEquals("caf\uFFFD", await(response.text(StandardCharsets.UTF_8)));
                }
            });
        }
    }

    @Test
    void textIsUtf8UnlessTheServerSaysOtherwise() throws Exception {
        try (var server = TestServer.start(request -> {
            if (request.path().equals("/unknown")) {
                request.response().putHeader("content-type", "text/plain; charset=klingon");
            }
            request.response().end("\u4f60\u597d");
        })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var response = await(session.get(server.url("/")));
                    assertEquals("application/octet-stream", response.contentType());
                    assertEquals("\u4f60\u597d", await(response.text()));
                    assertEquals(
                            "\u4f60\u597d",
                            await(await(session.get(server.url("/unknown"))).text()));
                }
            });
        }
    }

    @Test
    void sendsParametersAndHeaders() throws Exception {
        var seen = new AtomicReference<String>();
        try (var server = TestServer.start(request -> {
            var lines = new ArrayList<String>();
            lines.add(request.uri());
            request.headers().forEach((name, value) -> lines.add(name + ": " + value));
            // It depends on what is on the class path.
            lines.removeIf(line -> line.startsWith("Accept-Encoding: gzip, deflate"));
            seen.set(String.join("\n", lines));
            request.response().end();
        })) {
            run(() -> {
                try (var session = ClientSession.builder()
                        .header("X-Session", "1")
                        .header("X-Both", "session")
                        .build()) {
                    await(session.get(server.url("/search?a=1"))
                            .param("q", "\u00e4 b&c=d+e")
                            .param("empty", "")
                            .header("X-Both", "one")
                            .header("x-both", "two")
                            .header("X-Name", "caf\u00e9"));
                    assertEquals(
                            "/search?a=1&q=%C3%A4%20b%26c%3Dd%2Be&empty=\n"
                                    + "Host: 127.0.0.1:" + server.port() + "\n"
                                    + "Accept: */*\n"
                                    + "User-Agent: Java/" + Runtime.version().feature() + " asyncio4j\n"
                                    + "X-Session: 1\n"
                                    + "X-Both: one\n"
                                    + "x-both: two\n"
                                    + "X-Name: caf\u00c3\u00a9",
                            seen.get());
                    await(session.get(server.url("/")).header("Host", "other").header("User-Agent", "me"));
                    assertTrue(seen.get().contains("Host: other"), seen.get());
                    assertFalse(seen.get().contains("Host: 127"), seen.get());
                    assertFalse(seen.get().contains("asyncio4j"), seen.get());
                }
            });
        }
    }

    @Test
    void credentialsOfTheUrlBecomeBasicAuthAndAreNotShown() throws Exception {
        try (var server = TestServer.start(request -> request.response().end(request.getHeader("Authorization")))) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var url = server.url("/").replace("//", "//us%40er:p\u00e4ss@");
                    var response = await(session.get(url));
                    assertEquals("Basic dXNAZXI6cMOkc3M=", await(response.text()));
                    assertEquals(server.url("/"), response.url());
                }
            });
        }
    }

    @Test
    void resolvesAgainstTheBaseUrl() throws Exception {
        try (var server = TestServer.start(request -> request.response().end(request.uri()))) {
            run(() -> {
                try (var session =
                        ClientSession.builder().baseUrl(server.url("/api/v1/")).build()) {
                    assertEquals(
                            "/api/v1/users?x=1",
                            await(await(session.get("users?x=1")).text()));
                    assertEquals("/other", await(await(session.get("/other")).text()));
                    assertEquals("/api/up", await(await(session.get("../up")).text()));
                    assertEquals(
                            "/abs", await(await(session.get(server.url("/abs"))).text()));
                }
            });
        }
    }

    @Test
    void aKeptConnectionServesTheNextRequest() throws Exception {
        try (var server = TestServer.start(request -> {
            if (request.path().equals("/chunked")) {
                request.response().setChunked(true).write("chunk");
            }
            if (request.path().equals("/204") || request.path().equals("/304")) {
                request.response().setStatusCode(Integer.parseInt(request.path().substring(1)));
            }
            request.response().end();
        })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    for (var path : List.of("/", "/chunked", "/204", "/", "/304")) {
                        await(await(session.get(server.url(path))).read());
                    }
                    assertEquals(1, server.connections());
                    // Received, but not read; closed or not.
                    await(session.get(server.url("/chunked"))).close();
                    await(session.get(server.url("/")));
                    await(session.get(server.url("/")));
                    assertEquals(1, server.connections());
                }
            });
        }
    }

    @Test
    void aConnectionThatTheServerWantsClosedIsNotKept() throws Exception {
        try (var server = TestServer.start(
                request -> request.response().putHeader("Connection", "close").end("x"))) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    await(await(session.get(server.url("/"))).read());
                    await(await(session.get(server.url("/"))).read());
                    assertEquals(2, server.connections());
                }
            });
        }
    }

    @Test
    void aConnectionThatTheRequestWantsClosedIsNotKept() throws Exception {
        try (var server = RawServer.answering(RawServer.ok("x"))) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    await(await(session.get(server.url()).header("Connection", "close"))
                            .read());
                    await(await(session.get(server.url())).read());
                    assertEquals(2, server.connections());
                }
            });
        }
    }

    @Test
    void noConnectionIsKeptIfTheSessionKeepsNone() throws Exception {
        try (var server = TestServer.start(request -> request.response().end("x"))) {
            run(() -> {
                try (var session =
                        ClientSession.builder().keepAlive(Duration.ZERO).build()) {
                    await(await(session.get(server.url("/"))).read());
                    await(await(session.get(server.url("/"))).read());
                    assertEquals(2, server.connections());
                }
            });
        }
    }

    @Test
    void anIdleConnectionIsClosedWhenItsTimeIsOver() throws Exception {
        var closed = new CountDownLatch(1);
        try (var server = RawServer.start(connection -> {
            connection.readRequest();
            connection.send(RawServer.ok("x"));
            connection.awaitClosedByClient();
            closed.countDown();
        })) {
            run(() -> {
                try (var session = ClientSession.builder()
                        .keepAlive(Duration.ofMillis(200))
                        .build()) {
                    var sent = System.nanoTime();
                    await(await(session.get(server.url())).read());
                    await(toThread(() -> RawServer.await(closed)));
                    assertTrue(System.nanoTime() - sent >= 200_000_000);
                }
            });
        }
    }

    @Test
    void aConnectionIsKeptNoLongerThanTheServerSays() throws Exception {
        try (var server =
                RawServer.answering("HTTP/1.1 200 OK\r\nKeep-Alive: max=9, timeout=0\r\nContent-Length: 0\r\n\r\n")) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    await(session.get(server.url()));
                    await(session.get(server.url()));
                    assertEquals(2, server.connections());
                }
            });
        }
    }

    @Test
    void closingTheSessionClosesIdleConnections() throws Exception {
        var closed = new CountDownLatch(1);
        try (var server = RawServer.start(connection -> {
            connection.readRequest();
            connection.send(RawServer.ok("x"));
            connection.awaitClosedByClient();
            closed.countDown();
        })) {
            run(() -> {
                var session = ClientSession.create();
                assertFalse(session.closed());
                var response = await(session.get(server.url()));
                session.close();
                session.close();
                assertTrue(session.closed());
                await(toThread(() -> RawServer.await(closed)));
                assertEquals("x", await(response.text()));
            });
        }
    }

    @Test
    void aClosedSessionRefusesRequests() {
        run(() -> {
            var session = ClientSession.create();
            session.close();
            var refused = assertThrows(IllegalStateException.class, () -> await(session.get("http://localhost/")));
            assertEquals("Session is closed", refused.getMessage());
        });
    }

    @Test
    void aRequestIsSentOnce() throws Exception {
        var count = new AtomicInteger();
        try (var server = TestServer.start(request -> {
            count.incrementAndGet();
            request.response().end();
        })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var request = session.get(server.url("/"));
                    await(request);
                    assertThrows(IllegalStateException.class, () -> await(request));
                    assertThrows(IllegalStateException.class, () -> request.header("a", "b"));
                    assertThrows(IllegalStateException.class, () -> request.param("a", "b"));
                    assertThrows(IllegalStateException.class, () -> request.timeout(Duration.ofSeconds(1)));
                    assertEquals(1, count.get());
                }
            });
        }
    }

    @Test
    void nothingIsSentBeforeTheAwait() throws Exception {
        try (var server = RawServer.answering(RawServer.ok("x"))) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    session.get(server.url());
                    await(sleep(Duration.ofMillis(50)));
                    assertEquals(0, server.connections());
                }
            });
        }
    }

    @Test
    void aSessionNeedsALoop() {
        var refused = assertThrows(IllegalStateException.class, ClientSession::create);
        assertTrue(refused.getMessage().contains("Asyncio.run"), refused.getMessage());
    }

    @Test
    void aSessionBelongsToItsLoop() throws Exception {
        try (var server = TestServer.start(request -> request.response().end("x"))) {
            var escaped = new AtomicReference<ClientSession>();
            run(() -> escaped.set(ClientSession.create()));
            run(() -> assertThrows(
                    IllegalStateException.class, () -> await(escaped.get().get(server.url("/")))));
        }
    }

    @Test
    void manyAtOnceShareTheConnections() throws Exception {
        try (var server = TestServer.start(request -> request.response().end(request.path()))) {
            run(() -> {
                try (var session = ClientSession.builder().limit(8).build()) {
                    var all = new ArrayList<Coroutine<String>>();
                    for (int i = 0; i < 200; i++) {
                        var path = "/" + i;
                        all.add(async(
                                () -> await(await(session.get(server.url(path))).text())));
                    }
                    var bodies = await(Asyncio.<String>gather(all));
                    for (int i = 0; i < 200; i++) {
                        assertEquals("/" + i, bodies.get(i));
                    }
                    assertEquals(8, server.connections());
                }
            });
        }
    }

    @Test
    void noMoreConnectionsAreInUseThanAllowed() throws Exception {
        var meter = new Meter(3);
        try (var a = RawServer.start(meter::serve);
                var b = RawServer.start(meter::serve)) {
            run(() -> {
                try (var session = ClientSession.builder().limit(3).build()) {
                    getAll(session, a, b);
                    assertEquals(3, meter.most.get());
                }
            });
        }
    }

    @Test
    void noMoreConnectionsToOneHostAreInUseThanAllowed() throws Exception {
        var meterOfA = new Meter(2);
        var meterOfB = new Meter(2);
        try (var a = RawServer.start(meterOfA::serve);
                var b = RawServer.start(meterOfB::serve)) {
            run(() -> {
                try (var session =
                        ClientSession.builder().limit(5).limitPerHost(2).build()) {
                    getAll(session, a, b);
                    assertEquals(2, meterOfA.most.get());
                    assertEquals(2, meterOfB.most.get());
                }
            });
        }
    }

    private static void getAll(ClientSession session, RawServer... servers) {
        var all = new ArrayList<Coroutine<String>>();
        for (int i = 0; i < 12; i++) {
            for (var server : servers) {
                all.add(async(() -> await(await(session.get(server.url())).text())));
            }
        }
        await(Asyncio.<String>gather(all));
    }

    /** Counts the requests that are served at the same time; the first ones wait for each other. */
    private static final class Meter {
        final AtomicInteger present = new AtomicInteger();
        final AtomicInteger most = new AtomicInteger();
        final CountDownLatch full;

        Meter(int expected) {
            full = new CountDownLatch(expected);
        }

        void serve(RawServer.Connection connection) throws Exception {
            while (connection.readRequest() != null) {
                most.accumulateAndGet(present.incrementAndGet(), Math::max);
                full.countDown();
                RawServer.await(full);
                Thread.sleep(5);
                present.decrementAndGet();
                connection.send(RawServer.ok("x"));
            }
        }
    }

    @Test
    void thoseWhoWaitForAConnectionAreServedInOrder() throws Exception {
        var order = new ArrayList<String>();
        try (var server = RawServer.start(connection -> {
            for (String request; (request = connection.readRequest()) != null; ) {
                synchronized (order) {
                    order.add(request.split(" ")[1]);
                }
                connection.send(RawServer.ok("x"));
            }
        })) {
            run(() -> {
                try (var session = ClientSession.builder().limit(1).build()) {
                    var all = new ArrayList<Coroutine<Void>>();
                    for (int i = 0; i < 10; i++) {
                        var path = Integer.toString(i);
                        all.add(async(() -> {
                            await(session.get(server.url() + path));
                        }));
                    }
                    await(Asyncio.<Void>gather(all));
                }
            });
        }
        assertEquals(List.of("/0", "/1", "/2", "/3", "/4", "/5", "/6", "/7", "/8", "/9"), order);
    }

    @Test
    void raiseForStatusRefusesErrors() throws Exception {
        try (var server = TestServer.start(request ->
                request.response().setStatusCode(404).putHeader("X-Why", "gone").end("not here"))) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var response = await(session.get(server.url("/x")));
                    assertFalse(response.ok());
                    assertEquals("not here", await(response.text()));
                    var refused = assertThrows(ClientResponseException.class, response::raiseForStatus);
                    assertEquals(404, refused.status());
                    assertEquals("Not Found", refused.reason());
                    assertEquals(server.url("/x"), refused.url());
                    assertEquals("gone", refused.headers().get("x-why"));
                    assertEquals("404, Not Found, url: " + server.url("/x"), refused.getMessage());
                    assertEquals("not here", await(response.text()));

                    var unread = await(session.get(server.url("/x")));
                    assertThrows(ClientResponseException.class, unread::raiseForStatus);
                    assertThrows(ClientConnectionException.class, () -> await(unread.read()));
                    assertEquals(1, server.connections());
                }
            });
        }
    }

    @Test
    void headersThatWouldForgeARequestAreRefused() {
        run(() -> {
            try (var session = ClientSession.create()) {
                var request = session.get("http://localhost/");
                for (var value : List.of("a\r\nB: c", "a\nb", "a\rb", "a\u0000b", "\u007f")) {
                    var refused = assertThrows(IllegalArgumentException.class, () -> request.header("A", value));
                    assertTrue(refused.getMessage().contains("the header A"), refused.getMessage());
                    assertThrows(
                            IllegalArgumentException.class,
                            () -> ClientSession.builder().header("A", value));
                }
                for (var name :
                        List.of("", "a b", "a:", "a\r\n", "a\u0000", "\u00e4", "Content-Length", "transfer-encoding")) {
                    assertThrows(IllegalArgumentException.class, () -> request.header(name, "1"));
                }
                for (var url :
                        List.of("http://localhost/\r\nX: y", "http://localhost/a\nb", "http://local\u0000host/")) {
                    assertThrows(InvalidUrlException.class, () -> await(session.get(url)));
                }
            }
        });
    }

    @Test
    void urlsThatAreNoneAreRefused() {
        run(() -> {
            try (var session = ClientSession.create()) {
                for (var url : List.of("", "/path", "localhost", "http:", "http://", "http:///x", "http://a b/")) {
                    assertThrows(InvalidUrlException.class, () -> await(session.get(url)), url);
                }
                for (var url : List.of("ftp://localhost/", "localhost:80/", "ws://localhost/")) {
                    assertThrows(NonHttpUrlException.class, () -> await(session.get(url)), url);
                }
            }
        });
        assertThrows(InvalidUrlException.class, () -> ClientSession.builder().baseUrl("http://localhost/a"));
        assertThrows(InvalidUrlException.class, () -> ClientSession.builder().baseUrl("a/"));
        assertThrows(NonHttpUrlException.class, () -> ClientSession.builder().baseUrl("file:///a/"));
    }

    @Test
    void settingsThatMakeNoSenseAreRefused() {
        var builder = ClientSession.builder();
        assertThrows(IllegalArgumentException.class, () -> builder.limit(-1));
        assertThrows(IllegalArgumentException.class, () -> builder.limitPerHost(-1));
        assertThrows(IllegalArgumentException.class, () -> builder.maxBodySize(-1));
        assertThrows(IllegalArgumentException.class, () -> builder.keepAlive(Duration.ofSeconds(-1)));
        assertThrows(IllegalArgumentException.class, () -> ClientTimeout.DEFAULT.withSockRead(Duration.ofNanos(-1)));
        assertNull(ClientTimeout.DEFAULT.withTotal(Duration.ZERO).total());
    }

    @Test
    void aSessionLeftOpenEndsWithItsLoop() throws Exception {
        var closed = new CountDownLatch(1);
        try (var server = TestServer.start(request -> {
            request.connection().closeHandler(v -> closed.countDown());
            request.response().end("x");
        })) {
            var session = run(() -> {
                var open = ClientSession.create();
                await(await(open.get(server.url("/"))).read());
                return open;
            });

            assertTrue(session.closed());
            assertTrue(closed.await(30, TimeUnit.SECONDS), "the server saw the connection end");
        }
    }

    @Test
    void noLimitAllowsAnyNumber() throws Exception {
        var all = new CountDownLatch(120);
        var names = ConcurrentHashMap.<Integer>newKeySet();
        try (var server = RawServer.start(connection -> {
            connection.readRequest();
            names.add(connection.number);
            all.countDown();
            RawServer.await(all);
            connection.send(RawServer.ok("x"));
        })) {
            run(() -> {
                try (var session = ClientSession.builder().limit(0).build()) {
                    var requests = new ArrayList<Coroutine<String>>();
                    for (int i = 0; i < 120; i++) {
                        requests.add(async(
                                () -> await(await(session.get(server.url())).text())));
                    }
                    await(Asyncio.<String>gather(requests));
                }
            });
        }
        assertEquals(120, names.size());
    }
}
