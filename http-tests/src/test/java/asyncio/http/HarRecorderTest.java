package asyncio.http;

import static asyncio.Asyncio.*;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.*;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is recorded, as HAR 1.2 has it, and that the same is answered from it. */
@Timeout(240)
class HarRecorderTest {
    private static final byte[] PICTURE = {(byte) 0x89, 'P', 'N', 'G', 0, 1, 2, (byte) 0xFF};
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-03T10:00:00.250Z"), ZoneOffset.UTC);

    @TempDir
    Path folder;

    private static String gzip(String text) throws Exception {
        var bytes = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(UTF_8));
        }
        return bytes.toString(ISO_8859_1);
    }

    private static String answer(String head, String body) {
        return "HTTP/1.1 " + head + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    /** A shop: what each request gets is told by its path. */
    private static RawServer shop() throws Exception {
        var visits = new int[1];
        return RawServer.start(connection -> {
            for (String request; (request = connection.readWhole()) != null; ) {
                var path = request.split(" ")[1];
                connection.send(
                        switch (path.split("\\?")[0]) {
                            case "/old" -> answer("302 Found\r\nLocation: /text", "");
                            case "/text" ->
                                answer(
                                        "200 OK\r\nContent-Type: text/plain; charset=iso-8859-1\r\nX-Team: caf\u00e9",
                                        "na\u00efve");
                            case "/zipped" ->
                                answer(
                                        "200 Fine\r\nContent-Type: application/json\r\nContent-Encoding: gzip",
                                        gzip("{\"name\": \"\u017cona\"}"));
                            case "/picture" ->
                                answer("200 OK\r\nContent-Type: image/png", new String(PICTURE, ISO_8859_1));
                            case "/login" ->
                                answer(
                                        "200 OK\r\nSet-Cookie: sid=s3cret; Path=/\r\nContent-Type: text/plain",
                                        RawServer.header(request, "Authorization") == null ? "no" : "yes");
                            case "/count" -> {
                                visits[0]++;
                                yield answer("200 OK\r\nContent-Type: text/plain", "visit " + visits[0]);
                            }
                            case "/echo" ->
                                answer(
                                        "201 Created\r\nContent-Type: text/plain",
                                        request.substring(request.indexOf("\r\n\r\n") + 4));
                            case "/gone" -> answer("404 Not Found", "");
                            default -> throw new AssertionError(request);
                        });
            }
        });
    }

    private static String ask(ClientRequest request) {
        try (var response = await(request)) {
            return response.status() + " " + response.reason() + " " + response.contentType() + " "
                    + new String(await(response.read()), ISO_8859_1) + " "
                    + response.headers().get("X-Team");
        }
    }

    private static List<String> visit(ClientSession session, String url) {
        var answers = new ArrayList<String>();
        for (var path : List.of("old", "text", "zipped", "picture", "gone", "count", "count", "text?b=2&a=%C3%A9")) {
            answers.add(ask(session.get(url + path)));
        }
        answers.add(ask(session.post(url + "echo").json(Map.of("n", 1))));
        answers.add(ask(session.post(url + "echo").json(Map.of("n", 2))));
        answers.add(ask(session.post(url + "echo").form(Map.of("user", "m\u00e9"))));
        answers.add(ask(session.post(url + "echo").body(Payload.ofBytes(PICTURE))));
        return answers;
    }

    @Test
    void whatWasRecordedIsAnsweredAgain() throws Exception {
        var answers = new ArrayList<List<String>>();
        var file = folder.resolve("shop.har");
        try (var server = shop()) {
            run(() -> {
                var recorder = HarRecorder.create();
                try (var session = ClientSession.builder().middlewares(recorder).build()) {
                    answers.add(visit(session, server.url()));
                }
                assertEquals(13, recorder.size());
                await(recorder.save(file));

                var mock = await(MockTransport.loadHar(file));
                try (var session = ClientSession.builder().transport(mock).build()) {
                    answers.add(visit(session, server.url()));
                }
                mock.assertAllUsed();
            });
        }
        assertEquals(answers.get(0), answers.get(1));
        assertEquals("200 OK text/plain na\u00efve caf\u00e9", answers.get(0).get(0));
        assertEquals("200 OK text/plain visit 2 null", answers.get(0).get(6));
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        }
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> entries(String har) {
        var log = (Map<String, Object>)
                ((Map<String, Object>) JsonCodec.standard().read(har.getBytes(UTF_8), Object.class)).get("log");
        assertEquals("1.2", log.get("version"));
        return (List<Map<String, Object>>) log.get("entries");
    }

    /** What a path such as {@code request.headers} leads to. */
    private static Object at(Object from, String path) {
        var value = from;
        for (var name : path.split("\\.")) {
            value = ((Map<?, ?>) value).get(name);
        }
        return value;
    }

    private static Object header(Object entry, String message, String name) {
        for (var header : (List<?>) at(entry, message + ".headers")) {
            if (name.equalsIgnoreCase((String) at(header, "name"))) {
                return at(header, "value");
            }
        }
        return null;
    }

    private static double millis(Object entry, String name) {
        return ((Number) at(entry, "timings." + name)).doubleValue();
    }

    @Test
    void whatIsInAnEntry() throws Exception {
        try (var server = shop()) {
            run(() -> {
                var recorder = HarRecorder.builder().clock(CLOCK).build();
                var url = "http://localhost:" + server.port() + "/";
                try (var session = ClientSession.builder().middlewares(recorder).build()) {
                    ask(session.get(url + "old?q=a%20b&q=c"));
                    ask(session.post(url + "echo").form(Map.of("user", "m\u00e9")));
                    ask(session.get(url + "picture"));
                    ask(session.get(url + "zipped"));
                }
                var entries = entries(recorder.toJson());
                assertEquals(5, entries.size());
                var first = entries.get(0);
                assertEquals("2026-11-03T10:00:00.250Z", at(first, "startedDateTime"));
                assertEquals("GET", at(first, "request.method"));
                assertEquals(url + "old?q=a%20b&q=c", at(first, "request.url"));
                assertEquals("HTTP/1.1", at(first, "request.httpVersion"));
                assertEquals("*/*", header(first, "request", "Accept"));
                assertEquals(
                        List.of(Map.of("name", "q", "value", "a b"), Map.of("name", "q", "value", "c")),
                        at(first, "request.queryString"));
                assertEquals(302, at(first, "response.status"));
                assertEquals("Found", at(first, "response.statusText"));
                assertEquals("/text", at(first, "response.redirectURL"));
                assertEquals(Map.of(), at(first, "cache"));
                assertTrue(millis(first, "dns") >= 0 && millis(first, "connect") >= 0, first::toString);
                for (var entry : entries) {
                    double sum = 0;
                    for (var step : List.of("blocked", "dns", "connect", "send", "wait", "receive")) {
                        sum += Math.max(0, millis(entry, step));
                    }
                    assertEquals(sum, ((Number) entry.get("time")).doubleValue(), 0.01);
                    assertEquals(-1.0, millis(entry, "ssl"));
                }
                assertEquals(-1.0, millis(entries.get(1), "connect"), "the connection was kept");
                assertEquals("na\u00efve", at(entries.get(1), "response.content.text"));

                var form = entries.get(2);
                assertEquals("application/x-www-form-urlencoded", at(form, "request.postData.mimeType"));
                assertEquals("user=m%C3%A9", at(form, "request.postData.text"));
                assertEquals(List.of(Map.of("name", "user", "value", "m\u00e9")), at(form, "request.postData.params"));
                assertEquals(12, at(form, "request.bodySize"));

                var picture = entries.get(3);
                assertEquals("base64", at(picture, "response.content.encoding"));
                assertEquals("iVBORwABAv8=", at(picture, "response.content.text"));
                assertEquals(8, at(picture, "response.content.size"));

                var zipped = entries.get(4);
                var text = "{\"name\": \"\u017cona\"}";
                assertEquals(text, at(zipped, "response.content.text"));
                assertEquals(text.getBytes(UTF_8).length, at(zipped, "response.content.size"));
                int wire = gzip(text).length();
                assertEquals(wire, at(zipped, "response.bodySize"));
                assertEquals(text.getBytes(UTF_8).length - wire, at(zipped, "response.content.compression"));
            });
        }
    }

    @Test
    void secretsAreNotRecordedUnlessTheyAreAskedFor() throws Exception {
        try (var server = shop()) {
            var url = "http://localhost:" + server.port() + "/";
            run(() -> {
                for (var secrets : List.of(false, true)) {
                    var recorder = HarRecorder.builder().secrets(secrets).build();
                    try (var session = ClientSession.builder()
                            .baseUrl(url)
                            .secretHeaders("X-Shop")
                            .header("X-Shop", "s3cret")
                            .middlewares(recorder)
                            .build()) {
                        ask(session.get("login").basicAuth("monty", "s3cret"));
                        ask(session.get("text").header("Proxy-Authorization", "s3cret"));
                    }
                    var har = recorder.toJson();
                    assertEquals(secrets, har.contains("s3cret"), har);
                    var entries = entries(har);
                    var told = secrets ? "s3cret" : "[redacted]";
                    assertEquals(told, header(entries.get(1), "request", "X-Shop"));
                    assertEquals(told, header(entries.get(1), "request", "Proxy-Authorization"));
                    assertEquals(List.of(Map.of("name", "sid", "value", told)), at(entries.get(1), "request.cookies"));
                    assertEquals(
                            List.of(Map.of("name", "sid", "value", told, "path", "/")),
                            at(entries.get(0), "response.cookies"));
                    assertEquals(
                            secrets ? "sid=s3cret; Path=/" : "[redacted]",
                            header(entries.get(0), "response", "Set-Cookie"));
                    var mock = MockTransport.ofHar(har);
                    try (var session = ClientSession.builder().transport(mock).build()) {
                        ask(session.get(url + "login"));
                        assertEquals(secrets ? 1 : 0, session.cookieJar().size());
                    }
                }
            });
        }
    }

    @Test
    void bodiesThatAreTooLargeOrNotReadAreLeftOut() throws Exception {
        try (var server = shop()) {
            run(() -> {
                var recorder = HarRecorder.builder().maxBodySize(7).build();
                try (var session = ClientSession.builder()
                        .baseUrl(server.url())
                        .middlewares(recorder)
                        .build()) {
                    ask(session.get("text"));
                    ask(session.get("picture"));
                    ask(session.get("zipped"));
                    ask(session.post("echo").text("12345678"));
                }
                var entries = entries(recorder.toJson());
                assertEquals("na\u00efve", at(entries.get(0), "response.content.text"));
                for (int i = 1; i <= 3; i++) {
                    assertNull(at(entries.get(i), "response.content.text"));
                    assertEquals("left out: larger than 7 bytes", at(entries.get(i), "response.content.comment"));
                }
                assertEquals(8, at(entries.get(3), "request.bodySize"));
                assertEquals("left out: larger than 7 bytes", at(entries.get(3), "request.postData.comment"));

                var mock = MockTransport.ofHar(recorder.toJson());
                try (var session = ClientSession.builder()
                        .baseUrl(server.url())
                        .transport(mock)
                        .build()) {
                    ask(session.get("text"));
                    var cut = assertThrows(AssertionError.class, () -> ask(session.get("picture")));
                    assertTrue(cut.getMessage().contains("entries[1] GET " + server.url() + "picture"), cut::toString);
                }
                recorder.clear();
                assertEquals(0, recorder.size());
            });
        }
    }

    @Test
    void aFailureIsRecordedAndRaisedAgain() throws Exception {
        int port = RawServer.refusedPort();
        run(() -> {
            var recorder = HarRecorder.create();
            try (var session = ClientSession.builder().middlewares(recorder).build()) {
                assertThrows(ClientConnectorException.class, () -> ask(session.get("http://127.0.0.1:" + port + "/a")));
            }
            var entry = entries(recorder.toJson()).get(0);
            assertEquals(0, at(entry, "response.status"));
            assertTrue(((String) at(entry, "response._error")).contains("ClientConnectorException"));
            var mock = MockTransport.ofHar(recorder.toJson());
            try (var session = ClientSession.builder().transport(mock).build()) {
                assertThrows(
                        ClientConnectionException.class, () -> ask(session.get("http://127.0.0.1:" + port + "/a")));
            }
        });
    }

    /** A kept connection that was dead is nothing that the user has seen. */
    @Test
    void whatWasSentAgainIsOneEntry() throws Exception {
        try (var server = RawServer.start(connection -> {
            connection.readWhole();
            connection.send(RawServer.ok("fine"));
            // Of the first connection the second request is read, and not answered.
            connection.readWhole();
        })) {
            run(() -> {
                var recorder = HarRecorder.create();
                try (var session = ClientSession.builder()
                        .baseUrl(server.url())
                        .middlewares(recorder)
                        .build()) {
                    ask(session.get("a"));
                    ask(session.get("b"));
                }
                assertEquals(2, recorder.size());
                assertEquals(200, at(entries(recorder.toJson()).get(1), "response.status"));
            });
        }
    }

    @Test
    void aFormWithAFileIsTheSameWithAnotherBoundary() throws Exception {
        var file = Files.write(folder.resolve("cat.png"), PICTURE);
        try (var server = shop()) {
            run(() -> {
                var recorder = HarRecorder.create();
                var answers = new ArrayList<Integer>();
                for (int turn = 0; turn < 2; turn++) {
                    var builder = ClientSession.builder().baseUrl(server.url());
                    if (turn == 0) {
                        builder.middlewares(recorder);
                    } else {
                        builder.transport(MockTransport.ofHar(recorder.toJson()));
                    }
                    try (var session = builder.build();
                            var response = await(session.post("echo")
                                    .multipart(form ->
                                            form.field("title", "My cat").file("photo", file)))) {
                        answers.add(response.status());
                        await(response.read());
                    }
                }
                assertEquals(List.of(201, 201), answers);
                assertEquals("base64", at(entries(recorder.toJson()).get(0), "request.postData._encoding"));
            });
        }
    }
}
