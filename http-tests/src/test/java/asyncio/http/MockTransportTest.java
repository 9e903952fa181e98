package asyncio.http;

import static asyncio.Asyncio.*;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.Asyncio;
import asyncio.CancelledError;
import asyncio.TimeoutException;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests that a mock transport answers: all around them is as with a connection. Time is virtual. */
@Timeout(240)
class MockTransportTest {
    private MockTransport mock;

    @BeforeEach
    void create() {
        mock = MockTransport.create();
    }

    /** A body with a session on the mock. */
    private interface Body {
        void run(ClientSession session) throws Exception;
    }

    private void withSession(Body body) {
        virtually(() -> {
            try (var session = ClientSession.builder().transport(mock).build()) {
                body.run(session);
            }
        });
    }

    private static void virtually(asyncio.Action body) {
        try (var loop = new asyncio.internal.testing.VirtualLoop()) {
            loop.runUntilComplete(async(body));
        }
    }

    @Test
    void answersByMethodAndUrl() {
        mock.get("https://api.example/users/{id}")
                .respond(call -> MockResponse.json(Map.of("id", call.pathValue("id"))));
        mock.post("/login")
                .respond(MockResponse.status(503), MockResponse.text("in").withStatus(201));
        mock.any("https://files.example/*").respond(MockResponse.ok());
        withSession(session -> {
            var user = await(session.get("https://api.example/users/a%20b?x=1"));
            assertEquals(200, user.status());
            assertEquals("OK", user.reason());
            assertEquals("application/json", user.contentType());
            assertEquals(Map.of("id", "a b"), await(user.json()));
            assertEquals("https://api.example/users/a%20b?x=1", user.url());
            assertEquals("GET", user.method());
            assertEquals("HTTP/1.1", user.version());
            assertTrue(user.closed());
            assertEquals(503, await(session.post("http://any.example/login")).status());
            assertEquals(
                    "in", await(await(session.post("http://any.example/login")).text()));
            assertEquals(201, await(session.post("http://any.example/login")).status());
            var file = await(session.put("https://files.example/a/b/c"));
            assertEquals(0, file.contentLength());
            assertArrayEquals(new byte[0], await(file.read()));
        });
        mock.assertCalled("GET", "https://api.example/users/{id}");
        mock.assertCalled(3, "POST", "/login");
        mock.assertCalledOnce("PUT", "*/b/*");
        mock.assertCalls(
                "GET /users/{id}",
                "POST /login",
                "POST /login",
                "* http://any.example/login",
                "PUT https://files.example/*");
        mock.assertAllUsed();
        assertEquals(5, mock.calls().size());
        mock.resetCalls();
        assertEquals(List.of(), mock.calls());
    }

    @Test
    void patternsOfUrls() {
        mock.get("http://Host.example:80").respond(MockResponse.text("root"));
        mock.get("/q?b=2&a=1%202").respond(MockResponse.text("query"));
        mock.get("/q").header("X-A", "1").respond(MockResponse.text("header"));
        mock.get("/q").times(1).respond(MockResponse.text("once"));
        mock.get("/q").respond(MockResponse.text("rest"));
        mock.get("/{a}/{b}").respond(call -> MockResponse.text(call.pathValue("a") + call.pathValue("b")));
        withSession(session -> {
            assertEquals("root", text(session.get("http://host.example/")));
            assertEquals("query", text(session.get("http://h/q?a=1%202&b=2")));
            assertEquals("header", text(session.get("http://h/q?a=1").header("X-A", "1")));
            assertEquals("once", text(session.get("http://h/q?a=1")));
            assertEquals("rest", text(session.get("http://h/q")));
            assertEquals("x+y", text(session.get("http://h/x/+y")));
        });
        assertThrows(IllegalArgumentException.class, () -> mock.get("relative"));
    }

    private static String text(ClientRequest request) {
        return await(await(request).text());
    }

