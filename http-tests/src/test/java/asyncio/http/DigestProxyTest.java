package asyncio.http;

import static asyncio.Asyncio.*;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.internal.http.connect.TestCertificate;
import io.vertx.core.http.HttpServerOptions;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Digest with a proxy that checks the answers by the formula of RFC 7616, 3.4.1. */
@Timeout(240)
class DigestProxyTest {
    private static final Pattern PARAMETER = Pattern.compile("(\\w+)=(?:\"([^\"]*)\"|([^,\\s]+))");
    private static final TestCertificate CERTIFICATE = TestCertificate.Companion.of("ip:127.0.0.1");

    /** What the proxy has seen: the request line, and whether the answer was right. */
    private final List<String> seen = new CopyOnWriteArrayList<>();

    private final AtomicInteger nonces = new AtomicInteger();

    private static String sha256(String text) throws Exception {
        var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest);
    }

    private static Map<String, String> parameters(String header) {
        var parameters = new HashMap<String, String>();
        var matcher = PARAMETER.matcher(header);
        while (matcher.find()) {
            parameters.put(matcher.group(1), matcher.group(2) == null ? matcher.group(3) : matcher.group(2));
        }
        return parameters;
    }

    private String verdict(String head, String password) throws Exception {
        var header = RawServer.header(head, "Proxy-Authorization");
        if (header == null) {
            return "no answer";
        }
        assertTrue(header.startsWith("Digest "), header);
        var given = parameters(header);
        var line = head.split(" ");
        assertEquals(line[1], given.get("uri"), "the target of the request line");
        var ha1 = sha256("monty:squid:" + password);
        var ha2 = sha256(line[0] + ":" + line[1]);
        var expected = sha256(
                String.join(":", ha1, given.get("nonce"), given.get("nc"), given.get("cnonce"), given.get("qop"), ha2));
        if (!expected.equals(given.get("response")) || !"monty".equals(given.get("username"))) {
            return "wrong";
        }
        return given.get("nonce").equals("n" + nonces) ? "right " + given.get("nc") : "stale";
    }

    private String challenge(boolean stale) {
        return "HTTP/1.1 407 Who are you\r\nContent-Length: 3\r\nProxy-Authenticate: Basic realm=\"squid\"\r\n"
                + "Proxy-Authenticate: Digest realm=\"squid\", qop=\"auth\", algorithm=SHA-256, nonce=\"n"
                + nonces.incrementAndGet() + "\", opaque=\"o\"" + (stale ? ", stale=true" : "") + "\r\n\r\nwho";
    }

    private RawServer proxy(String password) throws Exception {
        return RawServer.start(connection -> {
            for (String head; (head = connection.readWhole()) != null; ) {
                assertNull(RawServer.header(head, "Authorization"), head);
                var verdict = verdict(head, password);
                seen.add(head.substring(0, head.indexOf(" HTTP/")).replaceAll("127.0.0.1:\\d+", "server") + " "
                        + verdict);
                if (!verdict.startsWith("right")) {
                    connection.send(challenge(verdict.equals("stale")));
                } else if (head.startsWith("CONNECT")) {
                    var port = head.split("[: ]")[2];
                    try (var target = new Socket("127.0.0.1", Integer.parseInt(port))) {
                        connection.send("HTTP/1.1 200 OK\r\n\r\n");
                        connection.relay(target);
                    }
                    return;
                } else {
                    connection.send(RawServer.ok("fine"));
                }
            }
        });
    }

    private static Proxy through(RawServer proxy, String password) {
        return Proxy.of("http://127.0.0.1:" + proxy.port()).withDigestAuth("monty", password);
    }

    @Test
    void plainRequests() throws Exception {
        try (var proxy = proxy("sp\u00e4m")) {
            run(() -> {
                try (var session = ClientSession.builder()
                        .proxy(through(proxy, "sp\u00e4m"))
                        .build()) {
                    for (var path : List.of("a?q=1", "b")) {
                        try (var response = await(session.get("http://server.example/" + path))) {
                            assertEquals("fine", await(response.text()));
                        }
                    }
                    try (var response =
                            await(session.post("http://server.example/c").text("body"))) {
                        assertEquals(200, response.status());
                    }
                }
            });
            assertEquals(1, proxy.connections());
        }
        assertEquals(
                List.of(
                        "GET http://server.example/a?q=1 no answer",
                        "GET http://server.example/a?q=1 right 00000001",
                        "GET http://server.example/b right 00000002",
                        "POST http://server.example/c right 00000003"),
                seen);
    }

    @Test
    void aNonceThatIsStale() throws Exception {
        try (var proxy = proxy("spam")) {
            run(() -> {
                try (var session =
                        ClientSession.builder().proxy(through(proxy, "spam")).build()) {
                    assertEquals(
                            200, await(session.get("http://server.example/")).status());
                    nonces.incrementAndGet();
                    assertEquals(
                            200, await(session.get("http://server.example/")).status());
                }
            });
        }
        assertEquals(
                List.of("no answer", "right 00000001", "stale", "right 00000001"),
                seen.stream().map(line -> line.split(" ", 3)[2]).toList());
    }

    @Test
    void aWrongPasswordIsTriedOnce() throws Exception {
        try (var proxy = proxy("spam");
                var secure = secure()) {
            run(() -> {
                try (var session =
                        ClientSession.builder().proxy(through(proxy, "eggs")).build()) {
                    try (var response = await(session.get("http://server.example/"))) {
                        assertEquals(407, response.status());
                        assertEquals("who", await(response.text()));
                    }
                    var refused = assertThrows(
                            ClientHttpProxyException.class,
                            () -> await(session.get("https://127.0.0.1:" + secure.port() + "/")));
                    assertEquals(407, refused.status());
                    assertFalse(refused.toString().contains("eggs"));
                }
            });
        }
        assertEquals(
                List.of(
                        "GET http://server.example/ no answer",
                        "GET http://server.example/ wrong",
                        "CONNECT server no answer",
                        "CONNECT server wrong"),
                seen);
    }

    private static TestServer secure() throws Exception {
        var options = new HttpServerOptions().setSsl(true).setUseAlpn(true).setKeyCertOptions(CERTIFICATE.forVertx());
        return TestServer.start(options, request -> request.response().end("" + request.version()));
    }

    @Test
    void tunnels() throws Exception {
        try (var proxy = proxy("spam");
                var secure = secure()) {
            var url = "https://127.0.0.1:" + secure.port() + "/";
            run(() -> {
                var tls = Tls.builder().trust(CERTIFICATE.getPem()).build();
                try (var session = ClientSession.builder()
                        .tls(tls)
                        .header("X-Key", "k")
                        .proxy(through(proxy, "spam"))
                        .build()) {
                    assertEquals("HTTP_2", await(await(session.get(url)).text()));
                    // Another connection answers from the start.
                    var other = Tls.builder().trust(CERTIFICATE.getPem()).build();
                    assertEquals(
                            "HTTP_2", await(await(session.get(url).tls(other)).text()));
                }
            });
        }
        assertEquals(
                List.of("CONNECT server no answer", "CONNECT server right 00000001", "CONNECT server right 00000002"),
                seen);
    }

    @Test
    void aBodyThatCanBeSentOnceGetsTheQuestion() throws Exception {
        try (var proxy = proxy("spam")) {
            run(() -> {
                try (var session =
                        ClientSession.builder().proxy(through(proxy, "spam")).build()) {
                    var once = session.post("http://server.example/").stream(
                            asyncGenerator(out -> out.yield("body".getBytes(StandardCharsets.UTF_8))));
                    assertEquals(407, await(once).status());
                    assertEquals(
                            200, await(session.get("http://server.example/")).status());
                }
            });
        }
        assertEquals(
                List.of("POST http://server.example/ no answer", "GET http://server.example/ right 00000001"), seen);
    }

    @Test
    void whatCannotBeAnswered() throws Exception {
        try (var proxy = RawServer.answering("HTTP/1.1 407 No\r\nContent-Length: 0\r\n"
                + "Proxy-Authenticate: Digest realm=\"r\", nonce=\"n\", algorithm=ROT13\r\n\r\n")) {
            run(() -> {
                try (var session =
                        ClientSession.builder().proxy(through(proxy, "spam")).build()) {
                    for (var url : List.of("http://server.example/", "https://server.example/")) {
                        var refused = assertThrows(ClientException.class, () -> await(session.get(url)));
                        assertEquals(
                                "http://127.0.0.1:" + proxy.port()
                                        + ": the proxy asks for Digest authentication with an"
                                        + " algorithm that is not known here: ROT13",
                                refused.getMessage());
                    }
                }
            });
        }
        assertThrows(
                IllegalArgumentException.class, () -> Proxy.of("socks5://a").withDigestAuth("u", "p"));
        assertThrows(IllegalArgumentException.class, () -> Proxy.of("http://a").withDigestAuth("u:v", "p"));
        assertNotEquals(
                Proxy.of("http://a").withAuth("u", "p"), Proxy.of("http://a").withDigestAuth("u", "p"));
        assertFalse(
                Proxy.of("http://a").withDigestAuth("u", "s3cret").toString().contains("s3cret"));
    }
}
