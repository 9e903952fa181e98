package asyncio.http;

import static asyncio.Asyncio.*;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.*;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import asyncio.TimeoutException;
import asyncio.internal.http.pool.ConnectionPool;
import asyncio.internal.http.session.ClientSessionImpl;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Servers that send what nobody may send. Each time the request fails with the right exception, the connection is
 * closed, and the next request gets its answer on another one.
 */
@Timeout(240)
class HostileServerTest {

    private static Arguments head(String name, String response, String message) {
        return arguments(name, response, ClientResponseException.class, message);
    }

    /** A bad header, or several, of a response that is good otherwise. */
    private static Arguments header(String name, String lines, String message) {
        return head(name, "HTTP/1.1 200 OK\r\n" + lines + "\r\n\r\nhello", message);
    }

    private static Arguments chunks(String name, String body, String message) {
        return arguments(
                name,
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n" + body,
                ClientPayloadException.class,
                message);
    }

    static Stream<Arguments> badResponses() {
        return Stream.of(
                head(
                        "another protocol",
                        "SSH-2.0-OpenSSH_9.6\r\n",
                        "does not begin with HTTP/1.0 or HTTP/1.1: 'SSH-2.0"),
                head("TLS", "\u0015\u0003\u0003\u0000\u0002\u0002\u0046", "https"),
                head("a TLS hello", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000", "does not begin with HTTP"),
                head("HTTP/0.9", "<html>hello</html>", "does not begin with HTTP"),
                head("HTTP/1.2", "HTTP/1.2 200 OK\r\n\r\n", "does not begin with HTTP"),
                head("HTTP/2", "HTTP/2 200 OK\r\n\r\n", "does not begin with HTTP"),
                head("HTTP/3.7", "HTTP/3.7 200 OK\r\n\r\n", "does not begin with HTTP"),
                head("HTTP/11.1", "HTTP/11.1 200 OK\r\n\r\n", "does not begin with HTTP"),
                head("a version of letters", "HTTP/a.b 200 OK\r\n\r\n", "does not begin with HTTP"),
                head("an empty line first", "\r\nHTTP/1.1 200 OK\r\n\r\n", "does not begin with HTTP"),
                head("space first", " HTTP/1.1 200 OK\r\n\r\n", "does not begin with HTTP"),
                head("no status", "HTTP/1.1 \r\n\r\n", "three digits"),
                head("two digits", "HTTP/1.1 20 OK\r\n\r\n", "three digits"),
                head("four digits", "HTTP/1.1 2000 OK\r\n\r\n", "three digits"),
                head("a status with a sign", "HTTP/1.1 -20 OK\r\n\r\n", "three digits"),
                head("a status of other digits", "HTTP/1.1 \u00b2\u00b20 OK\r\n\r\n", "three digits"),
                head("a status of letters", "HTTP/1.1 abc OK\r\n\r\n", "three digits"),
                head("a status of nobody", "HTTP/1.1 000 OK\r\n\r\n", "three digits"),
                head("two spaces before the status", "HTTP/1.1  200 OK\r\n\r\n", "three digits"),
                head("NUL in the reason", "HTTP/1.1 200 O\u0000K\r\n\r\n", "NUL"),
                head("CR in the reason", "HTTP/1.1 200 O\rK\r\n\r\n", "CR"),
                head("LF at the end of the status line", "HTTP/1.1 200 OK\n\r\n", "LF"),
                head("LF alone everywhere", "HTTP/1.1 200 OK\nContent-Length: 0\n\n", "LF"),
                head("a long reason", "HTTP/1.1 200 " + "x".repeat(8192) + "\r\n\r\n", "longer than 8190"),
                head("a reason without end", "HTTP/1.1 200 " + "x".repeat(100_000), "longer than 8190"),
                head(
                        "another protocol that nobody asked for",
                        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n",
                        "101"),
                head("interim responses without end", "HTTP/1.1 102 Processing\r\n\r\n".repeat(200), "interim"),
                head(
                        "a bad response after a good interim one",
                        "HTTP/1.1 100 Continue\r\n\r\nnonsense",
                        "does not begin"),
                header("space before the first header", " X: y", "space before"),
                header("a folded line", "X: y\r\n z", "second line"),
                header("a line folded with a tab", "X: y\r\n\tz", "second line"),
                header(
                        "space before the colon",
                        "Content-Length : 5",
                        "space in the name of a header: 'Content-Length '"),
                header("tab before the colon", "X\t: y", "space in the name"),
                header("no name", ": y", "no name"),
                header("no colon", "nonsense", "no colon"),
                header("a name with a space", "X Y: z", "space in the name"),
                header("a name that is no token", "X[]: y", "'['"),
                header("a name that is not ASCII", "X\u00ff: y", "0xff"),
                header("NUL in a name", "X\u0000: y", "NUL"),
                header("LF in a name", "X\nY: z", "no colon"),
                header("NUL in a value", "X: y\u0000z", "NUL in the header 'X'"),
                header("a bare CR in a value", "X: y\rContent-Length: 5", "CR"),
                header("a bare LF after a value", "X: y\nContent-Length: 5", "LF"),
                header("a control character in a value", "X: y\u0001z", "0x01"),
                header("a bell in a value", "X: \u0007", "0x07"),
                header("DEL in a value", "X: y\u007f", "0x7f"),
                header("Content-Length with a sign", "Content-Length: +5", "Content-Length is not a number"),
                header("a negative Content-Length", "Content-Length: -5", "Content-Length is not a number"),
                header("an empty Content-Length", "Content-Length:", "Content-Length is not a number"),
                header("Content-Length in other digits", "Content-Length: \u00b2", "Content-Length is not a number"),
                header("a hexadecimal Content-Length", "Content-Length: 0x5", "Content-Length is not a number"),
                header("Content-Length with a space", "Content-Length: 1 2", "Content-Length is not a number"),
                header("a list of Content-Lengths", "Content-Length: 5, 5", "Content-Length is not a number"),
                header(
                        "a huge Content-Length",
                        "Content-Length: 9223372036854775808",
                        "Content-Length is not a number"),
                header("a Content-Length of 2^64 + 5", "Content-Length: 18446744073709551621", "is not a number"),
                header("Content-Length twice", "Content-Length: 5\r\nContent-Length: 5", "two headers"),
                header("two Content-Lengths", "Content-Length: 5\r\nX: y\r\ncontent-length: 6", "two headers"),
                header("both framings", "Content-Length: 5\r\nTransfer-Encoding: chunked", "both"),
                header("both framings the other way round", "Transfer-Encoding: chunked\r\nContent-Length: 5", "both"),
                header("chunked and more", "Transfer-Encoding: chunked, not", "another coding beside chunked"),
                header("chunked two times", "Transfer-Encoding: chunked, chunked", "another coding"),
                header("chunked before identity", "Transfer-Encoding: chunked, identity", "another coding"),
                header("chunked by surprise", "Transfer-Encoding: \u000bchunked", "0x0b"),
                header("identity with a length", "Transfer-Encoding: identity\r\nContent-Length: 5", "both"),
                header(
                        "a coding nobody asked for",
                        "Transfer-Encoding: gzip, chunked",
                        "another coding beside chunked"),
                header("chunked in other letters", "Transfer-Encoding: chun\u00aded", "malformed"),
                header("chunked twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "two headers"),
                head("chunks in HTTP/1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.0"),
                header("two Locations", "Location: /a\r\nLocation: /b", "Location"),
                header("a long header", "X: " + "y".repeat(8190), "header is longer than 8190"),
                header("a long name", "X".repeat(8191) + ": y", "header is longer than 8190"),
                header("a value without end", "X: " + "y".repeat(200_000), "header is longer than 8190"),
                header("many headers", "X: y\r\n".repeat(128) + "X: y", "more than 128 headers"),
                header("headers without end", "X: y\r\n".repeat(20_000) + "X: y", "more than 128 headers"),
                chunks("a size that is no number", "zz\r\nhello\r\n0\r\n\r\n", "'zz'"),
                chunks("an empty size", "\r\nhello\r\n0\r\n\r\n", "hexadecimal"),
                chunks("a negative size", "-5\r\nhello\r\n0\r\n\r\n", "hexadecimal"),
                chunks("a size with a sign", "+5\r\nhello\r\n0\r\n\r\n", "hexadecimal"),
                chunks("a size with 0x", "0x5\r\nhello\r\n0\r\n\r\n", "'x'"),
                chunks("two sizes", "5 0\r\nhello\r\n0\r\n\r\n", "after the size"),
                chunks("a size in other digits", "\u00b2\r\nhello\r\n0\r\n\r\n", "hexadecimal"),
                chunks("a size beyond 2^31", "80000000\r\nhello\r\n", "larger than"),
                chunks("a size of 2^64 + 5", "10000000000000005\r\nhello\r\n0\r\n\r\n", "larger than"),
                chunks("a size with LF alone", "5\nhello\r\n0\r\n\r\n", "LF"),
                chunks("LF in an extension", "5;a\nb\r\nhello\r\n0\r\n\r\n", "LF in the extension"),
                chunks("NUL in an extension", "5;a=\u0000\r\nhello\r\n0\r\n\r\n", "NUL"),
                chunks("a long size", "0".repeat(9000) + "5\r\nhello\r\n0\r\n\r\n", "longer than 8190"),
                chunks("a long extension", "5;" + "x".repeat(9000) + "\r\nhello\r\n0\r\n\r\n", "longer than 8190"),
                chunks("an extension without end", "5;" + "x".repeat(300_000), "longer than 8190"),
                chunks("a chunk that is too long", "5\r\nhello, world\r\n0\r\n\r\n", "longer than its size"),
                chunks("a chunk that ends with LF alone", "5\r\nhello\n0\r\n\r\n", "longer than its size"),
                chunks("a trailer with a space in its name", "0\r\nX : y\r\n\r\n", "name of a trailer"),
                chunks("a folded trailer", "0\r\nX: y\r\n z\r\n\r\n", "second line"),
                chunks("NUL in a trailer", "0\r\nX: y\u0000\r\n\r\n", "NUL in the trailer"),
                chunks("a trailer with LF alone", "0\r\nX: y\n\r\n", "LF"),
                chunks("a trailer that is a length", "0\r\nContent-Length: 5\r\n\r\n", "Content-Length"),
                chunks("a long trailer", "0\r\nX: " + "y".repeat(9000) + "\r\n\r\n", "trailer is longer than 8190"),
                chunks("many trailers", "0\r\n" + "X: y\r\n".repeat(128) + "\r\n", "more than 128"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badResponses")
    void aBadResponse(String name, String response, Class<? extends Exception> type, String message) throws Exception {
        var closed = new CountDownLatch(1);
        try (var server = RawServer.start(connection -> {
            if (connection.number == 1) {
                connection.readRequest();
                try {
                    connection.send(response);
                    connection.awaitClosedByClient();
                } finally {
                    closed.countDown();
                }
            } else {
                answer(connection, RawServer.ok("fine"));
            }
        })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var failure = assertThrows(
                            type, () -> await(await(session.get(server.url())).read()));
                    assertTrue(failure.getMessage().contains(message), failure::getMessage);
                    assertTrue(failure.getMessage().length() < 400, failure::getMessage);
                    if (failure instanceof ClientResponseException bad) {
                        assertEquals(400, bad.status());
                        assertEquals(server.url(), bad.url());
                    }
                    assertNothingInUse(session, 0);
                    await(toThread(() -> RawServer.await(closed)));
                    assertEquals("fine", await(await(session.get(server.url())).text()));
                    assertEquals(2, server.connections());
                    assertNothingInUse(session, 1);
                }
            });
        }
    }

    /** Of devices and scripts that a user cannot change. */
    @Test
    void lenientParsing() throws Exception {
        try (var server = RawServer.answering("HTTP/1.1 200 OK\nContent-Length: 2\nX: a\n  b\n\nhi")) {
            run(() -> {
                try (var session = ClientSession.builder().lenientParsing(true).build()) {
                    for (int i = 1; i <= 2; i++) {
                        var response = await(session.get(server.url()));
                        assertEquals("a b", response.headers().get("X"));
                        assertEquals("hi", await(response.text()));
                    }
                    assertEquals(1, server.connections());
                }
                try (var session = ClientSession.create()) {
                    assertThrows(ClientResponseException.class, () -> await(session.get(server.url())));
                }
            });
        }
    }

    private static void answer(RawServer.Connection connection, String response) throws Exception {
        while (connection.readRequest() != null) {
            connection.send(response);
        }
    }

    /** Where a response was left early, its connection is let go a little later. */
    private static void awaitNothingInUse(ClientSession session) {
        var pool = ((ClientSessionImpl) session).getPool();
        while (pool.counts().getSlotsInUse() > 0) {
            await(sleep(ofMillis(1)));
        }
        assertEquals(pool.counts().getOpen(), pool.counts().getIdle());
    }

    private static void assertNothingInUse(ClientSession session, int idle) {
        assertEquals(
                new ConnectionPool.Counts(idle, idle, 0, 0, 0),
                ((ClientSessionImpl) session).getPool().counts());
    }

    /** What may follow a response that has no body, or all of it, makes nobody wait, and reaches no other request. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 204 No Content\r\n\r\nsurplus",
                "HTTP/1.1 204 No Content\r\nContent-Length: 7\r\n\r\nsurplus",
                "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n7\r\nsurplus\r\n0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n0\r\n\r\n",
            })
    void moreThanThereIsToSay(String response) throws Exception {
        try (var server = RawServer.start(connection -> {
            connection.readRequest();
            connection.send(connection.number == 1 ? response : RawServer.ok("fine"));
            connection.awaitClosedByClient();
        })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    assertEquals("", await(await(session.get(server.url())).text()));
                    assertNothingInUse(session, 0);
                    assertEquals("fine", await(await(session.get(server.url())).text()));
                    assertEquals(2, server.connections());
                }
            });
        }
    }

    @Test
    void keepAliveAndClose() throws Exception {
        try (var server = RawServer.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: keep-alive\r\n"
                + "Connection: x, Close\r\n\r\nhi")) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    for (int i = 1; i <= 2; i++) {
                        assertEquals(
                                "hi", await(await(session.get(server.url())).text()));
                        assertEquals(i, server.connections());
                        assertNothingInUse(session, 0);
                    }
                }
            });
        }
    }

    /** A response for the next request, before there is one. */
    @Test
    void aForgedResponseOnAnIdleConnection() throws Exception {
        var dropped = new CountDownLatch(1);
        var idle = new CountDownLatch(1);
        try (var server = RawServer.start(connection -> {
            connection.readRequest();
            connection.send(RawServer.ok("number " + connection.number));
            if (connection.number == 1) {
                RawServer.await(idle);
                connection.send(RawServer.ok("forged"));
                connection.awaitClosedByClient();
                dropped.countDown();
            } else {
                connection.awaitClosedByClient();
            }
        })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    assertEquals(
                            "number 1", await(await(session.get(server.url())).text()));
                    assertNothingInUse(session, 1);
                    idle.countDown();
                    await(toThread(() -> RawServer.await(dropped)));
                    assertEquals(
                            "number 2", await(await(session.get(server.url())).text()));
                }
            });
        }
    }

    @Test
    void aHeadWithABody() throws Exception {
        try (var server = RawServer.start(connection -> {
            connection.readRequest();
            connection.send(RawServer.ok("hello"));
            connection.awaitClosedByClient();
        })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var head = await(session.head(server.url()));
                    assertEquals(5, head.contentLength());
                    assertEquals("", await(head.text()));
                    assertEquals("hello", await(await(session.get(server.url())).text()));
                    assertEquals(2, server.connections());
                }
            });
        }
    }

    /** All limits apply as well to what comes byte by byte, and they can be set. */
    @Test
    void limitsThatAreSet() throws Exception {
        try (var server = RawServer.start(connection -> {
            while (connection.readRequest() != null) {
                for (char octet : ("HTTP/1.1 200 " + "r".repeat(37) + "\r\nabc: " + "v".repeat(37) + "\r\nx:\r\nx:\r\n"
                                + "Content-Length: 2\r\n\r\nhi")
                        .toCharArray()) {
                    connection.send("" + octet);
                }
            }
        })) {
            run(() -> {
                try (var session = ClientSession.builder()
                        .maxLineSize(50)
                        .maxFieldSize(40)
                        .maxHeaders(4)
                        .build()) {
                    assertEquals("hi", await(await(session.get(server.url())).text()));
                    for (var request : List.of(
                            session.get(server.url()).maxLineSize(49),
                            session.get(server.url()).maxFieldSize(39),
                            session.get(server.url()).maxHeaders(3))) {
                        var refused = assertThrows(ClientResponseException.class, () -> await(request));
                        assertEquals(400, refused.status());
                    }
                }
            });
        }
    }

    @Test
    void aHeadAsLargeAsItMayBe() throws Exception {
        var head = new StringBuilder("HTTP/1.1 200 " + "r".repeat(8177) + "\r\nContent-Length: 2\r\n");
        for (int i = 0; i < 127; i++) {
            head.append("x").append(":").append("v".repeat(8189)).append("\r\n");
        }
        try (var server = RawServer.answering(head + "\r\nhi")) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    for (int i = 0; i < 2; i++) {
                        var response = await(session.get(server.url()));
                        assertEquals(127, response.headers().getAll("x").size());
                        assertEquals("hi", await(response.text()));
                    }
                    assertEquals(1, server.connections());
                }
            });
        }
    }

    @Test
    void aHeadThatNeverEnds() throws Exception {
        var closed = new CountDownLatch(1);
        try (var server = RawServer.start(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\n");
            try {
                while (true) {
                    connection.send("X: y\r\n");
                    Thread.sleep(10);
                }
            } finally {
                closed.countDown();
            }
        })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    assertThrows(
                            TimeoutException.class,
                            () -> await(session.get(server.url()).timeout(ofMillis(200))));
                    assertNothingInUse(session, 0);
                    await(toThread(() -> RawServer.await(closed)));
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "br", "gzip, gzip"})
    void aBodyThatIsNotCodedAsItSays(String coding) throws Exception {
        try (var server = RawServer.answering("HTTP/1.1 200 OK\r\nContent-Encoding: " + coding
                + "\r\nContent-Length: 30\r\n\r\n\u00ff\u00ff\u00ff neither this nor that coding")) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    for (int i = 0; i < 3; i++) {
                        var response = await(session.get(server.url()));
                        assertThrows(ClientPayloadException.class, () -> await(response.read()));
                        assertThrows(ClientPayloadException.class, () -> await(response.read()));
                    }
                    awaitNothingInUse(session);
                }
            });
        }
    }

    // ---- redirects

    @Test
    void redirectsInACircle() throws Exception {
        var asked = new AtomicInteger();
        try (var server = RawServer.start(connection -> {
            while (connection.readRequest() != null) {
                asked.incrementAndGet();
                connection.send("HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 4\r\n\r\nbody");
            }
        })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var endless = assertThrows(TooManyRedirectsException.class, () -> await(session.get(server.url())));
                    assertEquals(302, endless.status());
                    assertEquals(11, endless.history().size());
                    assertEquals(11, asked.get());
                    assertEquals(server.url(), endless.history().get(0).url());
                    awaitNothingInUse(session);
                    var none = assertThrows(
                            TooManyRedirectsException.class,
                            () -> await(session.get(server.url()).maxRedirects(0)));
                    assertEquals(1, none.history().size());
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://127.0.0.1/",
                "file:///etc/passwd",
                "javascript:alert(1)",
                "data:text/plain,x",
                "mailto:a@b",
                "gopher://127.0.0.1/",
                "unix:/run/docker.sock",
                "ws://127.0.0.1/",
                "jar:file:/x!/y",
            })
    void redirectsToOtherSchemes(String target) throws Exception {
        refusedRedirect(target, NonHttpUrlRedirectException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://",
                "http:///path",
                "//",
                "http://:80/",
                "http://[::1/",
                "http://127.0.0.1:99999/",
                "http://127.0.0.1:x/",
                "http://user@/",
                "http:relative",
            })
    void redirectsToNowhere(String target) throws Exception {
        refusedRedirect(target, InvalidUrlRedirectException.class);
    }

    private static void refusedRedirect(String target, Class<? extends ClientException> type) throws Exception {
        try (var server =
                RawServer.answering("HTTP/1.1 302 Found\r\nLocation: " + target + "\r\nContent-Length: 0\r\n\r\n")) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var refused = assertThrows(type, () -> await(session.get(server.url())));
                    assertInstanceOf(RedirectException.class, refused);
                    awaitNothingInUse(session);
                    assertEquals(
                            302,
                            await(session.get(server.url()).allowRedirects(false))
                                    .status());
                }
            });
        }
    }

    @Test
    void secretsAreNotForOtherServers() throws Exception {
        var heads = new ArrayList<String>();
        try (var stranger = RawServer.start(connection -> {
                    while (true) {
                        var head = connection.readRequest();
                        if (head == null) {
                            return;
                        }
                        synchronized (heads) {
                            heads.add(head);
                        }
                        var back = head.contains("GET /bounce ");
                        connection.send(
                                back
                                        ? "HTTP/1.1 302 Found\r\nLocation: " + header(head, "X-Home")
                                                + "back\r\nContent-Length: 0\r\n\r\n"
                                        : RawServer.ok("thanks"));
                    }
                });
                var home = RawServer.start(connection -> {
                    while (true) {
                        var head = connection.readRequest();
                        if (head == null) {
                            return;
                        }
                        if (head.startsWith("GET /back ")) {
                            synchronized (heads) {
                                heads.add(head);
                            }
                            connection.send(RawServer.ok("home"));
                        } else {
                            connection.send("HTTP/1.1 307 Temporary\r\nContent-Length: 0\r\nLocation: " + stranger.url()
                                    + head.split("[ /]")[2] + "\r\n\r\n");
                        }
                    }
                })) {
            run(() -> {
                try (var session = ClientSession.builder()
                        .header("Authorization", "Bearer s3cret")
                        .header("X-Api-Key", "s3cret")
                        .secretHeaders("X-Api-Key")
                        .build()) {
                    for (var path : List.of("go", "bounce")) {
                        var response = await(session.get(home.url() + path)
                                .header("Proxy-Authorization", "Basic s3cret")
                                .header("Cookie", "own=s3cret")
                                .header("X-Home", home.url())
                                .cookie("c", "s3cret"));
                        assertEquals(200, response.status());
                    }
                    var posted = await(session.post(home.url() + "go")
                            .basicAuth("me", "s3cret")
                            .text("body"));
                    assertEquals(200, posted.status());
                }
                try (var session = ClientSession.builder()
                        .baseUrl(home.url().replace("127.0.0.1", "localhost"))
                        .basicAuth("me", "s3cret")
                        .cookie("shared", "s3cret")
                        .build()) {
                    assertEquals(200, await(session.get("go")).status());
                }
            });
            synchronized (heads) {
                assertEquals(5, heads.size());
                for (var head : heads) {
                    assertFalse(head.contains("s3cret"), head);
                    assertFalse(head.contains("bWU6czNjcmV0"), head);
                }
            }
        }
    }

    private static String header(String head, String name) {
        for (var line : head.split("\r\n")) {
            if (line.startsWith(name + ": ")) {
                return line.substring(name.length() + 2);
            }
        }
        return null;
    }

    /** What a user put into a URL is his, but a server's URL may have a password of its own. */
    @Test
    void aPasswordInTheLocation() throws Exception {
        var seen = new ArrayList<String>();
        try (var other = RawServer.start(connection -> {
                    seen.add(header(connection.readRequest(), "Authorization"));
                    connection.send(RawServer.ok("x"));
                    connection.awaitClosedByClient();
                });
                var first = RawServer.start(connection -> {
                    connection.readRequest();
                    connection.send("HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: "
                            + other.url().replace("http://", "http://guest:pass@") + "\r\n\r\n");
                    connection.awaitClosedByClient();
                })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var response = await(session.get(first.url().replace("http://", "http://me:mine@")));
                    assertEquals("x", await(response.text()));
                    assertFalse(response.url().contains("pass"), response.url());
                }
            });
            assertEquals(List.of("Basic Z3Vlc3Q6cGFzcw=="), seen);
        }
    }

    // ---- cookies, bombs

    @Test
    void cookiesForOthers() throws Exception {
        var cookies = new ArrayList<String>();
        try (var server = RawServer.start(connection -> {
            while (true) {
                var head = connection.readRequest();
                if (head == null) {
                    return;
                }
                cookies.add("" + header(head, "Cookie"));
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"
                        + "Set-Cookie: a=1; Domain=example.com\r\n"
                        + "Set-Cookie: b=1; Domain=com\r\n"
                        // As good as no Domain at all.
                        + "Set-Cookie: c=1; Domain=.\r\n"
                        + "Set-Cookie: d=1; Domain=evil.localhost\r\n"
                        + "Set-Cookie: e=1; Domain=127.0.0.1\r\n"
                        + "Set-Cookie: f=1; Path=/elsewhere\r\n"
                        + "Set-Cookie: __Secure-g=1\r\n"
                        + "Set-Cookie: h=1; Secure\r\n"
                        + "Set-Cookie: ok=1\r\n\r\n");
            }
        })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var url = server.url().replace("127.0.0.1", "localhost");
                    for (int i = 0; i < 2; i++) {
                        await(await(session.get(url)).read());
                    }
                    // A host without a name has no cookies.
                    for (int i = 0; i < 2; i++) {
                        await(await(session.get(server.url())).read());
                    }
                }
            });
            assertEquals(List.of("null", "c=1; ok=1", "null", "null"), cookies);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "gzip, gzip"})
    void bombs(String coding) throws Exception {
        var bomb = Bombs.zeros(coding, 200 << 20);
        assertTrue(bomb.length < 1 << 20);
        try (var server = RawServer.start(connection -> {
            while (connection.readRequest() != null) {
                connection.send("HTTP/1.1 200 OK\r\nContent-Encoding: " + coding + "\r\nContent-Length: " + bomb.length
                        + "\r\n\r\n");
                connection.socket.getOutputStream().write(bomb);
            }
        })) {
            run(() -> {
                try (var session = ClientSession.builder().maxBodySize(1 << 20).build()) {
                    var response = await(session.get(server.url()));
                    assertThrows(ClientPayloadException.class, () -> await(response.read()));
                    awaitNothingInUse(session);
                    try (var partly = await(session.get(server.url()))) {
                        assertEquals(1000, await(partly.content().readexactly(1000)).length);
                    }
                    awaitNothingInUse(session);
                }
            });
        }
    }
}
