package asyncio.http;

import static asyncio.Asyncio.*;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.Coroutine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The HTTP cache; the right values are RFC 9111's. */
@Timeout(240)
class CacheTest {
    private static final Instant START = Instant.parse("2026-11-03T10:00:00Z");

    @TempDir
    Path folder;

    private Instant now = START;

    private final Clock clock = new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    };

    /** Requests as the server got them. */
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());

    private static String date(Instant instant) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(instant.atOffset(ZoneOffset.UTC));
    }

    private RawServer server(UnaryOperator<String> answer) throws Exception {
        return RawServer.start(connection -> {
            for (String request; (request = connection.readWhole()) != null; ) {
                requests.add(request);
                connection.send(answer.apply(request));
            }
        });
    }

    private RawServer server(String... headers) throws Exception {
        return server(request -> response("body " + requests.size(), headers));
    }

    private static String response(String body, String... headers) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\nContent-Type: text/plain\r\n"
                + String.join("", List.of(headers).stream().map(h -> h + "\r\n").toList()) + "\r\n" + body;
    }

    private static final String NOT_MODIFIED = "HTTP/1.1 304 Not Modified\r\n";

    private CacheMiddleware cache() {
        return CacheMiddleware.builder().clock(clock).build();
    }

    private static ClientSession session(CacheMiddleware cache) {
        return ClientSession.builder().middlewares(cache).build();
    }

    private static String got(ClientRequest request) {
        try (var response = await(request)) {
            return await(response.text());
        }
    }

    private void after(long seconds) {
        now = now.plusSeconds(seconds);
    }

    @Test
    void freshResponsesComeFromTheStore() throws Exception {
        try (var server = server("Cache-Control: max-age=60", "X-Of-Server: y", "Connection: X-Hop", "X-Hop: z")) {
            run(() -> {
                try (var session = session(cache())) {
                    assertEquals("body 1", got(session.get(server.url())));
                    after(59);
                    try (var response = await(session.get(server.url()))) {
                        assertEquals("59", response.headers().get("Age"));
                        assertEquals("y", response.headers().get("X-Of-Server"));
                        assertNull(response.headers().get("X-Hop"));
                        assertEquals("text/plain", response.contentType());
                        assertEquals(6, response.contentLength());
                        assertEquals(200, response.status());
                        assertEquals("OK", response.reason());
                        var bytes = await(response.read());
                        bytes[0] = 'B'; // Its user may do so.
                    }
                    assertEquals("body 1", got(session.get(server.url())));
                    assertEquals(1, requests.size());
                    after(1);
                    assertEquals("body 2", got(session.get(server.url())));
                    assertEquals("body 3", got(session.get(server.url()).param("a", "b")));
                    assertEquals("body 2", got(session.get(server.url())));
                    assertEquals(3, requests.size());
                }
            });
        }
    }

    @Test
    void howLongItIsFresh() throws Exception {
        var hourAgo = date(START.minusSeconds(3600));
        record Case(long freshFor, String... headers) {}
        for (var each : List.of(
                new Case(60, "Cache-Control: private, MAX-AGE=60, s-maxage=5"),
                new Case(60, "Cache-Control: max-age=\"60\""),
                new Case(60, "Cache-Control: max-age=60, max-age=9", "Expires: " + hourAgo),
                new Case(50, "Cache-Control: max-age=60", "Age: 10"),
                new Case(50, "Cache-Control: max-age=60", "Date: " + date(START.minusSeconds(10))),
                new Case(30, "Date: " + date(START), "Expires: " + date(START.plusSeconds(30))),
                new Case(360, "Date: " + date(START), "Last-Modified: " + hourAgo),
                new Case(0, "Cache-Control: max-age=x", "ETag: \"1\""),
                new Case(0, "Cache-Control: max-age=60, no-cache", "ETag: \"1\""),
                new Case(0, "Cache-Control: no-store, max-age=60"),
                new Case(0, "Expires: 0", "ETag: \"1\""),
                new Case(0, "Vary: *", "Cache-Control: max-age=60"),
                new Case(0, "ETag: \"1\""),
                new Case(0))) {
            requests.clear();
            now = START;
            try (var server = server(each.headers)) {
                run(() -> {
                    try (var session = session(cache())) {
                        got(session.get(server.url()));
                        if (each.freshFor > 0) {
                            after(each.freshFor - 1);
                            got(session.get(server.url()));
                            assertEquals(
                                    1,
                                    requests.size(),
                                    () -> List.of(each.headers).toString());
                            after(1);
                        }
                        got(session.get(server.url()));
                        assertEquals(
                                2, requests.size(), () -> List.of(each.headers).toString());
                    }
                });
            }
        }
    }

    @Test
    void aStaleResponseIsAskedFor() throws Exception {
        var modified = date(START.minusSeconds(3600));
        try (var server = server(request -> RawServer.header(request, "If-None-Match") == null
                ? response("body", "Cache-Control: max-age=10", "ETag: \"1\"", "Last-Modified: " + modified, "X-A: 1")
                : NOT_MODIFIED + "Cache-Control: max-age=20\r\nETag: \"1\"\r\nX-A: 2\r\n\r\n")) {
            run(() -> {
                try (var session = session(cache())) {
                    got(session.get(server.url()));
                    after(10);
                    try (var response = await(session.get(server.url()))) {
                        assertEquals(200, response.status());
                        assertEquals("body", await(response.text()));
                        assertEquals("2", response.headers().get("X-A"));
                        assertEquals("0", response.headers().get("Age"));
                    }
                    assertEquals("\"1\"", RawServer.header(requests.get(1), "If-None-Match"));
                    assertEquals(modified, RawServer.header(requests.get(1), "If-Modified-Since"));
                    after(19);
                    assertEquals("body", got(session.get(server.url())));
                    assertEquals(2, requests.size());
                    after(1);
                    assertEquals("body", got(session.get(server.url())));
                    assertEquals(3, requests.size());
                }
            });
            assertEquals(1, server.connections());
        }
    }

    @Test
    void whatTheRequestSays() throws Exception {
        try (var server = server("Cache-Control: max-age=60", "ETag: \"1\"")) {
            run(() -> {
                try (var session = session(cache())) {
                    try (var none = await(session.get(server.url()).header("Cache-Control", "only-if-cached"))) {
                        assertEquals(504, none.status());
                    }
                    assertEquals(0, requests.size());
                    assertEquals("body 1", got(session.get(server.url())));
                    assertEquals("body 1", got(session.get(server.url()).header("Cache-Control", "only-if-cached")));
                    after(30);
                    assertEquals("body 2", got(session.get(server.url()).header("Cache-Control", "max-age=20")));
                    after(30);
                    assertEquals("body 2", got(session.get(server.url()).header("Cache-Control", "min-fresh=30")));
                    assertEquals("body 3", got(session.get(server.url()).header("Cache-Control", "min-fresh=31")));
                    assertEquals("body 4", got(session.get(server.url()).header("Cache-Control", "no-cache")));
                    assertEquals("body 5", got(session.get(server.url()).header("Pragma", "no-cache")));
                    after(70);
                    assertEquals("body 5", got(session.get(server.url()).header("Cache-Control", "max-stale=10")));
                    assertEquals("body 5", got(session.get(server.url()).header("Cache-Control", "max-stale")));
                    assertEquals("body 6", got(session.get(server.url()).header("Cache-Control", "max-stale=9")));
                    // Past the cache: neither taken from it nor put into it.
                    assertEquals("body 7", got(session.get(server.url()).header("Cache-Control", "no-store")));
                    assertEquals("body 8", got(session.get(server.url()).header("Range", "bytes=0-")));
                    assertEquals("body 9", got(session.get(server.url()).header("If-None-Match", "\"2\"")));
                    assertEquals("body 6", got(session.get(server.url())));
                }
            });
        }
    }

    @Test
    void variants() throws Exception {
        try (var server = server("Cache-Control: max-age=60", "Vary: Accept-Language, X-Kind")) {
            run(() -> {
                try (var session = session(cache())) {
                    UnaryOperator<String> in =
                            language -> got(session.get(server.url()).header("Accept-Language", language));
                    assertEquals("body 1", in.apply("de"));
                    assertEquals("body 2", in.apply("en"));
                    assertEquals("body 1", in.apply("de"));
                    assertEquals("body 2", in.apply("en"));
                    assertEquals("body 3", got(session.get(server.url())));
                    assertEquals("body 4", got(session.get(server.url()).bearerAuth("a")));
                    assertEquals("body 5", got(session.get(server.url()).bearerAuth("b")));
                    assertEquals("body 4", got(session.get(server.url()).bearerAuth("a")));
                    for (int i = 0; i < 20; i++) {
                        in.apply("x" + i);
                    }
                    assertEquals("body 25", in.apply("x19"));
                    assertEquals("body 26", in.apply("de"));
                }
            });
        }
    }

    @Test
    void whatChangesSomethingRemovesIt() throws Exception {
        try (var server = server(request -> request.startsWith("POST /failing")
                ? "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"
                : request.startsWith("POST ")
                        ? response("posted", "Location: /b", "Content-Location: http://other.example/c")
                        : response("body " + requests.size(), "Cache-Control: max-age=60"))) {
            run(() -> {
                try (var session = session(cache())) {
                    var url = server.url();
                    assertEquals("body 1", got(session.get(url + "a")));
                    assertEquals("body 2", got(session.get(url + "b")));
                    assertEquals("body 3", got(session.get(url + "failing")));
                    got(session.post(url + "a"));
                    got(session.post(url + "failing"));
                    assertEquals("body 6", got(session.get(url + "a")));
                    assertEquals("body 7", got(session.get(url + "b")));
                    assertEquals("body 3", got(session.get(url + "failing")));
                }
            });
        }
    }

    @Test
    void onlyWholeBodiesAreStored() throws Exception {
        try (var server = server(request -> {
            var number = requests.size();
            return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nCache-Control: max-age=60\r\n\r\n3\r\nabc\r\n"
                    + (number == 2 ? "" : "3\r\ndef\r\n0\r\n\r\n");
        })) {
            run(() -> {
                var cache =
                        CacheMiddleware.builder().clock(clock).maxBodySize(6).build();
                try (var session = session(cache)) {
                    // As a stream, left in the middle: the rest has come all the same, or is not stored.
                    try (var response = await(session.get(server.url() + "stream"))) {
                        assertEquals("abc", new String(await(response.content().readexactly(3))));
                        assertEquals("def", new String(await(response.content().read())));
                    }
                    assertEquals("abcdef", got(session.get(server.url() + "stream")));
                    assertEquals(1, requests.size());
                    try (var cut = await(session.get(server.url() + "cut"))) {
                        assertEquals("abc", new String(await(cut.content().readexactly(3))));
                    }
                    assertEquals("abcdef", got(session.get(server.url() + "cut")));
                    assertEquals(3, requests.size());
                }
                var small =
                        CacheMiddleware.builder().clock(clock).maxBodySize(5).build();
                try (var session = session(small)) {
                    got(session.get(server.url() + "large"));
                    got(session.get(server.url() + "large"));
                    assertEquals(5, requests.size());
                }
            });
        }
    }

    @Test
    void redirectsAndCodedBodies() throws Exception {
        var gzip = new java.io.ByteArrayOutputStream();
        try (var out = new java.util.zip.GZIPOutputStream(gzip)) {
            out.write("packed".getBytes());
        }
        var packed = gzip.toString(java.nio.charset.StandardCharsets.ISO_8859_1);
        try (var server = server(request -> request.startsWith("GET /old ")
                ? "HTTP/1.1 301 Moved\r\nLocation: /new\r\nContent-Length: 0\r\nCache-Control: max-age=60\r\n\r\n"
                : response(packed, "Cache-Control: max-age=60", "Content-Encoding: gzip"))) {
            run(() -> {
                try (var session = session(cache())) {
                    for (int i = 0; i < 3; i++) {
                        try (var response = await(session.get(server.url() + "old"))) {
                            assertEquals("packed", await(response.text()));
                            assertEquals(server.url() + "new", response.url());
                            assertEquals(1, response.history().size());
                        }
                    }
                    assertEquals(2, requests.size());
                }
            });
        }
    }

    @Test
    void aStoreOnDisk() throws Exception {
        try (var server = server("Cache-Control: max-age=60", "X-A: \u00e9")) {
            var directory = folder.resolve("cache");
            for (int i = 0; i < 2; i++) {
                run(() -> {
                    var cache = CacheMiddleware.builder()
                            .clock(clock)
                            .store(CacheStore.disk(directory, 100_000))
                            .build();
                    try (var session = session(cache)) {
                        assertEquals("body 1", got(session.get(server.url())));
                        try (var response = await(session.get(server.url()))) {
                            assertEquals("\u00e9", response.headers().get("X-A"));
                            assertEquals("body 1", await(response.text()));
                        }
                        // It is on its way in the loop's pool of threads.
                        while (responsesIn(directory).isEmpty()) {
                            await(sleep(Duration.ofMillis(1)));
                        }
                    }
                });
            }
            assertEquals(1, requests.size());
            var file = responsesIn(directory).get(0);
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            // What cannot be read is not there.
            for (int i = 0; i < 2; i++) {
                var bytes = Files.readAllBytes(file);
                if (i == 0) {
                    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
                } else {
                    bytes[bytes.length - 10] = -1;
                    bytes[server.url().length() + 3] = 127;
                    Files.write(file, bytes);
                }
                int before = requests.size();
                var broken = Files.readAllBytes(file);
                run(() -> {
                    var cache = CacheMiddleware.builder()
                            .clock(clock)
                            .store(CacheStore.disk(directory, 100_000))
                            .build();
                    try (var session = session(cache)) {
                        got(session.get(server.url()));
                        while (java.util.Arrays.equals(broken, Files.readAllBytes(file))) {
                            await(sleep(Duration.ofMillis(1)));
                        }
                    }
                });
                assertEquals(before + 1, requests.size());
            }
        }
    }

    private static List<Path> responsesIn(Path directory) throws java.io.IOException {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (var files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".response")).toList();
        }
    }

    @Test
    void storesForgetWhatWasNotUsed() {
        for (boolean disk : new boolean[] {false, true}) {
            run(() -> {
                var store = disk ? CacheStore.disk(folder.resolve("small"), 2000) : CacheStore.memory(2000);
                for (int i = 0; i < 3; i++) {
                    await(store.put("k" + i, new byte[500]));
                    // The times of files may be coarse.
                    await(sleep(Duration.ofMillis(disk ? 20 : 0)));
                }
                assertNotNull(await(store.get("k0")));
                await(sleep(Duration.ofMillis(disk ? 20 : 0)));
                await(store.put("k3", new byte[500]));
                assertNotNull(await(store.get("k0")));
                assertNull(await(store.get("k1")));
                assertEquals(500, await(store.get("k3")).length);
                await(store.put("k3", new byte[5000]));
                assertNull(await(store.get("k3")));
                await(store.remove("k0"));
                await(store.remove("none"));
                assertNull(await(store.get("k0")));
            });
        }
        assertThrows(IllegalArgumentException.class, () -> CacheStore.memory(0));
        assertThrows(IllegalArgumentException.class, () -> CacheStore.disk(folder, 0));
        assertThrows(
                IllegalArgumentException.class, () -> CacheMiddleware.builder().maxBodySize(-1));
    }

    @Test
    void aStoreThatFailsHarmsNobody() throws Exception {
        var broken = new CacheStore() {
            @Override
            public Coroutine<byte[]> get(String key) {
                return async(() -> {
                    throw new IllegalStateException("broken");
                });
            }

            @Override
            public Coroutine<Void> put(String key, byte[] entry) {
                return async(() -> {
                    throw new IllegalStateException("broken");
                });
            }

            @Override
            public Coroutine<Void> remove(String key) {
                return async(() -> {
                    throw new IllegalStateException("broken");
                });
            }
        };
        try (var server = server("Cache-Control: max-age=60")) {
            run(() -> {
                try (var session =
                        session(CacheMiddleware.builder().store(broken).build())) {
                    for (int i = 0; i < 5; i++) {
                        assertTrue(got(session.get(server.url())).startsWith("body"));
                        await(sleep(Duration.ZERO));
                    }
                    // What is on its way to the store counts, and is forgotten when it does not get there.
                    assertTrue(requests.size() > 1);
                    got(session.post(server.url()));
                }
            });
        }
    }

    private CacheMiddleware cache(CacheStore store) {
        return CacheMiddleware.builder().clock(clock).store(store).build();
    }

    @Test
    void aProgramOfOneRequestStoresItsResponse() throws Exception {
        var directory = folder.resolve("one");
        try (var server = server("Cache-Control: max-age=60")) {
            for (int i = 0; i < 3; i++) {
                run(() -> {
                    try (var session = session(cache(CacheStore.disk(directory, 100_000)))) {
                        assertEquals("body 1", got(session.get(server.url())));
                    }
                });
            }
        }
    }

    @Test
    void whatWasAskedForBeforeAChangeIsNotStored() throws Exception {
        for (var stored : new boolean[] {false, true}) {
            var posted = new CountDownLatch(1);
            var state = new String[] {"old"};
            var gets = new AtomicInteger();
            try (var server = RawServer.start(connection -> {
                for (String request; (request = connection.readWhole()) != null; ) {
                    if (request.startsWith("POST ")) {
                        state[0] = "new";
                        connection.send(response("posted"));
                        posted.countDown();
                    } else if (stored && gets.incrementAndGet() == 2) {
                        RawServer.await(posted);
                        connection.send(NOT_MODIFIED + "Cache-Control: max-age=600\r\n\r\n");
                    } else if (state[0].equals("old") && !stored) {
                        connection.send("HTTP/1.1 200 OK\r\nCache-Control: max-age=600\r\nContent-Length: 3\r\n\r\no");
                        RawServer.await(posted);
                        connection.send("ld");
                    } else {
                        connection.send(response(
                                state[0], "ETag: \"e\"", "Cache-Control: max-age=" + (gets.get() == 1 ? 0 : 600)));
                    }
                }
            })) {
                run(() -> {
                    try (var session = session(cache())) {
                        if (stored) assertEquals("old", got(session.get(server.url())));
                        var first = createTask(async(() -> got(session.get(server.url()))));
                        await(sleep(Duration.ofMillis(20)));
                        assertEquals("posted", got(session.post(server.url())));
                        assertEquals("old", await(first));
                        assertEquals("new", got(session.get(server.url())));
                        assertEquals("new", got(session.get(server.url())));
                        assertEquals(stored ? 3 : 0, gets.get());
                    }
                });
            }
        }
    }

    /** A store that takes its time. */
    private static CacheStore slow(CacheStore store) {
        return new CacheStore() {
            @Override
            public Coroutine<byte[]> get(String key) {
                return async(() -> {
                    await(sleep(Duration.ofMillis(20)));
                    return await(store.get(key));
                });
            }

            @Override
            public Coroutine<Void> put(String key, byte[] entry) {
                return async(() -> {
                    await(sleep(Duration.ofMillis(20)));
                    await(store.put(key, entry));
                });
            }

            @Override
            public Coroutine<Void> remove(String key) {
                return store.remove(key);
            }
        };
    }

    @Test
    void aSlowStoreMixesNothingUp() throws Exception {
        var state = new AtomicInteger();
        try (var server = server(request -> request.startsWith("POST ")
                ? response("posted " + state.incrementAndGet())
                : response("state " + state.get(), "Cache-Control: max-age=60", "Vary: X-A"))) {
            run(() -> {
                var store = slow(CacheStore.memory(100_000));
                try (var session = session(cache(store))) {
                    for (int pause = 0; pause <= 60; pause += 5) {
                        got(session.get(server.url()));
                        await(sleep(Duration.ofMillis(pause)));
                        got(session.post(server.url()));
                        assertEquals("state " + state.get(), got(session.get(server.url())));
                        await(sleep(Duration.ofMillis(pause)));
                        assertEquals(
                                "state " + state.get(),
                                got(session.get(server.url()).header("X-A", "b")));
                    }
                    await(sleep(Duration.ofMillis(150)));
                    requests.clear();
                    assertEquals("state " + state.get(), got(session.get(server.url())));
                    assertEquals(
                            "state " + state.get(),
                            got(session.get(server.url()).header("X-A", "b")));
                    assertEquals(List.of(), requests);
                }
            });
        }
    }

    @Test
    void aRequestThatIsSentAgainAsksAnew() throws Exception {
        try (var server = server(request -> switch (requests.size()) {
            case 1 -> response("body", "ETag: \"e\"", "Cache-Control: max-age=0");
            case 2 -> "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n";
            default -> NOT_MODIFIED + "\r\n";
        })) {
            run(() -> {
                var retry = RetryMiddleware.builder()
                        .backoff(Duration.ofMillis(1), Duration.ofMillis(1))
                        .build();
                try (var session =
                        ClientSession.builder().middlewares(retry, cache()).build()) {
                    assertEquals("body", got(session.get(server.url())));
                    assertEquals("body", got(session.get(server.url())));
                    assertEquals("\"e\"", RawServer.header(requests.get(2), "If-None-Match"));
                }
            });
        }
    }

    @Test
    void behindDigestAndTokens() throws Exception {
        try (var server = server(request -> {
            var authorization = RawServer.header(request, "Authorization");
            return authorization == null
                    ? "HTTP/1.1 401 No\r\nWWW-Authenticate: Digest realm=x, nonce=y, qop=auth\r\nContent-Length: 0\r\n\r\n"
                    : response(
                            authorization.replaceAll("^(Digest username=\"\\w+\").*", "$1"),
                            "Cache-Control: max-age=60");
        })) {
            run(() -> {
                var cache = cache();
                for (var user : List.of("me", "you")) {
                    requests.clear();
                    var digest = DigestAuthMiddleware.create(user, "secret");
                    try (var session =
                            ClientSession.builder().middlewares(digest, cache).build()) {
                        for (int i = 0; i < 3; i++) {
                            assertEquals("Digest username=\"" + user + "\"", got(session.get(server.url())));
                        }
                    }
                    assertEquals(2, requests.size());
                }
                for (var token : List.of("Bearer a", "Bearer b", "Digest a", "Digest b")) {
                    requests.clear();
                    ClientMiddleware tokens = (request, next) -> {
                        request.headers().set("Authorization", token);
                        return await(next.handle(request));
                    };
                    try (var session =
                            ClientSession.builder().middlewares(tokens, cache).build()) {
                        for (int i = 0; i < 3; i++) assertEquals(token, got(session.get(server.url())));
                    }
                    assertEquals(1, requests.size());
                }
            });
        }
    }

    @Test
    void aRequestWithABodyIsNotAnsweredForAnother() throws Exception {
        try (var server = server(
                request -> response(request.substring(request.indexOf("\r\n\r\n") + 4), "Cache-Control: max-age=60"))) {
            run(() -> {
                try (var session = session(cache())) {
                    assertEquals("a", got(session.get(server.url()).text("a")));
                    assertEquals("b", got(session.get(server.url()).text("b")));
                    assertEquals("", got(session.get(server.url())));
                }
            });
        }
    }

    /** RFC 9110, 5.6.7: each recipient has to understand them. */
    @Test
    void oldFormsOfDates() throws Exception {
        for (var date : List.of("Tuesday, 03-Nov-26 10:01:00 GMT", "Tue Nov  3 10:01:00 2026")) {
            requests.clear();
            now = START;
            try (var server = server("Expires: " + date)) {
                run(() -> {
                    try (var session = session(cache())) {
                        assertEquals("body 1", got(session.get(server.url())));
                        after(59);
                        assertEquals("body 1", got(session.get(server.url())));
                        after(2);
                        assertEquals("body 2", got(session.get(server.url())));
                    }
                });
            }
        }
    }
}
