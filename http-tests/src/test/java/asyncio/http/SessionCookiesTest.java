package asyncio.http;

import static asyncio.Asyncio.*;
import static org.junit.jupiter.api.Assertions.*;

import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Cookies between sessions and servers. */
@Timeout(240)
class SessionCookiesTest {
    private final List<String> seen = new CopyOnWriteArrayList<>();

    /** Sets what the path says, and notes the Cookie headers. */
    private RawServer server() throws Exception {
        return RawServer.start(connection -> {
            for (String request; (request = connection.readRequest()) != null; ) {
                var cookies = request.lines()
                        .filter(line -> line.regionMatches(true, 0, "cookie: ", 0, 8))
                        .map(line -> line.substring(8))
                        .toList();
                seen.add(String.join(" AND ", cookies));
                var target = request.split(" ")[1];
                if (target.startsWith("/set")) {
                    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n"
                            + "Set-Cookie: host=1; Path=/\r\n"
                            + "set-cookie: domain=\"2 \\073\"; Domain=example.com; Path=/; HttpOnly\r\n"
                            + "Set-Cookie: foreign=3; Domain=other.com; Path=/\r\n"
                            + "Set-Cookie: suffix=4; Domain=com; Path=/\r\n"
                            + "Set-Cookie: secure=5; Secure; Path=/\r\n"
                            + "Set-Cookie: rubbish\r\n\r\n");
                } else if (target.startsWith("/to/")) {
                    connection.send("HTTP/1.1 302 Found\r\nContent-Length: 0\r\nSet-Cookie: hop=6; Path=/\r\nLocation: "
                            + "http://" + target.substring(4) + "\r\n\r\n");
                } else {
                    connection.send(RawServer.ok(""));
                }
            }
        });
    }

    /** All names lead to this machine. */
    private static Connector connector() {
        return Connector.builder()
                .resolver((host, port, family) -> async(() -> List.of(InetAddress.getByName("127.0.0.1"))))
                .build();
    }

    private void sent(ClientSession session, String url, String expected) {
        await(session.get(url)).close();
        assertEquals(expected, seen.get(seen.size() - 1), url);
    }

    @Test
    void cookiesGoWhereTheyBelong() throws Exception {
        try (var server = server()) {
            run(() -> {
                try (var session =
                        ClientSession.builder().connector(connector()).build()) {
                    var port = ":" + server.port() + "/";
                    var response = await(session.get("http://www.example.com" + port + "set"));
                    // What the response says is told as it is, what of it is kept is another matter.
                    assertEquals(
                            List.of("host", "domain", "foreign", "suffix", "secure"),
                            response.cookies().stream().map(Cookie::name).toList());
                    assertEquals("2 ;", response.cookies().get(1).value());
                    assertEquals(2, session.cookieJar().size());
                    sent(session, "http://www.example.com" + port, "host=1; domain=\"2 \\073\"");
                    sent(session, "http://example.com" + port, "domain=\"2 \\073\"");
                    sent(session, "http://sub.example.com" + port, "domain=\"2 \\073\"");
                    sent(session, "http://other.com" + port, "");
                    sent(session, "http://127.0.0.1" + port, "");
                }
            });
        }
    }

    @Test
    void redirectsSetAndSendCookiesAtEachHop() throws Exception {
        try (var server = server()) {
            run(() -> {
                try (var session =
                        ClientSession.builder().connector(connector()).build()) {
                    var port = ":" + server.port() + "/";
                    await(session.get("http://a.com" + port + "to/a.com" + port + "to/b.com" + port)
                                    .cookie("own", "x"))
                            .close();
                    assertEquals(List.of("own=x", "hop=6; own=x", ""), seen);
                    sent(session, "http://a.com" + port, "hop=6");
                    sent(session, "http://b.com" + port, "");
                }
            });
        }
    }

    @Test
    void allCookiesAreOneHeader() throws Exception {
        try (var server = server()) {
            run(() -> {
                try (var session = ClientSession.builder()
                        .connector(connector())
                        .baseUrl("http://example.com:" + server.port() + "/")
                        .cookie("session", "1")
                        .cookie("both", "session")
                        .header("Cookie", "default=1")
                        .build()) {
                    var request = session.get("x").cookie("both", "request").cookie("quoted", "a b;");
                    await(request).close();
                    assertEquals("default=1; session=1; both=request; quoted=\"a b\\073\"", seen.get(0));
                    await(session.get("x")
                                    .header("cookie", "mine=1; both=header")
                                    .header("Cookie", "mine=2"))
                            .close();
                    assertEquals("mine=1; mine=2; session=1; both=session", seen.get(1));
                    sent(session, "http://other.com:" + server.port() + "/", "default=1");
                }
            });
        }
    }

    @Test
    void sharedCookiesOnlyWhereAskedFor() throws Exception {
        try (var server = server()) {
            run(() -> {
                var jar = CookieJar.builder().unsafe(true).build();
                jar.updateSharedCookies(Map.of("all", "1"));
                jar.updateCookies(Map.of("one", "1"), URI.create(server.url()));
                try (var session = ClientSession.builder()
                        .connector(connector())
                        .cookieJar(jar)
                        .build()) {
                    sent(session, server.url(), "all=1; one=1");
                    sent(session, "http://other.com:" + server.port() + "/", "all=1");
                }
            });
        }
    }

    @Test
    void aJarThatKeepsNothing() throws Exception {
        try (var server = server()) {
            run(() -> {
                try (var session = ClientSession.builder()
                        .connector(connector())
                        .cookieJar(CookieJar.dummy())
                        .build()) {
                    var url = "http://www.example.com:" + server.port() + "/set";
                    sent(session, url, "");
                    sent(session, url, "");
                }
            });
        }
    }

    @Test
    void severalSessionsMayShareAJar() throws Exception {
        try (var server = server()) {
            var jar = CookieJar.create();
            var url = "http://www.example.com:" + server.port() + "/";
            for (int i = 0; i < 2; i++) {
                // Each one in a loop of its own.
                run(() -> {
                    try (var session = ClientSession.builder()
                            .connector(connector())
                            .cookieJar(jar)
                            .build()) {
                        await(session.get(url + "set")).close();
                    }
                });
            }
            assertEquals(List.of("", "host=1; domain=\"2 \\073\""), seen);
        }
    }
}
