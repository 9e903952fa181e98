package asyncio.http;

import static asyncio.Asyncio.*;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.AsyncGenerator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a redirect keeps and what it drops. */
@Timeout(240)
class RedirectTest {
    /** Requests as servers got them. */
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());

    /** Answers a request for {@code /from} with this redirect, and any other one with 200. */
    private RawServer redirecting(int status, String location) throws Exception {
        return server(request -> request.contains(" /from")
                ? "HTTP/1.1 " + status + " Moved\r\nLocation: " + location + "\r\nContent-Length: 4\r\n\r\ngone"
                : RawServer.ok("here"));
    }

    private RawServer server(UnaryOperator<String> answer) throws Exception {
        return RawServer.start(connection -> {
            for (String request; (request = connection.readWhole()) != null; ) {
                requests.add(request);
                connection.send(answer.apply(request));
            }
        });
    }

    private String line(int index) {
        return requests.get(index).split("\r\n")[0];
    }

    private String header(int index, String name) {
        return RawServer.header(requests.get(index), name);
    }

    private String body(int index) {
        return requests.get(index).split("\r\n\r\n", 2)[1];
    }

    /** aiohttp: test_creds_in_auth_and_redirect_url. */
    @Test
    void theCredentialsOfALocationCountMoreThanOthers() throws Exception {
        try (var server = server(request -> request.contains(" /from")
                ? "HTTP/1.1 302 Moved\r\nLocation: http://other:word@" + RawServer.header(request, "Host")
                        + "/to\r\nContent-Length: 0\r\n\r\n"
                : RawServer.ok("here"))) {
            run(() -> {
                try (var session = ClientSession.create();
                        var ofSession = ClientSession.builder()
                                .header("Authorization", "Bearer session")
                                .build()) {
                    for (var request : List.of(
                            session.get(server.url() + "from").header("Authorization", "Bearer own"),
                            session.get(server.url() + "from").basicAuth("me", "mine"),
                            session.get(server.url().replace("//", "//me:mine@") + "from"),
                            ofSession.get(server.url() + "from"))) {
                        requests.clear();
                        var response = await(request);
                        response.close();
                        // A Location that names a user is not shown whole.
                        var moved = response.history().get(0);
                        assertFalse(
                                (moved.headers().toString() + moved).contains("word"),
                                () -> moved.headers().toString());
                        assertTrue(moved.headers().get("Location").contains("other:word@"));
                        assertEquals(new BasicAuth("other", "word").encode(), header(1, "Authorization"));
                    }
                    requests.clear();
                    await(session.get(server.url().replace("//", "//me:mine@") + "to"))
                            .close();
                    assertEquals(new BasicAuth("me", "mine").encode(), header(0, "Authorization"));
                }
            });
        }
    }

    /** As curl does it; aiohttp sends it on. */
    @Test
    void aHostHeaderStaysAtItsHost() throws Exception {
        try (var other = server(request -> RawServer.ok("other"));
                var server = server(request -> request.contains(" /away")
                        ? "HTTP/1.1 302 Moved\r\nLocation: " + other.url() + "\r\nContent-Length: 0\r\n\r\n"
                        : request.contains(" /from")
                                ? "HTTP/1.1 302 Moved\r\nLocation: /to\r\nContent-Length: 0\r\n\r\n"
                                : RawServer.ok("here"))) {
            run(() -> {
                try (var session = ClientSession.create();
                        var ofSession = ClientSession.builder()
                                .header("Host", "virtual.example")
                                .build()) {
                    for (var away : List.of(
                            session.get(server.url() + "away").header("Host", "virtual.example"),
                            ofSession.get(server.url() + "away"))) {
                        requests.clear();
                        await(away).close();
                        assertEquals("virtual.example", header(0, "Host"));
                        assertEquals("127.0.0.1:" + other.port(), header(1, "Host"));
                    }
                    requests.clear();
                    await(session.get(server.url() + "from").header("Host", "virtual.example"))
                            .close();
                    assertEquals("virtual.example", header(1, "Host"));
                }
            });
        }
    }

    /** aiohttp: the request that the program has made. */
    @Test
    void tooManyRedirectsTellOfTheFirstRequest() throws Exception {
        try (var server = server(request ->
                "HTTP/1.1 302 Moved\r\nLocation: " + request.split(" ")[1] + "x\r\nContent-Length: 0\r\n\r\n")) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var endless = assertThrows(
                            TooManyRedirectsException.class,
                            () -> await(session.get(server.url() + "loop").maxRedirects(2)));
                    assertEquals(server.url() + "loop", endless.requestInfo().url());
                    assertTrue(endless.getMessage().contains(server.url() + "loop"), endless::getMessage);
                    assertEquals(3, endless.history().size());
                }
            });
        }
    }

    @ParameterizedTest
    @CsvSource({
        "301, GET, GET", "302, GET, GET", "303, GET, GET", "307, GET, GET", "308, GET, GET",
        "301, POST, GET", "302, POST, GET", "303, POST, GET", "307, POST, POST", "308, POST, POST",
        "301, PUT, PUT", "302, PUT, PUT", "303, PUT, GET", "307, PUT, PUT", "308, DELETE, DELETE",
    })
    void keepsOrChangesTheMethod(int status, String method, String then) throws Exception {
        try (var server = redirecting(status, "/to")) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var request = session.request(method, server.url() + "from");
                    if (!method.equals("GET")) {
                        request.text("the body");
                    }
                    try (var response = await(request)) {
                        assertEquals("here", await(response.text()));
                        assertEquals(then, response.method());
                        assertEquals(server.url() + "to", response.url());
                        assertEquals(1, response.history().size());
                        assertEquals(status, response.history().get(0).status());
                    }
                }
            });
            assertEquals(then + " /to HTTP/1.1", line(1));
            boolean keeps = then.equals(method) && !method.equals("GET");
            assertEquals(keeps ? "the body" : "", body(1));
            assertEquals(keeps ? "8" : null, header(1, "content-length"));
            assertEquals(keeps ? "text/plain; charset=utf-8" : null, header(1, "content-type"));
            assertEquals(1, server.connections());
        }
    }

    @Test
    void aHeadStaysAHead() throws Exception {
        try (var server = RawServer.start(connection -> {
            for (String request; (request = connection.readRequest()) != null; ) {
                requests.add(request);
                connection.send(
                        request.contains("/from")
                                ? "HTTP/1.1 303 See Other\r\nLocation: /to\r\nContent-Length: 4\r\n\r\n"
                                : "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n");
            }
        })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    assertEquals(303, await(session.head(server.url() + "from")).status());
                    var followed = await(session.head(server.url() + "from").allowRedirects(true));
                    assertEquals(200, followed.status());
                    assertEquals("HEAD /to HTTP/1.1", line(2));
                }
            });
        }
    }

    @Test
    void aContentTypeOfTheUserStays() throws Exception {
        try (var server = redirecting(302, "/to")) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    await(session.post(server.url() + "from")
                            .header("Content-Type", "text/x-mine")
                            .body("x".getBytes()));
                }
            });
            assertEquals("text/x-mine", header(1, "content-type"));
        }
    }

    @Test
    void aBodyThatCanBeSentOnceIsNotSentAgain() throws Exception {
        try (var server = redirecting(307, "/to")) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    AsyncGenerator<byte[]> body = asyncGenerator(out -> out.yield("once".getBytes()));
                    var raised = assertThrows(
                            ClientPayloadException.class,
                            () -> await(session.post(server.url() + "from").stream(body)));
                    assertTrue(raised.getMessage().contains("only once"), raised.getMessage());
                    assertEquals(1, requests.size());
                }
            });
        }
    }

    @Test
    void countsRedirects() throws Exception {
        try (var server = server(request -> "HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Length: 0\r\n\r\n")) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var raised = assertThrows(
                            TooManyRedirectsException.class,
                            () -> await(session.get(server.url()).maxRedirects(3)));
                    assertEquals(4, raised.history().size());
                    assertEquals(4, requests.size());
                    requests.clear();
                    assertThrows(TooManyRedirectsException.class, () -> await(session.get(server.url())));
                    assertEquals(11, requests.size());
                    assertEquals(
                            302,
                            await(session.get(server.url()).allowRedirects(false))
                                    .status());
                    assertThrows(
                            TooManyRedirectsException.class,
                            () -> await(session.get(server.url()).maxRedirects(0)));
                }
            });
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/to, /to",
        "to?a=b, /to?a=b",
        "../x, /x",
        "?only=query, /from/here?only=query",
        "#frag, /from/here?old=1",
    })
    void resolvesRelativeTargets(String location, String target) throws Exception {
        try (var server = server(request -> requests.size() == 1
                ? "HTTP/1.1 302 Found\r\nLocation: " + location + "\r\nContent-Length: 0\r\n\r\n"
                : RawServer.ok(""))) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    await(session.get(server.url() + "from/here?old=1"));
                }
            });
            assertEquals(
                    "GET " + target.replace("/to", location.startsWith("to") ? "/from/to" : "/to") + " HTTP/1.1",
                    line(1));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Location:\r\n", "Location: \r\nURI:\r\n"})
    void takesAResponseWithoutTargetAsItIs(String targets) throws Exception {
        try (var server = RawServer.answering("HTTP/1.1 302 Found\r\n" + targets + "Content-Length: 2\r\n\r\nhm")) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    assertEquals("hm", await(await(session.get(server.url())).text()));
                }
            });
        }
    }

    @Test
    void dropsParamsAndKeepsTheFragment() throws Exception {
        try (var server = redirecting(302, "/to")) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var response = await(session.get(server.url() + "from#part").param("a", "b"));
                    assertEquals(server.url() + "to#part", response.realUrl());
                }
            });
            assertEquals("GET /from?a=b HTTP/1.1", line(0));
            assertEquals("GET /to HTTP/1.1", line(1));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://", "http://[::1", "http://host:99999/", "//", "http://2130706433/"})
    void refusesTargetsThatAreNoUrls(String location) throws Exception {
        try (var server = redirecting(302, location)) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var raised = assertThrows(
                            InvalidUrlRedirectException.class, () -> await(session.get(server.url() + "from")));
                    assertInstanceOf(RedirectException.class, raised);
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ftp://example.com/", "file:///etc/passwd", "javascript:alert(1)", "data:,x", "ws://example.com/"
            })
    void refusesOtherProtocols(String location) throws Exception {
        try (var server = redirecting(302, location)) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    assertThrows(NonHttpUrlRedirectException.class, () -> await(session.get(server.url() + "from")));
                }
            });
        }
    }

    @Test
    void secretsStayAtTheirOrigin() throws Exception {
        try (var other = server(request -> RawServer.ok("other"));
                var server = redirecting(302, other.url() + "to")) {
            run(() -> {
                try (var session = ClientSession.builder()
                        .header("Authorization", "Bearer session")
                        .header("X-Api-Key", "key")
                        .header("X-Mine", "secret too")
                        .header("X-Trace", "harmless")
                        .secretHeaders("X-Mine")
                        .build()) {
                    await(session.get(server.url() + "from")
                            .header("Proxy-Authorization", "p")
                            .header("Cookie", "a=1")
                            .cookie("b", "2"));
                }
            });
            assertEquals("Bearer session", header(0, "authorization"));
            assertEquals("key", header(0, "x-api-key"));
            assertEquals("a=1; b=2", header(0, "cookie"));
            for (var name : List.of("authorization", "x-api-key", "x-mine", "proxy-authorization", "cookie")) {
                assertNull(header(1, name), name);
            }
            assertEquals("harmless", header(1, "x-trace"));
        }
    }

    @Test
    void passwordsStayAtTheirOrigin() throws Exception {
        try (var other = redirecting(302, "/back");
                var server = redirecting(302, other.url() + "to")) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    await(session.get(server.url() + "from").basicAuth("me", "pw"));
                    var withUser = server.url().replace("http://", "http://me:pw@");
                    await(session.get(withUser + "from"));
                }
                try (var session = ClientSession.builder().basicAuth("me", "pw").build()) {
                    await(session.get(server.url() + "from"));
                }
                try (var session = ClientSession.builder()
                        .basicAuth("me", "pw")
                        .baseUrl(other.url())
                        .build()) {
                    await(session.get(server.url() + "from"));
                }
            });
            for (int i = 0; i < 6; i += 2) {
                assertEquals("Basic bWU6cHc=", header(i, "authorization"));
                assertNull(header(i + 1, "authorization"));
            }
            assertNull(header(6, "authorization"));
            assertEquals("Basic bWU6cHc=", header(7, "authorization"));
        }
    }

    @Test
    void passwordsGoAlongWithinTheOrigin() throws Exception {
        try (var server = redirecting(302, "/to")) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    await(session.get(server.url() + "from").basicAuth("me", "pw"));
                    await(session.get(server.url().replace("http://", "http://me:pw@") + "from"));
                    await(session.get(server.url() + "from").bearerAuth("t"));
                }
            });
            assertEquals("Basic bWU6cHc=", header(1, "authorization"));
            assertEquals("Basic bWU6cHc=", header(3, "authorization"));
            assertEquals("Bearer t", header(5, "authorization"));
        }
    }

    @Test
    void credentialsOfTheTargetAreUsed() throws Exception {
        try (var server = server(request -> request.contains("/from")
                ? "HTTP/1.1 302 Found\r\nLocation: http://you:there@" + RawServer.header(request, "host")
                        + "/to\r\nContent-Length: 0\r\n\r\n"
                : RawServer.ok(""))) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    await(session.get(server.url() + "from").basicAuth("me", "pw"));
                }
            });
            assertEquals("Basic eW91OnRoZXJl", header(1, "authorization"));
        }
    }

    @Test
    void eachHopHasItsCookies() throws Exception {
        try (var server = server(request -> request.contains("/from")
                ? "HTTP/1.1 302 Found\r\nLocation: /to\r\nSet-Cookie: seen=1\r\nContent-Length: 0\r\n\r\n"
                : RawServer.ok(""))) {
            run(() -> {
                try (var session = ClientSession.builder()
                        .cookieJar(CookieJar.builder().unsafe(true).build())
                        .build()) {
                    var response = await(session.get(server.url() + "from"));
                    assertEquals(List.of(), response.cookies());
                    assertEquals(
                            "seen", response.history().get(0).cookies().get(0).name());
                }
            });
            assertNull(header(0, "cookie"));
            assertEquals("seen=1", header(1, "cookie"));
        }
    }
}