    @Test
    void recordsWhatWasSent() {
        mock.any("*").respond(MockResponse.ok());
        withSession(session -> {
            await(session.post("http://h/a?x=1&y=%20&x=2").json(Map.of("k", 1)).header("X-A", "\u00e4"));
            await(session.post("http://h/b").form(Map.of("a b", "c&d")));
            await(session.put("http://h/c").stream(MultipartReaderTest.portions("abc".getBytes(UTF_8), 2)));
            await(session.put("http://h/d").text("x".repeat(1000)).compress("gzip"));
            await(session.get("http://h/e"));
        });
        var json = mock.calls().get(0);
        assertEquals("POST", json.method());
        assertEquals("http://h/a?x=1&y=%20&x=2", json.url());
        assertEquals("/a", json.path());
        assertEquals(List.of(Map.entry("x", "1"), Map.entry("y", " "), Map.entry("x", "2")), json.query());
        assertEquals("1", json.queryValue("x"));
        assertNull(json.queryValue("z"));
        assertEquals(Map.of("k", 1), json.json());
        assertEquals("application/json", json.header("content-type"));
        assertEquals("7", json.header("Content-Length"));
        assertEquals("\u00e4", json.header("X-A"));
        assertEquals("h", json.header("Host"));
        assertEquals(List.of(Map.entry("a b", "c&d")), mock.calls().get(1).form());
        var stream = mock.calls().get(2);
        assertEquals("abc", stream.text());
        assertEquals("chunked", stream.header("Transfer-Encoding"));
        assertEquals("gzip", mock.calls().get(3).header("Content-Encoding"));
        assertTrue(mock.calls().get(3).body().length < 100);
        assertEquals(0, mock.calls().get(4).body().length);
        assertThrows(IllegalArgumentException.class, () -> json.pathValue("none"));
    }

    @Test
    void anUnmatchedRequestNamesTheRoutes() {
        mock.get("/users/{id}").times(1);
        mock.post("/login").header("X-A", "s3cret");
        withSession(session -> {
            var error = assertThrows(AssertionError.class, () -> await(session.get("http://user:s3cret@h/other")));
            var message = error.getMessage();
            assertTrue(message.contains("GET http://h/other"), message);
            assertTrue(
                    message.contains("GET /users/{id} (1 times, 0 used)") && message.contains("POST /login"), message);
            assertFalse(message.contains("s3cret"), message);
            assertEquals(1, mock.calls().size());
        });
        var empty = assertThrows(AssertionError.class, () -> {
            mock = MockTransport.create();
            withSession(session -> await(session.get("http://h/")));
        });
        assertTrue(empty.getMessage().contains("no routes"), empty.getMessage());
    }

    @Test
    void assertionsTellWhatCameInstead() {
        mock.get("/*").respond(MockResponse.ok());
        mock.get("/never").once();
        withSession(session -> {
            await(session.get("http://h/a"));
            await(session.get("http://h/b"));
        });
        for (var assertion : List.<org.junit.jupiter.api.function.Executable>of(
                () -> mock.assertCalled("POST", "/a"),
                () -> mock.assertCalledOnce("GET", "/*"),
                () -> mock.assertCalled(3, "GET", "/a"),
                () -> mock.assertCalls("GET /a"),
                () -> mock.assertCalls("GET /b", "GET /a"),
                () -> mock.assertAllUsed())) {
            var message = assertThrows(AssertionError.class, assertion).getMessage();
            assertTrue(message.contains("1. GET http://h/a") && message.contains("2. GET http://h/b"), message);
        }
        assertThrows(IllegalArgumentException.class, () -> mock.assertCalls("/a"));
    }

    @Test
    void delaysAndTimeoutsAreOnTheLoopsClock() {
        mock.get("/slow")
                .delay(Duration.ofMinutes(2))
                .respond(MockResponse.text("x").withDelay(Duration.ofMinutes(1)));
        withSession(session -> {
            var loop = getRunningLoop();
            var start = loop.time();
            assertEquals("x", text(session.get("http://h/slow")));
            assertEquals(Duration.ofMinutes(3), loop.time().minus(start));
            assertEquals(start, mock.calls().get(0).time());
            var total = assertThrows(
                    TimeoutException.class,
                    () -> await(session.get("http://h/slow").timeout(Duration.ofMinutes(1))));
            assertTrue(total.getMessage().contains("total"), total.getMessage());
            assertEquals(Duration.ofMinutes(4), loop.time().minus(start));
            var silent = ClientTimeout.NONE.withSockRead(Duration.ofSeconds(30));
            var sockRead = assertThrows(
                    SocketTimeoutException.class,
                    () -> await(session.get("http://h/slow").timeout(silent)));
            assertTrue(sockRead.getMessage().contains("sockRead"), sockRead.getMessage());
        });
    }

