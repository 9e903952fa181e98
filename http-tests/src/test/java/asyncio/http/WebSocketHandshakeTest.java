package asyncio.http;

import static asyncio.Asyncio.*;
import static asyncio.http.RawWebSocket.*;
import static org.junit.jupiter.api.Assertions.*;

import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How a WebSocket is asked for, and what is no answer to that. */
@Timeout(240)
class WebSocketHandshakeTest {

    interface Answer {
        String to(String request);
    }

    private static String good(String request, String upgrade, String connection, String... more) {
        return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: " + upgrade + "\r\nConnection: " + connection
                + "\r\nSec-WebSocket-Accept: " + answerTo(request) + "\r\n"
                + String.join("", more) + "\r\n";
    }

    @Test
    void whatIsAsked() throws Exception {
        var requests = new LinkedBlockingQueue<String>();
        try (var server = RawWebSocket.serving(
                peer -> {
                    requests.add(peer.request);
                    peer.awaitClose();
                },
                "Sec-WebSocket-Protocol: v2")) {
            run(() -> {
                try (var session = ClientSession.builder()
                        .header("X-Session", "s")
                        .baseUrl(server.url())
                        .build()) {
                    var ws = await(session.wsConnect("chat?room=1")
                            .protocols("v3", "v2", "v1")
                            .header("X-Own", "ö")
                            .param("a b", "c&d")
                            .origin("https://example.com")
                            .compress(10));
                    assertEquals("v2", ws.protocol());
                    assertEquals(0, ws.compress());
                    assertFalse(ws.clientNotakeover());
                    await(ws.close());
                    // RFC 6455, 4.1: the client must fail the connection. aiohttp takes it.
                    var unasked = assertThrows(
                            WSServerHandshakeException.class,
                            () -> await(session.wsConnect(server.url().replace("http:", "WS:"))));
                    assertTrue(
                            unasked.getMessage().contains("Invalid subprotocol: v2, which was not asked for"),
                            unasked::getMessage);
                }
            });
            var request = requests.remove();
            assertTrue(request.startsWith("GET /chat?room=1&a%20b=c%26d HTTP/1.1\r\n"), request);
            assertEquals("127.0.0.1:" + server.port(), header(request, "Host"));
            assertEquals("websocket", header(request, "Upgrade"));
            assertEquals("Upgrade", header(request, "Connection"));
            assertEquals("13", header(request, "Sec-WebSocket-Version"));
            assertEquals("v3, v2, v1", header(request, "Sec-WebSocket-Protocol"));
            assertEquals("https://example.com", header(request, "Origin"));
            assertEquals("s", header(request, "X-Session"));
            assertEquals(
                    "permessage-deflate; client_max_window_bits; server_max_window_bits=10",
                    header(request, "Sec-WebSocket-Extensions"));
            assertEquals(16, Base64.getDecoder().decode(header(request, "Sec-WebSocket-Key")).length);
            var other = requests.take();
            assertNull(header(other, "Sec-WebSocket-Protocol"));
            assertNull(header(other, "Sec-WebSocket-Extensions"));
            assertNull(header(other, "Origin"));
            assertNotEquals(header(request, "Sec-WebSocket-Key"), header(other, "Sec-WebSocket-Key"));
        }
    }

    @Test
    void answersThatAreWrittenInOtherWays() throws Exception {
        for (Answer answer : List.<Answer>of(
                request -> good(request, "WebSocket", "upgrade"),
                request -> good(request, "websocket", "keep-alive, Upgrade"),
                request -> good(request, "websocket", "Upgrade,keep-alive"),
                request -> good(request, "h2c, websocket", "x\r\nConnection: UPGRADE"),
                request -> good(request, "websocket", "Upgrade", "Sec-WebSocket-Extensions:\r\n"))) {
            try (var server = RawServer.start(connection -> {
                connection.send(answer.to(connection.readRequest()));
                connection.awaitClosedByClient();
            })) {
                run(() -> {
                    try (var session = ClientSession.create()) {
                        assertFalse(await(session.wsConnect(server.url())).closed());
                    }
                });
            }
        }
    }

