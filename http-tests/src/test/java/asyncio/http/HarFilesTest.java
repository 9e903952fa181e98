package asyncio.http;

import static asyncio.Asyncio.*;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.*;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Mock transports that answer from HAR files, also from those of browsers. */
@Timeout(240)
class HarFilesTest {
    private static final byte[] PICTURE = {(byte) 0x89, 'P', 'N', 'G', 0, 1, 2, (byte) 0xFF};

    @TempDir
    Path folder;

    private static String ask(ClientRequest request) {
        try (var response = await(request)) {
            return response.status() + " " + new String(await(response.read()), ISO_8859_1);
        }
    }

    private static String har(String entries) {
        return "{\"log\": {\"version\": \"1.2\", \"creator\": {\"name\": \"x\", \"version\": \"1\"}, \"entries\": ["
                + entries + "]}}";
    }

    private static String entry(String method, String url, String more, String text) {
        return """
                {"request": {"method": "%s", "url": "%s"%s},
                 "response": {"status": 200, "headers": [], "content": {"mimeType": "text/plain", "text": "%s"}}}""".formatted(method, url, more, text);
    }

    @Test
    void theNearestEntriesAreNamed() {
        var mock = MockTransport.ofHar(har(entry("GET", "https://shop.example/users/1", "", "Monty") + ","
                + entry("GET", "https://other.example/", "", "x") + ","
                + entry("POST", "https://shop.example/users", ", \"postData\": {\"text\": \"a\"}", "x")));
        run(() -> {
            try (var session = ClientSession.builder().transport(mock).build()) {
                var missing =
                        assertThrows(AssertionError.class, () -> ask(session.get("https://shop.example/users/2")));
                assertEquals("""
                        Nothing answers GET https://shop.example/users/2. The nearest of the 3 entries of the HAR are
                          entries[0] GET https://shop.example/users/1
                          entries[2] POST https://shop.example/users
                          entries[1] GET https://other.example/""", missing.getMessage());
                var other = assertThrows(
                        AssertionError.class,
                        () -> ask(session.post("https://shop.example/users").text("b")));
                assertTrue(
                        other.getMessage()
                                .contains("\n  entries[2] POST https://shop.example/users with another body\n"),
                        other::getMessage);
                assertThrows(AssertionError.class, mock::assertAllUsed);
                mock.get("/users/2").respond(MockResponse.text("by a route"));
                assertTrue(ask(session.get("https://shop.example/users/2")).contains("by a route"));
            }
        });
    }

    @Test
    void aBodyIsTheSameHoweverItIsWritten() {
        var mock = MockTransport.ofHar(har(entry(
                        "POST",
                        "https://shop.example/json",
                        ", \"postData\": {\"mimeType\": \"application/json\", \"text\": \"{\\\"a\\\":1, \\\"b\\\":[2]}\"}",
                        "json")
                + ","
                + entry(
                        "POST",
                        "https://shop.example/form",
                        ", \"postData\": {\"mimeType\": \"application/x-www-form-urlencoded\","
                                + " \"params\": [{\"name\": \"q\", \"value\": \"a b\"}]}",
                        "form")
                + ","
                + entry("GET", "https://shop.example/?b=2&a=x%20y", "", "query")
                + ","
                + entry("POST", "https://shop.example/zip", ", \"postData\": {\"text\": \"long\"}", "zip")));
        run(() -> {
            try (var session = ClientSession.builder().transport(mock).build()) {
                var json = session.post("https://shop.example/json").json(Map.of("b", List.of(2), "a", 1));
                assertTrue(ask(json).endsWith(" json"));
                var form = session.post("https://shop.example/form").form(Map.of("q", "a b"));
                assertTrue(ask(form).endsWith(" form"));
                assertTrue(ask(session.get("https://shop.example/?a=x+y&b=2")).endsWith(" query"));
                var zipped =
                        session.post("https://shop.example/zip").text("long").compress("gzip");
                assertTrue(ask(zipped).endsWith(" zip"));
            }
        });
    }