    /** It sends a request twice, takes the first response, and calls the other one off. */
    @Test
    void theTotalCoversAMiddlewareWhoseRequestsOverlap() {
        mock.get("/")
                .respond(
                        MockResponse.text("soon").withDelay(Duration.ofSeconds(1)),
                        MockResponse.text("late").withDelay(Duration.ofHours(1)));
        ClientMiddleware hedge = (request, next) -> {
            var first = createTask(next.handle(request));
            var second = createTask(next.handle(request));
            var response = await(first);
            second.cancel();
            await(Asyncio.wait(List.of(second)));
            await(sleep(Duration.ofHours(1)));
            return response;
        };
        virtually(() -> {
            try (var session =
                    ClientSession.builder().transport(mock).middlewares(hedge).build()) {
                var request = session.get("http://h/").timeout(Duration.ofMinutes(1));
                var total = assertThrows(TimeoutException.class, () -> await(request));
                assertTrue(total.getMessage().contains("within the total of 60 s"), total.getMessage());
                assertEquals(Duration.ofMinutes(1), getRunningLoop().time());
            }
        });
    }

    /** Both requests are under way when the time is over, and the middleware tries again. */
    @Test
    void theTotalEndsAMiddlewareThatCatchesIt() {
        mock.get("/").respond(MockResponse.text("late").withDelay(Duration.ofHours(1)));
        ClientMiddleware stubborn = (request, next) -> {
            var requests = List.of(createTask(next.handle(request)), createTask(next.handle(request)));
            await(Asyncio.wait(requests));
            return await(next.handle(request));
        };
        virtually(() -> {
            try (var session = ClientSession.builder()
                    .transport(mock)
                    .middlewares(stubborn)
                    .build()) {
                var request = session.get("http://h/").timeout(Duration.ofMinutes(1));
                assertThrows(TimeoutException.class, () -> await(request));
                assertEquals(Duration.ofMinutes(1), getRunningLoop().time());
            }
        });
        virtually(() -> {
            ClientMiddleware patient = (request, next) -> {
                assertThrows(TimeoutException.class, () -> await(next.handle(request)));
                await(sleep(Duration.ofHours(1)));
                throw new AssertionError("not ended by the total");
            };
            try (var session =
                    ClientSession.builder().transport(mock).middlewares(patient).build()) {
                var request = session.get("http://h/").timeout(Duration.ofMinutes(1));
                assertThrows(TimeoutException.class, () -> await(request));
                assertEquals(Duration.ofMinutes(1), getRunningLoop().time());
            }
        });
    }

    @Test
    void theBodyHasItsTimeToo() {
        mock.get("/")
                .respond(call -> MockResponse.body(Payload.ofStream(asyncGenerator(out -> {
                    out.yield("a".getBytes(UTF_8));
                    await(sleep(Duration.ofMinutes(10)));
                    out.yield("b".getBytes(UTF_8));
                }))));
        withSession(session -> {
            var loop = getRunningLoop();
            assertEquals("ab", text(session.get("http://h/").timeout(ClientTimeout.NONE)));
            assertEquals(Duration.ofMinutes(10), loop.time());
            var total = await(session.get("http://h/").timeout(Duration.ofMinutes(5)));
            assertThrows(TimeoutException.class, () -> await(total.read()));
            var silent =
                    await(session.get("http://h/").timeout(ClientTimeout.NONE.withSockRead(Duration.ofMinutes(1))));
            assertThrows(SocketTimeoutException.class, () -> await(silent.read()));
            var portions = await(session.get("http://h/").timeout(ClientTimeout.NONE));
            assertEquals("a", new String(await(portions.content().readany()), UTF_8));
            assertEquals("b", new String(await(portions.content().readany()), UTF_8));
            assertEquals(0, await(portions.content().readany()).length);
        });
    }

    @Test
    void errorsComeOutAsTheyAre() {
        mock.get("/gone").raise(() -> new ServerDisconnectedException("gone"));
        mock.get("/broken").respond(call -> {
            throw new java.io.IOException("broken");
        });
        mock.get("/cut")
                .respond(call -> MockResponse.body(Payload.ofStream(asyncGenerator(out -> {
                    out.yield("abc".getBytes(UTF_8));
                    throw new ClientPayloadException("cut");
                }))));
        withSession(session -> {
            assertThrows(ServerDisconnectedException.class, () -> await(session.get("http://h/gone")));
            assertThrows(java.io.IOException.class, () -> await(session.get("http://h/broken")));
            var cut = await(session.get("http://h/cut"));
            assertEquals("abc", new String(await(cut.content().readany()), UTF_8));
            assertThrows(ClientPayloadException.class, () -> await(cut.read()));
            assertThrows(
                    ClientConnectionException.class,
                    () -> await(session.post("http://h/gone").stream(asyncGenerator(out -> {
                        throw new IllegalStateException("no body");
                    }))));
        });
    }

