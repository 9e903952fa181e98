package asyncio.http;

import static asyncio.Asyncio.*;
import static org.junit.jupiter.api.Assertions.*;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Text outside of Latin-1 in headers goes out in UTF-8, as aiohttp sends it; what a server has set goes back as it
 * came.
 */
@Timeout(240)
class HeaderBytesTest {
    @TempDir
    Path directory;

    private final LinkedBlockingQueue<String> requests = new LinkedBlockingQueue<>();

    /** A char for each byte, as it is on the wire. */
    private static String wire(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private RawServer server(String... headers) throws Exception {
        return RawServer.start(connection -> {
            for (String request; (request = connection.readWhole()) != null; ) {
                requests.add(request);
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n" + String.join("", headers) + "\r\n");
            }
        });
    }

    private String sent(String name) {
        return RawServer.header(requests.remove(), name);
    }

    @Test
    void whatTheSessionAddsIsUtf8() throws Exception {
        try (var server = server()) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    await(session.get(server.url()).cookie("n", "한국")).close();
                    assertEquals(wire("n=\"한국\""), sent("Cookie"));
                    await(session.get(server.url()).header("Cookie", "n=한국")).close();
                    assertEquals(wire("n=한국"), sent("Cookie"));
                    await(session.get(server.url()).header("Cookie", "n=한국").cookie("m", "é"))
                            .close();
                    assertEquals(wire("n=한국; m=\"\\351\""), sent("Cookie"));
                    await(session.get(server.url()).bearerAuth("한국é")).close();
                    assertEquals(wire("Bearer 한국é"), sent("Authorization"));
                    await(session.post(server.url()).body(Payload.ofText("x").withContentType("text/plain; name=한국é")))
                            .close();
                    assertEquals(wire("text/plain; name=한국é"), sent("Content-Type"));
                    await(session.post(server.url()).body(Payload.ofText("x").withHeader("X-Of-Body", "한국é")))
                            .close();
                    assertEquals(wire("한국é"), sent("X-Of-Body"));
                    await(session.get(server.url()).header("X-Own", "한국é")).close();
                    assertEquals(wire("한국é"), sent("X-Own"));
                }
                try (var session = ClientSession.builder()
                        .baseUrl(server.url())
                        .header("X-Session", "한국é")
                        .cookieJar(CookieJar.builder().unsafe(true).build())
                        .cookie("c", "한국")
                        .build()) {
                    await(session.get("/")).close();
                    var request = requests.remove();
                    assertEquals(wire("한국é"), RawServer.header(request, "X-Session"));
                    assertEquals(wire("c=\"한국\""), RawServer.header(request, "Cookie"));
                }
                ClientMiddleware seen = (request, next) -> {
                    assertEquals("Bearer 한국é", request.headers().get("Authorization"));
                    request.headers().set("X-Seen", request.headers().get("Authorization"));
                    return await(next.handle(request));
                };
                try (var session = ClientSession.builder().middlewares(seen).build()) {
                    await(session.get(server.url()).bearerAuth("한국é")).close();
                    var request = requests.remove();
                    assertEquals(wire("Bearer 한국é"), RawServer.header(request, "Authorization"));
                    assertEquals(wire("Bearer 한국é"), RawServer.header(request, "X-Seen"));
                }
            });
        }
    }

    @Test
    void theCookiesOfAServerGoBackAsTheyCame() throws Exception {
        // UTF-8, Latin-1, and a mixture of both.
        var utf8 = "s=" + wire("한국é");
        var latin1 = "l=\u00e9t\u00e9";
        var mixed = "m=\"" + wire("한") + "\u00e9\"";
        try (var server = server(
                "Set-Cookie: " + utf8 + "\r\n", "Set-Cookie: " + latin1 + "\r\n", "Set-Cookie: " + mixed + "\r\n")) {
            var file = directory.resolve("jar.json");
            run(() -> {
                var jar = CookieJar.builder().unsafe(true).build();
                try (var session = ClientSession.builder().cookieJar(jar).build()) {
                    var response = await(session.get(server.url()));
                    assertEquals("한국é", response.cookies().get(0).value());
                    assertEquals("été", response.cookies().get(1).value());
                    response.close();
                    await(session.get(server.url())).close();
                    requests.remove();
                    assertEquals(utf8 + "; " + latin1 + "; " + mixed, sent("Cookie"));
                    await(session.get(server.url()).cookie("n", "한")).close();
                    assertEquals(utf8 + "; " + latin1 + "; " + mixed + "; n=\"" + wire("한") + "\"", sent("Cookie"));
                }
                await(jar.save(file));
                var other = CookieJar.builder().unsafe(true).build();
                await(other.load(file));
                assertEquals(List.copyOf(values(jar, server)), values(other, server));
                try (var session = ClientSession.builder().cookieJar(other).build()) {
                    await(session.get(server.url())).close();
                    assertEquals(utf8 + "; " + latin1 + "; " + mixed, sent("Cookie"));
                }
            });
        }
    }

    private static List<Cookie> values(CookieJar jar, RawServer server) {
        return jar.filterCookies(URI.create(server.url()));
    }

    @Test
    void aProxyGetsUtf8Too() throws Exception {
        try (var server = server()) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var proxy = Proxy.of(server.url()).withHeader("X-For-Proxy", "é");
                    await(session.get("http://target.example/").proxy(proxy)).close();
                    assertEquals(wire("é"), sent("X-For-Proxy"));
                }
            });
        }
    }
}