    @Test
    void answersThatAreNone() throws Exception {
        record Case(String why, int status, Answer answer) {}
        for (var each : List.of(
                new Case("Invalid response status", 200, request -> RawServer.ok("hello")),
                new Case(
                        "Invalid response status",
                        403,
                        request -> "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\nX-Why: y\r\n\r\nno"),
                new Case("Invalid response status", 500, request -> "HTTP/1.1 500 Oh\r\n\r\n"),
                new Case("Invalid upgrade header", 101, request -> good(request, "h2c", "Upgrade")),
                new Case("Invalid upgrade header", 101, request -> good(request, "websocket2", "Upgrade")),
                new Case(
                        "Invalid connection header",
                        101,
                        request -> good(request, "websocket", "keep-alive, Upgraded")),
                new Case("Invalid connection header", 101, request -> good(request, "websocket", "close")),
                new Case(
                        "Invalid challenge response",
                        101,
                        request -> good("Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", "websocket", "Upgrade")),
                new Case(
                        "Invalid challenge response",
                        101,
                        request -> "HTTP/1.1 101 OK\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"),
                new Case(
                        "Invalid extensions: the server agrees to an extension that was not offered",
                        101,
                        request -> good(
                                request,
                                "websocket",
                                "Upgrade",
                                "Sec-WebSocket-Extensions: permessage-deflate\r\n")))) {
            var gone = new CountDownLatch(1);
            try (var server = RawServer.start(connection -> {
                connection.send(each.answer.to(connection.readRequest()));
                connection.awaitClosedByClient();
                gone.countDown();
            })) {
                run(() -> {
                    try (var session = ClientSession.create()) {
                        var failure = assertThrows(
                                WSServerHandshakeException.class, () -> await(session.wsConnect(server.url())));
                        assertEquals(each.why, failure.reason());
                        assertEquals(each.status, failure.status());
                        assertEquals(server.url(), failure.url());
                        if (each.status == 403) {
                            assertEquals("y", failure.headers().get("X-Why"));
                        } else if (each.status == 101) {
                            await(toThread(() -> RawServer.await(gone)));
                        }
                    }
                });
            }
        }
    }

    @Test
    void compressionThatWasAgreedUponBadly() throws Exception {
        for (var extension : List.of(
                "permessage-deflate; server_max_window_bits=11",
                "permessage-deflate; client_max_window_bits=7",
                "permessage-deflate; mystery",
                "permessage-deflate, permessage-deflate",
                "bbf-usp-protocol")) {
            try (var server = RawWebSocket.serving(
                    peer -> peer.connection.awaitClosedByClient(), "Sec-WebSocket-Extensions: " + extension)) {
                run(() -> {
                    try (var session = ClientSession.create()) {
                        var failure = assertThrows(
                                WSServerHandshakeException.class,
                                () -> await(session.wsConnect(server.url()).compress(10)));
                        assertTrue(failure.reason().startsWith("Invalid extensions"), failure.reason());
                    }
                });
            }
        }
    }

    /** The example of RFC 7692, 7.2.3.1: what "Hello" looks like; a repetition is shorter if the context is kept. */
    @Test
    void compressedMessages() throws Exception {
        var frames = new LinkedBlockingQueue<Frame>();
        var hello = new byte[] {(byte) 0xF2, 0x48, (byte) 0xCD, (byte) 0xC9, (byte) 0xC9, 0x07, 0x00};
        for (boolean keeps : new boolean[] {true, false}) {
            try (var server = RawWebSocket.serving(
                    peer -> {
                        peer.send(frame(FIN | RSV1 | TEXT, hello));
                        for (int i = 0; i < 5; i++) {
                            frames.add(peer.read());
                        }
                        peer.awaitClose();
                    },
                    "Sec-WebSocket-Extensions: permessage-deflate" + (keeps ? "" : "; client_no_context_takeover"))) {
                run(() -> {
                    try (var session = ClientSession.create()) {
                        var ws = await(session.wsConnect(server.url()).compress(true));
                        assertEquals(15, ws.compress());
                        assertEquals(!keeps, ws.clientNotakeover());
                        assertEquals("Hello", await(ws.receiveStr()));
                        await(ws.sendStr("Hello"));
                        await(ws.sendStr("Hello", false));
                        await(ws.sendStr("Hello", true));
                        await(ws.sendStr(""));
                        await(ws.ping(new byte[] {1}));
                        await(ws.close());
                    }
                });
                var first = frames.remove();
                assertEquals(FIN | RSV1 | TEXT, first.first());
                assertArrayEquals(hello, first.payload());
                var plain = frames.remove();
                assertEquals(FIN | TEXT, plain.first());
                assertEquals("Hello", plain.text());
                var again = frames.remove();
                assertEquals(FIN | RSV1 | TEXT, again.first());
                assertEquals(keeps ? 5 : 7, again.payload().length);
                assertEquals(0, frames.remove().payload().length);
                assertEquals(FIN | PING, frames.remove().first());
            }
        }
    }