    @Test
    void redirectsCookiesAndMiddlewaresRun() {
        mock.post("/login").respond(MockResponse.redirect(303, "/home").withHeader("Set-Cookie", "sid=1; Path=/"));
        mock.get("/home").respond(MockResponse.text("welcome"));
        var log = new ArrayList<String>();
        virtually(() -> {
            try (var session = ClientSession.builder()
                    .transport(mock)
                    .middlewares((request, next) -> {
                        log.add(request.method() + " " + request.url());
                        request.headers().set("X-Token", "t");
                        return await(next.handle(request));
                    })
                    .build()) {
                var response = await(session.post("http://h.example/login").form(Map.of("a", "b")));
                assertEquals("welcome", await(response.text()));
                assertEquals(1, response.history().size());
                assertEquals(303, response.history().get(0).status());
                assertThrows(IllegalStateException.class, session::connector);
            }
        });
        assertEquals(List.of("POST http://h.example/login", "GET http://h.example/home"), log);
        var home = mock.assertCalledOnce("GET", "/home");
        assertEquals("sid=1", home.header("Cookie"));
        assertEquals("t", home.header("X-Token"));
        assertEquals(0, home.body().length);
    }

    @Test
    void bodiesAreDecodedAndLimited() throws Exception {
        var gzip = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(gzip)) {
            out.write("hello".repeat(1000).getBytes(UTF_8));
        }
        mock.get("/gzip").respond(MockResponse.bytes(gzip.toByteArray()).withHeader("Content-Encoding", "gzip"));
        mock.head("/gzip").respond(MockResponse.text("hello"));
        mock.get("/404").respond(MockResponse.status(404));
        withSession(session -> {
            assertEquals("hello".repeat(1000), text(session.get("http://h/gzip")));
            assertThrows(
                    ClientPayloadException.class,
                    () -> text(session.get("http://h/gzip").maxBodySize(4999)));
            assertEquals(
                    gzip.size(),
                    await(await(session.get("http://h/gzip").autoDecompress(false))
                                    .read())
                            .length);
            var head = await(session.head("http://h/gzip"));
            assertEquals(5, head.contentLength());
            assertEquals("", await(head.text()));
            var error = assertThrows(
                    ClientResponseException.class,
                    () -> await(session.get("http://h/404").raiseForStatus(true)));
            assertEquals(404, error.status());
        });
    }

    @Test
    void cancellingAndClosingEndWhatGoesOn() {
        mock.get("/slow").delay(Duration.ofHours(1));
        var closed = new ArrayList<String>();
        mock.get("/endless")
                .respond(call -> MockResponse.body(Payload.ofStream(asyncGenerator(out -> {
                    try {
                        while (true) {
                            out.yield(new byte[100_000]);
                        }
                    } finally {
                        closed.add("closed");
                    }
                }))));
        withSession(session -> {
            var task = createTask(async(() -> await(session.get("http://h/slow"))));
            await(sleep(Duration.ofSeconds(1)));
            task.cancel();
            assertThrows(CancelledError.class, () -> await(task));
            // It is held back until somebody reads, and ends when nobody will.
            var endless = await(session.get("http://h/endless"));
            await(endless.content().readexactly(1_000_000));
            endless.close();
            await(endless.waitForClose());
            await(sleep(Duration.ofSeconds(1)));
            assertEquals(List.of("closed"), closed);
            var open = await(session.get("http://h/endless").timeout(ClientTimeout.NONE));
            // A body that has not begun has nothing to close.
            await(open.content().readexactly(1));
            session.close();
            assertThrows(ClientConnectionException.class, () -> await(open.read()));
            await(sleep(Duration.ofSeconds(1)));
            assertEquals(List.of("closed", "closed"), closed);
        });
    }

    @Test
    void worksOnTheUsualLoopToo() {
        mock.get("/").respond(MockResponse.text("x"));
        run(() -> {
            try (var session = ClientSession.builder().transport(mock).build()) {
                assertEquals("x", text(session.get("http://h/")));
            }
            assertThrows(
                    IllegalStateException.class,
                    () -> ClientSession.builder().limit(1).transport(mock).build());
        });
    }

    @Test
    void badAnswers() {
        assertThrows(IllegalArgumentException.class, () -> MockResponse.status(100));
        assertThrows(IllegalArgumentException.class, () -> MockResponse.ok().withDelay(Duration.ofSeconds(-1)));
        assertThrows(IllegalArgumentException.class, () -> mock.get("/").times(-1));
        assertThrows(IllegalArgumentException.class, () -> mock.get("/").delay(Duration.ofSeconds(-1)));
    }
}
