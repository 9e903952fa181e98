package asyncio.http;

import static asyncio.Asyncio.*;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.Asyncio;
import asyncio.TimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** httpbin, which tells what it was asked, on Python's waitress. */
@Timeout(240)
class HttpbinTest {

    @RegisterExtension
    static final RealServer httpbin = new RealServer(
            "httpbin",
            List.of(
                    RealServer.PYTHON,
                    "/usr/lib/python3/dist-packages/httpbin/__init__.py",
                    "/usr/lib/python3/dist-packages/waitress/__init__.py"),
            (folder, port) -> List.of(
                    RealServer.PYTHON, "-m", "waitress", "--listen=127.0.0.1:" + port, "--threads=16", "httpbin:app"));

    private static String url(String path) {
        return "http://localhost:" + httpbin.port() + "/" + path;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> json(ClientRequest request) {
        var response = await(request);
        assertEquals(200, response.status(), response::url);
        return (Map<String, Object>) await(response.json());
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Map<String, Object> json, String key) {
        return (Map<String, Object>) json.get(key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT", "PATCH", "DELETE"})
    void methods(String method) {
        run(() -> {
            try (var session = ClientSession.create()) {
                var seen =
                        json(session.request(method, url(method.toLowerCase())).param("a", "1"));
                assertEquals(Map.of("a", "1"), seen.get("args"));
                var anything = json(session.request(method, url("anything/x?b=%C3%BC")));
                assertEquals(method, anything.get("method"));
                assertEquals(Map.of("b", "ü"), anything.get("args"));
            }
        });
    }

    @Test
    void headAndOptions() {
        run(() -> {
            try (var session = ClientSession.create()) {
                var head = await(session.head(url("get")));
                assertEquals(200, head.status());
                assertEquals(0, await(head.read()).length);
                assertTrue(head.contentLength() > 0);
                var options = await(session.options(url("get")));
                assertTrue(options.headers().get("Allow").contains("GET"));
                assertEquals(405, await(session.post(url("get"))).status());
            }
        });
    }

    @Test
    void parameters() {
        run(() -> {
            try (var session = ClientSession.create()) {
                var seen = json(session.get(url("get"))
                        .param("list", "1")
                        .param("list", "2")
                        .param("text", "a b&c=d+e/ü?#"));
                assertEquals(Map.of("list", List.of("1", "2"), "text", "a b&c=d+e/ü?#"), seen.get("args"));
            }
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 204, 304, 400, 401, 403, 404, 405, 418, 429, 500, 502, 503, 504})
    void statusCodes(int status) {
        run(() -> {
            try (var session = ClientSession.create()) {
                var response = await(session.get(url("status/" + status)));
                assertEquals(status, response.status());
                assertEquals(status < 400, response.ok());
                await(response.read());
                if (status >= 400) {
                    var refused = assertThrows(ClientResponseException.class, response::raiseForStatus);
                    assertEquals(status, refused.status());
                    assertEquals(response.url(), refused.url());
                } else {
                    assertSame(response, response.raiseForStatus());
                }
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"redirect/", "relative-redirect/", "absolute-redirect/"})
    void redirects(String kind) {
        run(() -> {
            try (var session = ClientSession.create()) {
                for (int hops : new int[] {1, 5, 10}) {
                    var end = await(session.get(url(kind + hops)));
                    assertEquals(200, end.status());
                    assertEquals(hops, end.history().size());
                    assertEquals(url("get"), end.url());
                }
                var tooMany = assertThrows(TooManyRedirectsException.class, () -> await(session.get(url(kind + 11))));
                assertEquals(11, tooMany.history().size());
                assertEquals(302, tooMany.status());
                assertEquals(
                        200, await(session.get(url(kind + 11)).maxRedirects(11)).status());
                assertEquals(
                        302,
                        await(session.get(url(kind + 2)).allowRedirects(false)).status());
            }
        });
    }

    @Test
    void redirectsOfEachKindAfterAPost() {
        run(() -> {
            try (var session = ClientSession.create()) {
                for (int status : new int[] {301, 302, 303, 307, 308}) {
                    var to = session.post(url("redirect-to"))
                            .param("url", "/anything")
                            .param("status_code", "" + status)
                            .text("the body");
                    var seen = json(to);
                    boolean kept = status >= 307;
                    assertEquals(kept ? "POST" : "GET", seen.get("method"), "" + status);
                    assertEquals(kept ? "the body" : "", seen.get("data"), "" + status);
                    assertEquals(
                            kept ? "text/plain; charset=utf-8" : null,
                            map(seen, "headers").get("Content-Type"),
                            "" + status);
                    assertEquals(Map.of(), seen.get("args"), "" + status);
                }
            }
        });
    }

    @Test
    void redirectsToWhereNobodyCanGo() {
        run(() -> {
            try (var session = ClientSession.create()) {
                for (var target : List.of("ftp://localhost/", "file:///etc/passwd", "javascript:1")) {
                    var refused = assertThrows(
                            NonHttpUrlRedirectException.class,
                            () -> await(session.get(url("redirect-to")).param("url", target)),
                            target);
                    assertInstanceOf(RedirectException.class, refused);
                }
                assertThrows(
                        InvalidUrlRedirectException.class,
                        () -> await(session.get(url("redirect-to")).param("url", "http://:80/")));
            }
        });
    }

    @Test
    void secretsStayWithTheirOrigin() {
        run(() -> {
            try (var session = ClientSession.create()) {
                // The same server under another name is another origin.
                var other = httpbin.url() + "headers";
                var seen = map(
                        json(session.get(url("redirect-to"))
                                .param("url", other)
                                .header("Authorization", "Bearer secret")
                                .header("X-Other", "kept")
                                .cookie("c", "secret")),
                        "headers");
                assertNull(seen.get("Authorization"));
                assertNull(seen.get("Cookie"));
                assertEquals("kept", seen.get("X-Other"));
                var same = map(
                        json(session.get(url("redirect-to"))
                                .param("url", "/headers")
                                .header("Authorization", "Bearer secret")
                                .cookie("c", "secret")),
                        "headers");
                assertEquals("Bearer secret", same.get("Authorization"));
                assertEquals("c=secret", same.get("Cookie"));
            }
        });
    }

    @Test
    void cookies() {
        run(() -> {
            try (var session = ClientSession.create()) {
                assertEquals(Map.of(), json(session.get(url("cookies"))).get("cookies"));
                var set = json(session.get(url("cookies/set")).param("a", "1").param("b", "two words"));
                assertEquals(Map.of("a", "1", "b", "two words"), set.get("cookies"));
                var third = json(session.get(url("cookies/set/c/3")));
                assertEquals(Map.of("a", "1", "b", "two words", "c", "3"), third.get("cookies"));
                var own = json(session.get(url("cookies")).cookie("a", "mine"));
                assertEquals(Map.of("a", "mine", "b", "two words", "c", "3"), own.get("cookies"));
                var deleted =
                        json(session.get(url("cookies/delete")).param("a", "").param("c", ""));
                assertEquals(Map.of("b", "two words"), deleted.get("cookies"));
                assertEquals(
                        Map.of("b", "two words"),
                        json(session.get(url("cookies"))).get("cookies"));
                // They are localhost's.
                assertEquals(
                        Map.of(), json(session.get(httpbin.url() + "cookies")).get("cookies"));
            }
            try (var session = ClientSession.create()) {
                assertEquals(Map.of(), json(session.get(url("cookies"))).get("cookies"));
            }
        });
    }

    @Test
    void basicAuth() {
        run(() -> {
            try (var session = ClientSession.create()) {
                for (var path : List.of("basic-auth/user/pass%20word", "hidden-basic-auth/user/pass%20word")) {
                    var seen = json(session.get(url(path)).basicAuth("user", "pass word"));
                    assertEquals("user", seen.get("user"));
                    int refused = path.startsWith("hidden") ? 404 : 401;
                    assertEquals(
                            refused,
                            await(session.get(url(path)).basicAuth("user", "wrong"))
                                    .status());
                    var without = await(session.get(url(path)));
                    assertEquals(refused, without.status());
                    assertEquals(refused == 401, without.headers().contains("WWW-Authenticate"));
                }
                var byUrl = url("basic-auth/me/p%40ss").replace("http://", "http://me:p%40ss@");
                assertEquals("me", json(session.get(byUrl)).get("user"));
                assertEquals(
                        true, json(session.get(url("bearer")).bearerAuth("abc")).get("authenticated"));
                assertEquals(401, await(session.get(url("bearer"))).status());
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"auth/MD5", "auth/SHA-256", "auth/SHA-512", "auth-int/MD5", "auth-int/SHA-256"})
    void digestAuth(String kind) {
        var path = "digest-auth/" + kind.split("/")[0] + "/user/secret/" + kind.split("/")[1];
        run(() -> {
            try (var session = ClientSession.builder()
                    .middlewares(DigestAuthMiddleware.create("user", "secret"))
                    .build()) {
                for (int i = 0; i < 3; i++) {
                    assertEquals("user", json(session.get(url(path))).get("user"));
                }
            }
            try (var session = ClientSession.builder()
                    .middlewares(DigestAuthMiddleware.create("user", "wrong"))
                    .build()) {
                assertEquals(401, await(session.get(url(path))).status());
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip:gzipped", "deflate:deflated", "brotli:brotli"})
    void codings(String kind) {
        var path = kind.split(":")[0];
        var flag = kind.split(":")[1];
        run(() -> {
            try (var session = ClientSession.create()) {
                for (int i = 0; i < 2; i++) {
                    var response = await(session.get(url(path)).header("Accept-Encoding", "gzip, deflate, br"));
                    assertEquals(
                            path.equals("brotli") ? "br" : path,
                            response.headers().get("Content-Encoding"));
                    var seen = (Map<?, ?>) await(response.json());
                    assertEquals(true, seen.get(flag));
                }
                var raw = await(session.get(url(path)).autoDecompress(false));
                assertFalse(new String(await(raw.read()), StandardCharsets.ISO_8859_1).contains(flag));
            }
        });
    }

    @Test
    void streams() {
        run(() -> {
            try (var session = ClientSession.create()) {
                var response = await(session.get(url("stream/100")));
                int count = 0;
                for (var line : each(response.content().lines())) {
                    assertTrue(new String(line, StandardCharsets.UTF_8).contains("\"id\": " + count + "}"));
                    count++;
                }
                assertEquals(100, count);
                var bytes = await(session.get(url("stream-bytes/100000?seed=7&chunk_size=999")));
                var first = await(bytes.read());
                assertEquals(100_000, first.length);
                assertArrayEquals(
                        first,
                        await(await(session.get(url("stream-bytes/100000?seed=7&chunk_size=5000")))
                                .read()));
                var again = await(session.get(url("bytes/100000?seed=7")));
                assertEquals(100_000, again.contentLength());
                assertEquals(100_000, await(again.read()).length);
            }
        });
    }

    @Test
    void whatDripsComesInPortions() {
        run(() -> {
            try (var session = ClientSession.create()) {
                var response = await(session.get(url("drip?duration=0.5&numbytes=5&delay=0")));
                int portions = 0;
                int size = 0;
                for (var portion : each(response.content().iterAny())) {
                    portions++;
                    size += portion.length;
                }
                assertEquals(5, size);
                assertTrue(portions > 1, "portions: " + portions);
            }
        });
    }

    @Test
    void whatIsTooSlow() {
        run(() -> {
            try (var session = ClientSession.create()) {
                assertThrows(
                        TimeoutException.class,
                        () -> await(session.get(url("delay/5")).timeout(ofMillis(100))));
                var quiet = ClientTimeout.NONE.withSockRead(ofMillis(100));
                assertThrows(
                        SocketTimeoutException.class,
                        () -> await(session.get(url("delay/5")).timeout(quiet)));
                var late = await(
                        session.get(url("drip?duration=5&numbytes=2&delay=0")).timeout(ofMillis(500)));
                assertThrows(TimeoutException.class, () -> await(late.read()));
                var cancelled = createTask(async(() -> await(session.get(url("delay/5")))));
                await(sleep(ofMillis(50)));
                cancelled.cancel();
                assertThrows(asyncio.CancelledError.class, () -> await(cancelled));
                assertEquals(
                        200,
                        await(session.get(url("get")).timeout(ofSeconds(30))).status());
            }
        });
    }

    @Test
    void ranges() {
        run(() -> {
            try (var session = ClientSession.create()) {
                assertEquals(
                        "abcdefghijklmnopqrstuvwxyzabcd",
                        await(await(session.get(url("range/30"))).text()));
                var part = await(session.get(url("range/30")).header("Range", "bytes=10-14"));
                assertEquals(206, part.status());
                assertEquals("bytes 10-14/30", part.headers().get("Content-Range"));
                assertEquals("klmno", await(part.text()));
                assertEquals(
                        416,
                        await(session.get(url("range/30")).header("Range", "bytes=40-50"))
                                .status());
            }
        });
    }

    @Test
    void forms() {
        run(() -> {
            try (var session = ClientSession.create()) {
                var form = json(session.post(url("post")).form(Map.of("name", "ü & ö", "empty", "")));
                assertEquals(Map.of("name", "ü & ö", "empty", ""), form.get("form"));
                assertEquals(
                        "application/x-www-form-urlencoded",
                        map(form, "headers").get("Content-Type"));
                var several = json(session.post(url("post")).form(List.of(Map.entry("a", "1"), Map.entry("a", "2"))));
                assertEquals(Map.of("a", List.of("1", "2")), several.get("form"));
            }
        });
    }

    @Test
    void multipart() throws Exception {
        var file = Files.createTempFile("upload", ".txt");
        Files.writeString(file, "what is in the file: ü");
        try {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var parts = json(session.post(url("post"))
                            .multipart(data -> data.field("title", "T ü")
                                    .field("title", "again")
                                    .file("file", file)
                                    .bytes("blob", "b.bin", "some bytes".getBytes())));
                    assertEquals(Map.of("title", List.of("T ü", "again")), parts.get("form"));
                    assertEquals(Map.of("file", "what is in the file: ü", "blob", "some bytes"), parts.get("files"));
                    assertTrue(
                            map(parts, "headers").get("Content-Type").toString().startsWith("multipart/form-data"));
                }
            });
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void bodies() {
        run(() -> {
            try (var session = ClientSession.create()) {
                var value = Map.of("text", "ü", "list", List.of(1, 2.5, true), "none", "null");
                assertEquals(value, json(session.post(url("post")).json(value)).get("json"));
                assertEquals("täxt", json(session.put(url("put")).text("täxt")).get("data"));
                assertEquals(
                        "bytes",
                        json(session.patch(url("patch")).body("bytes".getBytes()))
                                .get("data"));
                var streamed = json(session.post(url("post")).stream(Asyncio.<byte[]>asyncGenerator(out -> {
                    for (int i = 0; i < 10; i++) {
                        out.yield(("part " + i + ";").getBytes());
                        await(sleep(ofMillis(1)));
                    }
                })));
                assertTrue(streamed.get("data").toString().endsWith("part 8;part 9;"));
                var none = json(session.post(url("post")));
                assertEquals("", none.get("data"));
                assertEquals("0", map(none, "headers").get("Content-Length"));
                var large = new byte[300_000];
                var echoed = json(session.post(url("post")).body(large));
                var data = echoed.get("data").toString();
                assertEquals(large.length, data.length());
            }
        });
    }

    @Test
    void headers() {
        run(() -> {
            try (var session = ClientSession.builder()
                    .header("X-Session", "s")
                    .header("X-Both", "session")
                    .build()) {
                var seen = map(
                        json(session.get(url("headers"))
                                .header("X-Both", "request")
                                .header("X-Latin", "caf\u00e9")
                                .header("X-Empty", "")),
                        "headers");
                assertEquals("s", seen.get("X-Session"));
                assertEquals("request", seen.get("X-Both"));
                assertEquals("", seen.get("X-Empty"));
                assertEquals("localhost:" + httpbin.port(), seen.get("Host"));
                assertEquals("*/*", seen.get("Accept"));
                var agent = json(session.get(url("user-agent")).header("User-Agent", "me/1.0"));
                assertEquals("me/1.0", agent.get("user-agent"));
                assertNotNull(json(session.get(url("user-agent"))).get("user-agent"));
                var back = await(session.get(url("response-headers"))
                        .param("X-Made", "up")
                        .param("X-Twice", "1")
                        .param("X-Twice", "2"));
                assertEquals("up", back.headers().get("x-made"));
                assertEquals(List.of("1", "2"), back.headers().getAll("X-Twice"));
                assertEquals("127.0.0.1", json(session.get(url("ip"))).get("origin"));
            }
        });
    }

    @Test
    void whatIsNotNewIsNotSent() {
        run(() -> {
            try (var session = ClientSession.create()) {
                var fresh = await(session.get(url("cache")));
                assertEquals(200, fresh.status());
                assertEquals(
                        304,
                        await(session.get(url("cache"))
                                        .header("If-None-Match", fresh.headers().get("ETag")))
                                .status());
                assertEquals(
                        "public, max-age=60",
                        await(session.get(url("cache/60"))).headers().get("Cache-Control"));
                for (var expected : Map.of(
                                "If-None-Match: \"x\"", 304,
                                "If-None-Match: *", 304,
                                "If-Match: \"y\"", 412,
                                "If-Match: \"x\"", 200)
                        .entrySet()) {
                    var header = expected.getKey().split(": ");
                    assertEquals(
                            expected.getValue(),
                            await(session.get(url("etag/x")).header(header[0], header[1]))
                                    .status(),
                            expected.getKey());
                }
            }
        });
    }

    @Test
    void texts() {
        run(() -> {
            try (var session = ClientSession.create()) {
                var robots = await(session.get(url("robots.txt")));
                assertEquals("text/plain", robots.contentType());
                assertEquals("User-agent: *\nDisallow: /deny\n", await(robots.text()));
                var utf8 = await(session.get(url("encoding/utf8")));
                assertEquals("utf-8", utf8.charset());
                await(utf8.text());
                var html = await(session.get(url("html")));
                assertTrue(await(html.text()).contains("Herman Melville"));
                var notJson = assertThrows(ContentTypeException.class, () -> await(html.json()));
                assertEquals(200, notJson.status());
                var png = await(session.get(url("image/png")));
                assertEquals("image/png", png.contentType());
                assertArrayEquals(
                        new byte[] {(byte) 0x89, 'P', 'N', 'G'},
                        await(png.content().readexactly(4)));
                var encoded = Base64.getUrlEncoder().encodeToString("Grüße".getBytes(StandardCharsets.UTF_8));
                assertEquals(
                        "Grüße",
                        await(await(session.get(url("base64/" + encoded))).text()));
                var links = await(session.get(url("links/3")));
                assertEquals(url("links/3/0"), links.url());
                assertEquals(2, await(links.text()).split("<a href=").length - 1);
            }
        });
    }

    @Test
    void manyAtOnce() {
        run(() -> {
            try (var session = ClientSession.builder().limit(20).build()) {
                var all = new ArrayList<asyncio.Coroutine<Object>>();
                for (int i = 0; i < 200; i++) {
                    var value = "" + i;
                    all.add(async(() ->
                            json(session.get(url("anything")).param("i", value)).get("args")));
                }
                int i = 0;
                for (var args : await(Asyncio.<Object>gather(all))) {
                    assertEquals(Map.of("i", "" + i++), args);
                }
            }
        });
    }
}