    /** It is a request like others: redirects, cookies and middlewares work; the place in the pool is given back. */
    @Test
    void itIsARequestLikeOthers() throws Exception {
        var requests = new LinkedBlockingQueue<String>();
        try (var server = RawServer.start(connection -> {
            var request = connection.readRequest();
            requests.add(request);
            if (request.startsWith("GET /old ")) {
                connection.send("HTTP/1.1 302 Found\r\nLocation: /new\r\nSet-Cookie: a=1\r\nContent-Length: 0\r\n\r\n");
                request = connection.readRequest();
                requests.add(request);
            }
            connection.send(good(request, "websocket", "Upgrade", "Set-Cookie: b=2\r\n"));
            connection.awaitClosedByClient();
        })) {
            run(() -> {
                ClientMiddleware middleware = (request, next) -> {
                    request.headers().set("X-Middleware", "was here");
                    return await(next.handle(request));
                };
                try (var session = ClientSession.builder()
                        .cookieJar(CookieJar.builder().unsafe(true).build())
                        .connector(Connector.builder().limit(1).build())
                        .middlewares(middleware)
                        .raiseForStatus(true)
                        .build()) {
                    for (int i = 0; i < 3; i++) {
                        var ws = await(session.wsConnect(server.url().replace("http:", "ws:") + "old")
                                .cookie("own", "3")
                                .closeTimeout(java.time.Duration.ofMillis(1)));
                        await(ws.close());
                    }
                }
            });
            var first = requests.remove();
            assertEquals("was here", header(first, "X-Middleware"));
            assertEquals("own=3", header(first, "Cookie"));
            var second = requests.remove();
            assertTrue(second.startsWith("GET /new "), second);
            assertEquals("websocket", header(second, "Upgrade"));
            assertTrue(header(second, "Cookie").contains("a=1"), second);
            var third = requests.remove();
            assertTrue(header(third, "Cookie").contains("b=2"), third);
        }
    }

    /** Cancelled in more and more turns of the loop, about when the server agrees. */
    @Test
    void aHandshakeThatIsCancelledAtAnyTime() throws Exception {
        for (int i = 0; i < 40; i++) {
            var gone = new CountDownLatch(1);
            try (var server = RawServer.start(connection -> {
                try {
                    RawWebSocket.accept(connection, new byte[0]);
                    connection.awaitClosedByClient();
                } finally {
                    gone.countDown();
                }
            })) {
                int turns = i * 5;
                run(() -> {
                    try (var session = ClientSession.create()) {
                        var task = createTask(async(() -> await(session.wsConnect(server.url()))));
                        for (int turn = 0; turn < turns; turn++) {
                            await(sleep(java.time.Duration.ofNanos(turn % 10 == 0 ? 100_000 : 0)));
                        }
                        task.cancel();
                        ClientWebSocket ws = null;
                        try {
                            ws = await(task);
                        } catch (asyncio.CancelledError cancelled) {
                            // Then the connection must be closed, if there is one.
                        }
                        if (ws != null) {
                            session.close();
                        } else if (server.connections() > 0) {
                            await(toThread(() -> RawServer.await(gone)));
                        }
                    }
                });
            }
        }
    }

    /** Masks are what keeps a hostile page from writing what it likes into a proxy's cache. */
    @Test
    void eachFrameHasItsOwnMask() throws Exception {
        var masks = new HashSet<String>();
        try (var server = RawServer.start(connection -> {
            RawWebSocket.accept(connection, new byte[0]);
            var in = connection.socket.getInputStream();
            for (int i = 0; i < 200; i++) {
                var frame = in.readNBytes(10);
                masks.add(frame[2] + " " + frame[3] + " " + frame[4] + " " + frame[5]);
                assertEquals('x', frame[6] ^ frame[2]);
                assertEquals('y', frame[9] ^ frame[5]);
            }
        })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var ws = await(session.wsConnect(server.url()));
                    for (int i = 0; i < 200; i++) {
                        await(ws.sendStr("x--y"));
                    }
                    await(ws.receive());
                }
            });
        }
        assertTrue(masks.size() > 190, masks.size() + " masks");
    }
}