    private String exported(String name) throws Exception {
        try (var in = HarFilesTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    /** Shaped like what the developer tools of Chrome and Firefox export. */
    @Test
    void filesOfBrowsers() throws Exception {
        for (var name : List.of("chrome.har", "firefox.har")) {
            var mock = MockTransport.ofHar(exported(name));
            run(() -> {
                try (var session = ClientSession.builder().transport(mock).build()) {
                    try (var response = await(session.get("https://shop.example/?page=1"))) {
                        assertEquals(200, response.status());
                        assertEquals("<p>h\u00e9</p>", await(response.text()));
                        assertNull(response.headers().get("Content-Encoding"));
                        assertEquals(2, response.cookies().size(), name);
                    }
                    try (var response = await(session.post("https://shop.example/api")
                            .header("Content-Type", "application/json")
                            .body(Payload.ofText("{\"id\":7}")))) {
                        assertEquals(Map.of("ok", true), await(response.json()));
                    }
                    try (var response = await(session.get("https://shop.example/logo.png"))) {
                        assertArrayEquals(PICTURE, await(response.read()));
                    }
                    assertThrows(
                            ClientConnectionException.class, () -> ask(session.get("https://tracker.example/pixel")));
                }
                mock.assertAllUsed();
            });
        }
    }

    @Test
    void malformedFilesAreRefusedWithThePlace() {
        var cases = List.of(
                List.of("{\"log\": ", "Not a HAR: malformed JSON, at line 1, column 9"),
                List.of("{}", "Not a HAR: log is missing"),
                List.of("[]", "Not a HAR: the file is not an object"),
                List.of("{\"log\": {\"entries\": {}}}", "Not a HAR: log.entries is not a list"),
                List.of(har("7"), "Not a HAR: log.entries[0] is not an object"),
                List.of(
                        har(entry("GET", "https://a.example/", "", "x") + ", {\"request\": {\"method\": \"GET\"}}"),
                        "Not a HAR: log.entries[1].request.url is missing"),
                List.of(
                        har(entry("GET", "https://a.example:s3cret/", "", "x")),
                        "Not a HAR: log.entries[0].request.url is not a URL"),
                List.of(
                        har(entry("GET", "https://a.example/", "", "x").replace("200", "\"s3cret\"")),
                        "Not a HAR: log.entries[0].response.status is not a whole number"),
                List.of(
                        har(entry("GET", "https://a.example/", "", "x").replace("200", "2000")),
                        "Not a HAR: log.entries[0].response.status is not a status"),
                List.of(
                        har(entry("GET", "https://a.example/", "", "s3cret!")
                                .replace("\"text\"", "\"encoding\": \"base64\", \"text\"")),
                        "Not a HAR: log.entries[0].response.content.text is not base64"),
                List.of(
                        har(entry("GET", "https://a.example/", "", "x")
                                .replace("\"headers\": []", "\"headers\": [{\"name\": \"A\"}]")),
                        "Not a HAR: log.entries[0].response.headers[0].value is missing"));
        for (var one : cases) {
            var refused = assertThrows(JsonDecodeException.class, () -> MockTransport.ofHar(one.get(0)));
            assertEquals(one.get(1), refused.getMessage());
        }
        // What is not HTTP is passed over.
        MockTransport.ofHar(har(
                        entry("GET", "wss://a.example/", "", "x") + "," + entry("GET", "data:text/plain,x", "", "x")))
                .assertAllUsed();
    }

    @Test
    void aFileThatIsNotThere() throws Exception {
        run(() -> {
            assertThrows(
                    java.nio.file.NoSuchFileException.class,
                    () -> await(MockTransport.loadHar(folder.resolve("none.har"))));
            var bad = Files.writeString(folder.resolve("bad.har"), "{");
            var refused = assertThrows(JsonDecodeException.class, () -> await(MockTransport.loadHar(bad)));
            assertTrue(refused.getMessage().startsWith("bad.har: Not a HAR: malformed JSON, at line 1"));
        });
    }

    /** The length of a HEAD is what many ask for. */
    @Test
    void aHeadKeepsItsLength() {
        var mock = MockTransport.ofHar(har("""
                {"request": {"method": "HEAD", "url": "https://shop.example/large"},
                 "response": {"status": 200, "headers": [{"name": "Content-Length", "value": "5000000000"}],
                  "content": {"size": 0, "mimeType": "x-unknown"}}}"""));
        run(() -> {
            try (var session = ClientSession.builder().transport(mock).build();
                    var response = await(session.head("https://shop.example/large"))) {
                assertEquals(5_000_000_000L, response.contentLength());
                assertEquals("", await(response.text()));
            }
        });
    }
}
