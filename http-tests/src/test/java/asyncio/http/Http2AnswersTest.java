package asyncio.http;

import static asyncio.Asyncio.*;
import static asyncio.http.Http2Server.*;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.*;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Responses of HTTP/2 that RFC 9113 calls malformed: the request fails, the stream is reset with PROTOCOL_ERROR, and
 * other requests go on on the same connection. And responses that are unusual but good.
 */
// It reads the log of the process.
@Isolated
@Timeout(240)
class Http2AnswersTest {

    private final List<String> logged = new CopyOnWriteArrayList<>();
    private final java.util.logging.Handler log = new java.util.logging.Handler() {
        @Override
        public void publish(LogRecord line) {
            var name = String.valueOf(line.getLoggerName());
            boolean isLower = name.startsWith("io.netty.") || name.startsWith("io.vertx.");
            if (isLower && line.getLevel().intValue() >= Level.INFO.intValue()) {
                logged.add(name + ": " + line.getMessage());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void watchTheLog() {
        Logger.getLogger("").addHandler(log);
    }

    /** The exception tells it all: a server cannot fill a log. */
    @AfterEach
    void nothingIsLogged() {
        Logger.getLogger("").removeHandler(log);
        assertEquals(List.of(), logged);
    }

    /** Answers one request. */
    interface Answer {
        void send(Connection connection, int stream) throws Exception;
    }

    private static Arguments head(String name, String message, Answer answer) {
        return arguments(name, "/bad", ClientResponseException.class, message, answer);
    }

    private static Arguments header(String name, String message, String... namesAndValues) {
        return head(name, message, (connection, stream) -> {
            var all = new String[namesAndValues.length + 2];
            all[0] = ":status";
            all[1] = "200";
            System.arraycopy(namesAndValues, 0, all, 2, namesAndValues.length);
            connection.headers(stream, 0, all);
            connection.data(stream, END_STREAM, "hello");
        });
    }

    private static Arguments status(String status, String message) {
        return head("the status " + status, message, (c, s) -> c.headers(s, END_STREAM, ":status", status));
    }

    private static Arguments body(String name, String message, Answer answer) {
        return arguments(name, "/bad", ClientPayloadException.class, message, answer);
    }

    private static String[] many(int count) {
        var headers = new String[2 * count + 2];
        headers[0] = ":status";
        headers[1] = "200";
        for (int i = 0; i < count; i++) {
            headers[2 * i + 2] = "x-" + i;
            headers[2 * i + 3] = "";
        }
        return headers;
    }

    /** A block of headers of about this size, in as many frames as it takes. */
    private static void headersInFrames(Connection connection, int stream, int size) throws Exception {
        var headers = many(size / 500_000);
        for (int i = 3; i < headers.length; i += 2) {
            headers[i] = "v".repeat(500_000);
        }
        var block = Connection.block(headers);
        connection.send(HEADERS, END_STREAM, stream, Arrays.copyOf(block, 16_384));
        for (int at = 16_384; at < block.length; at += 16_384) {
            int end = Math.min(at + 16_384, block.length);
            int flags = end == block.length ? END_HEADERS : 0;
            connection.send(CONTINUATION, flags, stream, Arrays.copyOfRange(block, at, end));
        }
    }

    static Stream<Arguments> badAnswers() {
        return Stream.of(
                status("20", "its status is not a number of three digits: '20'"),
                status("2000", "three digits"),
                status("+200", "three digits"),
                status("99", "three digits"),
                status("099", "three digits"),
                status("abc", "three digits"),
                status("", "three digits"),
                status(" 200", "three digits"),
                status("1000", "three digits"),
                status("600", "its status is not known: 600"),
                status("101", "its status is 101, which HTTP/2 does not have"),
                status("103", "it ends with an interim response, 103"),
                status("100", "it ends with an interim response, 100"),
                head("no status", "it has no :status", (c, s) -> c.headers(s, END_STREAM, "x-a", "b")),
                head("nothing at all", "it has no :status", (c, s) -> c.headers(s, END_STREAM)),
                head(
                        "two statuses",
                        "two :status",
                        (c, s) -> c.headers(s, END_STREAM, ":status", "200", ":status", "200")),
                head(
                        "the status behind a header",
                        ":status does not come before its headers",
                        (c, s) -> c.headers(s, END_STREAM, "x-a", "b", ":status", "200")),
                head(
                        "a pseudo-header of requests",
                        "it has the pseudo-header ':path'",
                        (c, s) -> c.headers(s, END_STREAM, ":status", "200", ":path", "/")),
                head(
                        "a pseudo-header that nobody knows",
                        "it has the pseudo-header ':'",
                        (c, s) -> c.headers(s, END_STREAM, ":status", "200", ":", "/")),
                header(
                        "a header that would be two",
                        "there is CR in the header 'x-a'",
                        "x-a",
                        "b\r\nset-cookie: sid=evil"),
                header("LF in a value", "there is LF in the header 'x-a'", "x-a", "b\nc"),
                header("NUL in a value", "there is NUL in the header 'x-a'", "x-a", "b\0c"),
                header("DEL in a value", "there is 0x7f in the header 'x-a'", "x-a", "b\u007fc"),
                header("NUL in a cookie", "there is NUL in the header 'set-cookie'", "set-cookie", "a=b\0"),
                header("CR in a place", "there is CR in the header 'location'", "location", "/\r"),
                header("a capital letter", "there is a capital letter in the name of a header: 'X-A'", "X-A", "b"),
                header("a space in a name", "there is a space in the name of a header: 'x a'", "x a", "b"),
                header("a colon in a name", "there is ':' in the name of a header: 'x:a'", "x:a", "b"),
                header("NUL in a name", "there is NUL in the name of a header", "x\0a", "b"),
                header("LF in a name", "there is LF in the name of a header: 'x\\x0aa'", "x\na", "b"),
                header("other letters in a name", "there is 0xe9 in the name of a header", "x\u00e9", "b"),
                header("no name", "a header has no name", "", "b"),
                header(
                        "connection",
                        "it has the header 'connection', which HTTP/2 does not have",
                        "connection",
                        "close"),
                header("keep-alive", "it has the header 'keep-alive'", "keep-alive", "timeout=5"),
                header("proxy-connection", "it has the header 'proxy-connection'", "proxy-connection", "close"),
                header("upgrade", "it has the header 'upgrade'", "upgrade", "websocket"),
                header("transfer-encoding", "it has the header 'transfer-encoding'", "transfer-encoding", "chunked"),
                header(
                        "two lengths",
                        "it has two headers 'content-length'",
                        "content-length",
                        "5",
                        "content-length",
                        "5"),
                header(
                        "a length of letters",
                        "its Content-Length is not a number that can be: '5x'",
                        "content-length",
                        "5x"),
                header("a length below zero", "not a number that can be", "content-length", "-5"),
                header("two places", "it has two different values of Location", "location", "/a", "location", "/b"),
                head("129 headers", "it has more than 128 headers and trailers", (c, s) -> c.headers(s, 0, many(129))),
                head(
                        "4.5 MB of headers",
                        "its headers are larger than 4194304 bytes",
                        (c, s) -> headersInFrames(c, s, 9 * 500_000)),
                header("a large header", "a header is longer than 8190 bytes", "x-a", "b".repeat(8188)),
                head(
                        "a length without a body",
                        "it has no body, but its Content-Length is 4",
                        (c, s) -> c.headers(s, END_STREAM, ":status", "200", "content-length", "4")),
                head(
                        "a body before the head",
                        "its body begins before its head",
                        (c, s) -> c.data(s, END_STREAM, "hello")),
                head("101 times 103", "there are more than 100 interim responses", (c, s) -> {
                    for (int i = 0; i < 101; i++) {
                        c.headers(s, 0, ":status", "103");
                    }
                }),
                head("a bad header of an interim response", "there is NUL in the header 'link'", (c, s) -> {
                    c.headers(s, 0, ":status", "103", "link", "\0");
                    c.answer(s, "late");
                }),
                body("a body that is too short", "its body has 5 bytes, and its Content-Length is 6", (c, s) -> {
                    c.headers(s, 0, ":status", "200", "content-length", "6");
                    c.data(s, END_STREAM, "hello");
                }),
                body("a body that is too long", "its body is longer than its Content-Length, 4", (c, s) -> {
                    c.headers(s, 0, ":status", "200", "content-length", "4");
                    c.data(s, END_STREAM, "hello");
                }),
                body("204 with a body", "it has a body, although its status is 204", (c, s) -> {
                    c.headers(s, 0, ":status", "204");
                    c.data(s, END_STREAM, "hello");
                }),
                body("304 with a body", "it has a body, although its status is 304", (c, s) -> {
                    c.headers(s, 0, ":status", "304", "content-length", "5");
                    c.data(s, END_STREAM, "hello");
                }),
                body("a second head", "there are headers in its body", (c, s) -> {
                    c.headers(s, 0, ":status", "200");
                    c.headers(s, 0, "x-a", "b");
                }),
                body("a status among the trailers", "the pseudo-header ':status' is among its trailers", (c, s) -> {
                    c.headers(s, 0, ":status", "200");
                    c.headers(s, END_STREAM, ":status", "200");
                }),
                body("a length among the trailers", "'content-length' is among its trailers", (c, s) -> {
                    c.headers(s, 0, ":status", "200");
                    c.headers(s, END_STREAM, "content-length", "0");
                }),
                body("CR in a trailer", "there is CR in the trailer 'x-a'", (c, s) -> {
                    c.headers(s, 0, ":status", "200");
                    c.headers(s, END_STREAM, "x-a", "b\r");
                }),
                body("headers and trailers that are too many", "more than 128 headers and trailers", (c, s) -> {
                    c.headers(s, 0, many(100));
                    // Without the status.
                    c.headers(s, END_STREAM, Arrays.copyOfRange(many(29), 2, 60));
                }),
                body("trailers before the body is complete", "its body has 5 bytes", (c, s) -> {
                    c.headers(s, 0, ":status", "200", "content-length", "6");
                    c.data(s, 0, "hello");
                    c.headers(s, END_STREAM, "x-a", "b");
                }));
    }

    private static ClientSession session() {
        return ClientSession.builder()
                .tls(Tls.insecure())
                .limit(1)
                .timeout(ClientTimeout.ofTotal(ofSeconds(30)))
                .build();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badAnswers")
    void aMalformedResponseEndsItsStreamOnly(
            String name, String path, Class<? extends ClientException> type, String message, Answer answer)
            throws Exception {
        var resets = new LinkedBlockingQueue<Integer>();
        try (var server = Http2Server.start(connection -> {
            connection.settings();
            while (true) {
                var frame = connection.read();
                if (frame == null) {
                    return;
                }
                if (frame.type == RST_STREAM) {
                    resets.add(frame.number());
                } else if (frame.isEnd() && frame.stream == 1) {
                    answer.send(connection, frame.stream);
                } else if (frame.isEnd()) {
                    connection.answer(frame.stream, "fine");
                }
            }
        })) {
            run(() -> {
                try (var session = session()) {
                    var error = assertThrows(
                            type,
                            () -> await(await(session.get(server.url() + path)).read()));
                    assertTrue(error.getMessage().contains(message), error.getMessage());
                    assertEquals("fine", await(await(session.get(server.url())).text()));
                }
            });
            assertEquals(1, resets.poll(30, TimeUnit.SECONDS));
            assertEquals(1, server.connections());
        }
    }

    /** The response of one request, answered by {@code answer}: its body. */
    private static String get(String method, Answer answer) throws Exception {
        try (var server = Http2Server.start(connection -> {
            connection.settings();
            for (Request request; (request = connection.readRequest()) != null; ) {
                answer.send(connection, request.stream);
            }
        })) {
            return run(() -> {
                try (var session = session()) {
                    try (var response = await(session.request(method, server.url()))) {
                        var text = await(response.text());
                        var a = response.headers().get("x-a");
                        return response.status() + " " + text + (a == null ? "" : " [" + a + "]");
                    }
                }
            });
        }
    }

    @Test
    void unusualResponsesThatAreGood() throws Exception {
        assertEquals("200 hello", get("GET", (c, s) -> {
            c.headers(s, 0, ":status", "100");
            c.headers(s, 0, ":status", "103", "link", "</a>", "content-length", "7");
            c.headers(s, 0, ":status", "200", "content-length", "5");
            c.data(s, 0, "");
            c.data(s, 0, "hel");
            c.data(s, 0, "lo");
            c.data(s, END_STREAM, "");
        }));
        assertEquals("200 ", get("HEAD", (c, s) -> c.headers(s, END_STREAM, ":status", "200", "content-length", "5")));
        assertEquals("304 ", get("GET", (c, s) -> c.headers(s, END_STREAM, ":status", "304", "content-length", "5")));
        assertEquals("204 ", get("GET", (c, s) -> c.headers(s, END_STREAM, ":status", "204")));
        assertEquals("204 ", get("GET", (c, s) -> {
            c.headers(s, 0, ":status", "204");
            c.data(s, END_STREAM, "");
        }));
        assertEquals("599 ", get("GET", (c, s) -> c.headers(s, END_STREAM, ":status", "599")));
        // RFC 9113 allows no blanks around a value; they are passed over, as curl does it.
        assertEquals(
                "200  [b \t c]", get("GET", (c, s) -> c.headers(s, END_STREAM, ":status", "200", "x-a", " \tb \t c ")));
        assertEquals(
                "200  [\u00e9]",
                get("GET", (c, s) -> c.headers(s, END_STREAM, ":status", "200", "x-a", "\u00c3\u00a9")));
        assertEquals("200 hello", get("GET", (c, s) -> {
            c.headers(s, 0, ":status", "200", "content-type", "text/plain");
            var padded = ("\3hello\0\0\0").getBytes(StandardCharsets.ISO_8859_1);
            c.send(DATA, PADDED, s, padded);
            c.headers(s, END_STREAM, "x-t", "u");
        }));
        assertEquals("200  [b]", get("GET", (c, s) -> {
            var block = Connection.block(":status", "200", "x-a", "b");
            c.send(HEADERS, END_STREAM, s, Arrays.copyOf(block, 12));
            c.send(CONTINUATION, END_HEADERS, s, Arrays.copyOfRange(block, 12, block.length));
        }));
    }

    @Test
    void limitsOfTheRequestCount() throws Exception {
        try (var server = Http2Server.start(connection -> {
            connection.settings();
            for (Request request; (request = connection.readRequest()) != null; ) {
                // In several frames: none is larger than 16 KiB.
                var block = Connection.block(":status", "200", "x-a", "b".repeat(20_000));
                connection.send(HEADERS, END_STREAM, request.stream, Arrays.copyOf(block, 16_000));
                connection.send(
                        CONTINUATION, END_HEADERS, request.stream, Arrays.copyOfRange(block, 16_000, block.length));
            }
        })) {
            run(() -> {
                try (var session = session()) {
                    var error = assertThrows(ClientResponseException.class, () -> await(session.get(server.url())));
                    assertTrue(error.getMessage().contains("longer than 8190 bytes"), error.getMessage());
                    var response = await(session.get(server.url()).maxFieldSize(30_000));
                    assertEquals(20_000, response.headers().get("x-a").length());
                }
            });
            assertEquals(1, server.connections());
        }
    }

    /** What many servers send for each request, thousands of times. */
    @Test
    void framesThatBelongToARequestAreNoFlood() throws Exception {
        try (var server = Http2Server.start(connection -> {
            connection.settings();
            for (Request request; (request = connection.readRequest()) != null; ) {
                connection.windowUpdate(request.stream, 1000);
                connection.send(PING, 0, 0, new byte[8]);
                connection.answer(request.stream, "fine");
                connection.reset(request.stream, NO_ERROR);
            }
        })) {
            run(() -> {
                try (var session = session()) {
                    for (int i = 0; i < 2000; i++) {
                        assertEquals(
                                "fine", await(await(session.get(server.url())).text()));
                    }
                }
            });
            assertEquals(1, server.connections());
        }
    }

    /** What ends the whole connection: each request on it fails, and the next one gets another connection. */
    static Stream<Arguments> badConnections() {
        return Stream.of(
                connection(
                        "a pushed response",
                        "the server pushes a response",
                        (c, s) -> c.send(PUSH_PROMISE, END_HEADERS, s, new byte[] {0, 0, 0, 2})),
                connection(
                        "a stream of the server's own",
                        "the server opened a stream, 2, which was not allowed",
                        (c, s) -> c.headers(2, END_STREAM, ":status", "200")),
                connection(
                        "a stream that nobody opened",
                        "the server uses a stream, 9, that was not opened",
                        (c, s) -> c.data(9, END_STREAM, "x")),
                connection("settings that allow push", "allow push", (c, s) -> c.settings(2, 1)),
                connection("a window without an end", "window is larger than", (c, s) -> {
                    c.windowUpdate(0, Integer.MAX_VALUE);
                    c.windowUpdate(0, Integer.MAX_VALUE);
                }),
                connection(
                        "an initial window without an end",
                        "breaks the rules of HTTP/2",
                        (c, s) -> c.settings(INITIAL_WINDOW_SIZE, Integer.MIN_VALUE)),
                connection(
                        "a large frame", "breaks the rules of HTTP/2", (c, s) -> c.send(DATA, 0, s, new byte[16_385])),
                connection(
                        "a block of headers that is none",
                        "breaks the rules of HTTP/2",
                        (c, s) -> c.send(HEADERS, END_HEADERS | END_STREAM, s, new byte[] {
                            (byte) 0xff, (byte) 0xff, (byte) 0xff, 127
                        })),
                connection("data within a block", "breaks the rules of HTTP/2", (c, s) -> {
                    c.send(HEADERS, 0, s, Connection.block(":status", "200"));
                    c.data(s, END_STREAM, "x");
                }),
                connection("CONTINUATION without an end", "breaks the rules of HTTP/2", (c, s) -> {
                    c.send(HEADERS, 0, s, Connection.block(":status", "200"));
                    for (int i = 0; i < 100_000; i++) {
                        c.send(CONTINUATION, 0, s, new byte[0]);
                    }
                }),
                connection(
                        "headers without an end",
                        "breaks the rules of HTTP/2",
                        (c, s) -> headersInFrames(c, s, 6_000_000)),
                connection("a flood of PINGs", "floods the connection", (c, s) -> {
                    for (int i = 0; i < 100_000; i++) {
                        c.send(PING, 0, 0, new byte[8]);
                    }
                }),
                connection("a flood of SETTINGS", "floods the connection", (c, s) -> {
                    for (int i = 0; i < 100_000; i++) {
                        c.settings(MAX_CONCURRENT_STREAMS, i);
                    }
                }),
                connection("a flood of empty DATA", "floods the connection", (c, s) -> {
                    c.headers(s, 0, ":status", "200");
                    for (int i = 0; i < 100_000; i++) {
                        c.data(s, 0, "");
                    }
                }),
                connection("a flood of resets", "floods the connection", (c, s) -> {
                    for (int i = 0; i < 100_000; i++) {
                        c.reset(1, INTERNAL_ERROR);
                    }
                }),
                connection("a flood of frames that nobody knows", "floods the connection", (c, s) -> {
                    for (int i = 0; i < 100_000; i++) {
                        c.send(77, 0, 0, new byte[3]);
                    }
                }),
                connection("a flood of windows", "floods the connection", (c, s) -> {
                    for (int i = 0; i < 100_000; i++) {
                        c.windowUpdate(0, 1);
                    }
                }));
    }

    private static Arguments connection(String name, String message, Answer answer) {
        return arguments(name, message, answer);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badConnections")
    void aBrokenRuleOfTheConnectionEndsIt(String name, String message, Answer answer) throws Exception {
        try (var server = Http2Server.start(connection -> {
            connection.settings();
            for (Request request; (request = connection.readRequest()) != null; ) {
                if (connection.number == 1 && request.stream == 3) {
                    answer.send(connection, request.stream);
                    connection.awaitClosedByClient();
                    return;
                }
                connection.answer(request.stream, "fine");
            }
        })) {
            run(() -> {
                try (var session = session()) {
                    assertEquals("fine", await(await(session.get(server.url())).text()));
                    var error = assertThrows(
                            ClientException.class,
                            () -> await(await(session.get(server.url())).read()));
                    assertTrue(error.getMessage().contains(message), error.getMessage());
                    assertEquals("fine", await(await(session.get(server.url())).text()));
                }
            });
            assertEquals(2, server.connections());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "hello"})
    void aServerThatAgreesToHttp2AndSpeaksSomethingElse(String said) throws Exception {
        try (var server = Http2Server.start(connection -> {
            connection.socket.getOutputStream().write(said.getBytes(StandardCharsets.US_ASCII));
            connection.socket.getOutputStream().write(new byte[16]);
            connection.awaitClosedByClient();
        })) {
            run(() -> {
                try (var session = session()) {
                    var error = assertThrows(ClientConnectorException.class, () -> await(session.get(server.url())));
                    assertTrue(error.getMessage().startsWith("Cannot connect to host"), error.getMessage());
                }
            });
        }
    }

    @Test
    void aFirstFrameThatIsNotSettings() throws Exception {
        try (var server = Http2Server.start(connection -> {
            connection.send(PING, 0, 0, new byte[8]);
            connection.awaitClosedByClient();
        })) {
            run(() -> {
                try (var session = session()) {
                    var error = assertThrows(ClientConnectorException.class, () -> await(session.get(server.url())));
                    assertTrue(error.getMessage().contains("its first frame is not SETTINGS"), error.getMessage());
                }
            });
        }
    }
}
