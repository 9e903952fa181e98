package asyncio.http;

import static asyncio.Asyncio.*;
import static asyncio.http.RawWebSocket.*;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.CancelledError;
import asyncio.TimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What messages, closing and losing a WebSocket look like. */
@Timeout(240)
class WebSocketTest {
    private static final WSMessage CLOSED = WSMessage.of(WSMsgType.CLOSED, null, null);
    private static final WSMessage CLOSING = WSMessage.of(WSMsgType.CLOSING, null, null);

    interface Body {
        void run(ClientWebSocket ws) throws Exception;
    }

    interface Setting {
        WebSocketRequest of(WebSocketRequest request);
    }

    private static void talk(RawServer server, Body body) {
        talk(server, request -> request, body);
    }

    /** Opens one, and leaves the closing to the end of the session. */
    private static void talk(RawServer server, Setting setting, Body body) {
        run(async(() -> {
            try (var session = ClientSession.create()) {
                body.run(await(setting.of(session.wsConnect(server.url().replace("http:", "ws:")))));
            }
        }));
    }

    private static WSMessage text(String text) {
        return WSMessage.of(WSMsgType.TEXT, text, null);
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        var item = queue.poll(RawServer.PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (item == null) {
            throw new AssertionError("What the test waits for did not happen");
        }
        return item;
    }

    // ---- messages

    @Test
    void textAndBytesGoBothWays() throws Exception {
        try (var server = RawWebSocket.serving(RawWebSocket::echo)) {
            talk(server, ws -> {
                for (var text : List.of("", "x", "Grüße 😀", "y".repeat(125), "y".repeat(126), "ö".repeat(40_000))) {
                    await(ws.sendStr(text));
                    assertEquals(text(text), await(ws.receive()));
                    await(ws.sendStr(text));
                    assertEquals(text, await(ws.receiveStr()));
                }
                for (int size : new int[] {0, 1, 7, 8, 9, 125, 126, 65535, 65536, 3_000_000}) {
                    var bytes = new byte[size];
                    new java.util.Random(size).nextBytes(bytes);
                    await(ws.sendBytes(bytes));
                    assertArrayEquals(bytes, await(ws.receiveBytes()));
                }
                assertFalse(ws.closed());
                assertNull(ws.closeCode());
                assertTrue(await(ws.close()));
                assertTrue(ws.closed());
                assertEquals(WSCloseCode.OK, ws.closeCode());
                assertNull(ws.exception());
            });
        }
    }

    record Point(int x, int y) {}

    @Test
    void json() throws Exception {
        try (var server = RawWebSocket.serving(RawWebSocket::echo)) {
            talk(server, ws -> {
                await(ws.sendJson(new Point(1, 2)));
                assertEquals("{\"x\":1,\"y\":2}", await(ws.receiveStr()));
                await(ws.sendJson(List.of(new Point(3, 4))));
                assertEquals(List.of(new Point(3, 4)), await(ws.receiveJson(new TypeRef<List<Point>>() {})));
                await(ws.sendStr("{\"x\": 5, \"y\": 6}"));
                assertEquals(new Point(5, 6), await(ws.receiveJson(Point.class)));
                await(ws.sendStr("{"));
                assertThrows(JsonDecodeException.class, () -> await(ws.receiveJson(Map.class)));
                await(ws.sendJsonBytes(7));
                assertArrayEquals(new byte[] {'7'}, await(ws.receiveBytes()));
                await(ws.sendBytes(new byte[] {'7'}));
                assertThrows(WSMessageTypeException.class, () -> await(ws.receiveJson(Integer.class, ofSeconds(10))));
            });
        }
    }

    @Test
    void aMessageOfAnotherType() throws Exception {
        try (var server = RawWebSocket.serving(peer -> {
            peer.send(frame(FIN | BINARY, "b"));
            peer.sendText("secret");
            peer.sendText("t");
            peer.send(closeFrame(1001, "bye"));
            peer.read();
        })) {
            talk(server, ws -> {
                var failure = assertThrows(WSMessageTypeException.class, () -> await(ws.receiveStr()));
                assertEquals("Received message BINARY[1 bytes] is not TEXT", failure.getMessage());
                failure = assertThrows(WSMessageTypeException.class, () -> await(ws.receiveBytes()));
                assertFalse(failure.getMessage().contains("secret"), failure.getMessage());
                assertEquals("t", await(ws.receiveStr(ofSeconds(30))));
                failure = assertThrows(WSMessageTypeException.class, () -> await(ws.receiveStr()));
                assertEquals("Received message CLOSE[1001, \"bye\"] is not TEXT", failure.getMessage());
                assertTrue(ws.closed());
                assertThrows(WSMessageTypeException.class, () -> await(ws.receiveBytes(ofSeconds(30))));
            });
        }
    }

    @Test
    void undecodedText() throws Exception {
        try (var server = RawWebSocket.serving(peer -> {
            peer.send(frame(FIN | TEXT, new byte[] {(byte) 0xFF}));
            peer.awaitClose();
        })) {
            talk(server, request -> request.decodeText(false), ws -> {
                var message = await(ws.receive());
                assertEquals(WSMsgType.TEXT, message.type());
                assertArrayEquals(new byte[] {(byte) 0xFF}, message.bytes());
                await(ws.close());
            });
        }
    }

    @Test
    void theViewsOfAMessage() {
        var error = new WebSocketException(1002, "x");
        assertEquals(error, WSMessage.of(WSMsgType.ERROR, error, null).exception());
        assertEquals(4000, WSMessage.of(WSMsgType.CLOSE, 4000, "").closeCode());
        for (var message : List.of(CLOSED, CLOSING)) {
            assertThrows(WSMessageTypeException.class, message::text);
            assertThrows(WSMessageTypeException.class, message::bytes);
            assertThrows(WSMessageTypeException.class, message::closeCode);
            assertThrows(WSMessageTypeException.class, message::exception);
        }
        var bytes = WSMessage.of(WSMsgType.BINARY, new byte[] {1}, null);
        assertEquals(bytes, WSMessage.of(WSMsgType.BINARY, new byte[] {1}, null));
        assertEquals(
                bytes.hashCode(),
                WSMessage.of(WSMsgType.BINARY, new byte[] {1}, null).hashCode());
        assertNotEquals(bytes, WSMessage.of(WSMsgType.PING, new byte[] {1}, null));
        assertEquals(
                List.of(0, 1, 2, 8, 9, 10, 0x100, 0x101, 0x102),
                java.util.Arrays.stream(WSMsgType.values())
                        .map(WSMsgType::value)
                        .toList());
    }

    /** The head and the first frames in one packet. */
    @Test
    void whatComesWithTheHandshakeIsNotLost() throws Exception {
        for (int i = 0; i < 20; i++) {
            try (var server = RawServer.start(connection -> {
                var atOnce = join(frame(FIN | TEXT, "first"), frame(TEXT, "sec"), frame(CONTINUATION, "o"));
                var peer = RawWebSocket.accept(connection, atOnce);
                peer.send(frame(FIN | CONTINUATION, "nd"));
                peer.awaitClose();
            })) {
                talk(server, ws -> {
                    assertEquals("first", await(ws.receiveStr()));
                    assertEquals("second", await(ws.receiveStr()));
                    await(ws.close());
                });
            }
        }
    }

    @Test
    void whatComesWithTheHandshakeMayBeAllThereIs() throws Exception {
        for (int i = 0; i < 20; i++) {
            try (var server = RawServer.start(connection ->
                    RawWebSocket.accept(connection, join(frame(FIN | TEXT, "only"), closeFrame(1000, "done"))))) {
                talk(server, ws -> {
                    await(sleep(ofMillis(1)));
                    assertFalse(ws.closed());
                    assertEquals("only", await(ws.receiveStr()));
                    assertEquals(WSMessage.of(WSMsgType.CLOSE, 1000, "done"), await(ws.receive()));
                    assertEquals(CLOSED, await(ws.receive()));
                });
            }
        }
    }

    @Test
    void eachGoesThroughTheMessages() throws Exception {
        var answer = new LinkedBlockingQueue<Frame>();
        try (var server = RawWebSocket.serving(peer -> {
            peer.sendText("a");
            peer.send(frame(FIN | PING, "p"));
            peer.sendText("b");
            peer.send(closeFrame(4001, "enough"));
            for (Frame frame; (frame = peer.read()) != null; ) {
                answer.add(frame);
            }
        })) {
            talk(server, ws -> {
                var texts = new ArrayList<String>();
                for (var message : each(ws)) {
                    texts.add(message.text());
                }
                assertEquals(List.of("a", "b"), texts);
                assertTrue(ws.closed());
                assertEquals(4001, ws.closeCode());
                for (var ignored : each(ws)) {
                    fail("there was no more to come");
                }
            });
            var pong = next(answer);
            assertEquals(FIN | PONG, pong.first());
            assertEquals("p", pong.text());
            assertEquals(4001, next(answer).closeCode());
        }
    }

    // ---- pings

    @Test
    void pingsAreAnsweredThoughNobodyReceives() throws Exception {
        var pongs = new LinkedBlockingQueue<String>();
        try (var server = RawWebSocket.serving(peer -> {
            for (int i = 0; i < 3; i++) {
                peer.send(frame(FIN | PING, "ping " + i));
                var frame = peer.read();
                pongs.add(frame.opcode() + " " + frame.text());
            }
            peer.awaitClose();
        })) {
            talk(server, ws -> {
                for (int i = 0; i < 3; i++) {
                    int number = i;
                    assertEquals("10 ping " + number, await(toThread(() -> next(pongs))));
                }
                await(ws.close());
            });
        }
    }

    @Test
    void pingsAndPongsAsMessages() throws Exception {
        var frames = new LinkedBlockingQueue<Frame>();
        try (var server = RawWebSocket.serving(peer -> {
            peer.send(frame(FIN | PING, "a"));
            peer.send(frame(FIN | PONG, "b"));
            frames.add(peer.read());
            frames.add(peer.read());
            peer.awaitClose();
        })) {
            talk(server, request -> request.autoPing(false), ws -> {
                var ping = await(ws.receive());
                assertEquals(WSMsgType.PING, ping.type());
                assertArrayEquals(new byte[] {'a'}, ping.bytes());
                assertEquals(WSMessage.of(WSMsgType.PONG, new byte[] {'b'}, null), await(ws.receive()));
                await(ws.pong(ping.bytes()));
                await(ws.ping());
                await(ws.close());
            });
            assertEquals(FIN | PONG, frames.element().first());
            assertEquals("a", frames.remove().text());
            assertEquals(FIN | PING, frames.remove().first());
        }
    }

    /** Far more pings than the client can answer to a server that does not read. */
    @Test
    void aFloodOfPings() throws Exception {
        var goOn = new CountDownLatch(1);
        var pongs = new AtomicInteger();
        try (var server = RawWebSocket.serving(peer -> {
            var ping = frame(FIN | PING, "x".repeat(125));
            var many = new byte[ping.length * 1000];
            for (int i = 0; i < 1000; i++) {
                System.arraycopy(ping, 0, many, i * ping.length, ping.length);
            }
            for (int i = 0; i < 300; i++) {
                peer.send(many);
            }
            peer.send(frame(FIN | PING, "last"));
            peer.sendText("end");
            RawServer.await(goOn);
            while (!peer.read().text().equals("last")) {
                pongs.incrementAndGet();
            }
            peer.sendText("heard");
            peer.awaitClose();
        })) {
            talk(server, ws -> {
                assertEquals("end", await(ws.receiveStr()));
                goOn.countDown();
                assertEquals("heard", await(ws.receiveStr()));
                await(ws.close());
            });
            assertTrue(pongs.get() < 300_000, pongs + " pongs");
        }
    }

    @Test
    void aHeartbeatThatIsAnswered() throws Exception {
        var pings = new AtomicInteger();
        try (var server = RawWebSocket.serving(peer -> {
            while (pings.incrementAndGet() < 3) {
                var ping = peer.read();
                assertEquals(FIN | PING, ping.first());
                peer.send(frame(FIN | PONG, ping.payload()));
            }
            peer.sendText("done");
            peer.awaitClose();
        })) {
            talk(server, request -> request.heartbeat(ofSeconds(1)), ws -> {
                assertEquals("done", await(ws.receiveStr()));
                await(ws.close());
                assertNull(ws.exception());
            });
        }
    }

    @Test
    void aHeartbeatThatIsNotAnswered() throws Exception {
        var gone = new CountDownLatch(1);
        try (var server = RawWebSocket.serving(peer -> {
            assertEquals(FIN | PING, peer.read().first());
            peer.connection.awaitClosedByClient();
            gone.countDown();
        })) {
            talk(server, request -> request.heartbeat(ofMillis(100)), ws -> {
                var message = await(ws.receive());
                assertEquals(WSMsgType.ERROR, message.type());
                assertInstanceOf(ServerTimeoutException.class, message.exception());
                assertSame(message.exception(), ws.exception());
                assertEquals(WSCloseCode.ABNORMAL_CLOSURE, ws.closeCode());
                assertTrue(ws.closed());
                assertEquals(CLOSED, await(ws.receive()));
                assertThrows(ClientConnectionResetException.class, () -> await(ws.sendStr("x")));
                assertFalse(await(ws.close()));
                await(toThread(() -> RawServer.await(gone)));
            });
        }
    }

    /** Whatever the server sends is a sign of life, a part of a frame too; no ping is needed then. */
    @Test
    void aBusyServerIsNotPinged() throws Exception {
        try (var server = RawWebSocket.serving(peer -> {
            var large = frame(FIN | BINARY, new byte[20]);
            for (byte part : large) {
                peer.send(new byte[] {part});
                Thread.sleep(60);
            }
            assertEquals(FIN | CLOSE, peer.read().first());
            peer.send(closeFrame(1000, ""));
        })) {
            talk(server, request -> request.heartbeat(ofSeconds(1)), ws -> {
                assertEquals(20, await(ws.receiveBytes()).length);
                await(ws.close());
            });
        }
    }

    // ---- closing

    @Test
    void theServerCloses() throws Exception {
        record Case(byte[] frame, WSMessage expected, String answer) {}
        for (var each : List.of(
                new Case(closeFrame(1000, ""), WSMessage.of(WSMsgType.CLOSE, 1000, ""), "1000"),
                new Case(closeFrame(1001, "führt aus"), WSMessage.of(WSMsgType.CLOSE, 1001, "führt aus"), "1001"),
                new Case(frame(FIN | CLOSE, ""), WSMessage.of(WSMsgType.CLOSE, 1005, ""), "-1"))) {
            var answers = new LinkedBlockingQueue<String>();
            try (var server = RawWebSocket.serving(peer -> {
                peer.send(each.frame);
                answers.add("" + peer.read().closeCode());
                answers.add("then " + peer.read());
            })) {
                talk(server, ws -> {
                    assertEquals(each.expected, await(ws.receive()));
                    assertTrue(ws.closed());
                    assertEquals(each.expected.data(), ws.closeCode());
                    assertEquals(CLOSED, await(ws.receive()));
                    assertEquals(CLOSED, await(ws.receive()));
                    assertFalse(await(ws.close()));
                    assertThrows(ClientConnectionResetException.class, () -> await(ws.sendStr("x")));
                    assertEquals(each.answer, await(toThread(() -> next(answers))));
                    assertEquals("then null", await(toThread(() -> next(answers))));
                });
            }
        }
    }

    @Test
    void theServerClosesAndIsNotAnsweredByItself() throws Exception {
        var frames = new LinkedBlockingQueue<Frame>();
        try (var server = RawWebSocket.serving(peer -> {
            peer.send(closeFrame(4000, "why"));
            frames.add(peer.read());
            frames.add(peer.read());
            assertNull(peer.read());
        })) {
            talk(server, request -> request.autoClose(false), ws -> {
                assertEquals(WSMessage.of(WSMsgType.CLOSE, 4000, "why"), await(ws.receive()));
                assertFalse(ws.closed());
                await(ws.sendStr("last words"));
                assertTrue(await(ws.close(4999, "because")));
                assertEquals(4000, ws.closeCode());
                assertEquals(CLOSED, await(ws.receive()));
            });
            assertEquals("last words", next(frames).text());
            var close = next(frames);
            assertEquals(4999, close.closeCode());
            assertEquals("because", close.closeReason());
        }
    }

    /** As in aiohttp: the next receive closes. */
    @Test
    void receivingAfterAnUnansweredCloseAnswersIt() throws Exception {
        var answer = new LinkedBlockingQueue<Frame>();
        try (var server = RawWebSocket.serving(peer -> {
            peer.send(closeFrame(4000, ""));
            answer.add(peer.read());
        })) {
            talk(server, request -> request.autoClose(false), ws -> {
                assertEquals(WSMsgType.CLOSE, await(ws.receive()).type());
                assertEquals(CLOSED, await(ws.receive()));
                assertTrue(ws.closed());
                assertEquals(1000, await(toThread(() -> next(answer))).closeCode());
            });
        }
    }

    @Test
    void theClientCloses() throws Exception {
        var frames = new LinkedBlockingQueue<Frame>();
        try (var server = RawWebSocket.serving(peer -> {
            frames.add(peer.read());
            // What comes before the answer, finished or not, is of no interest any more; pings are neither.
            peer.sendText("too late");
            peer.send(frame(FIN | PING, ""));
            peer.send(frame(TEXT, "unfinis"));
            peer.send(closeFrame(1000, "bye"));
            assertNull(peer.read());
        })) {
            talk(server, ws -> {
                assertTrue(await(ws.close(3001, "Schluß")));
                assertTrue(ws.closed());
                assertEquals(1000, ws.closeCode());
                assertNull(ws.exception());
                assertFalse(await(ws.close()));
                assertEquals(CLOSED, await(ws.receive()));
            });
            var close = next(frames);
            assertEquals(3001, close.closeCode());
            assertEquals("Schluß", close.closeReason());
        }
    }

    /** Both at once: the server's CLOSE is there already, not received yet. */
    @Test
    void bothClose() throws Exception {
        var sent = new CountDownLatch(1);
        try (var server = RawWebSocket.serving(peer -> {
            peer.sendText("x");
            peer.send(closeFrame(1001, ""));
            sent.countDown();
            assertEquals(1000, peer.read().closeCode());
            assertNull(peer.read());
        })) {
            talk(server, request -> request.closeTimeout(Duration.ZERO), ws -> {
                await(toThread(() -> RawServer.await(sent)));
                assertTrue(await(ws.close()));
                assertEquals(1001, ws.closeCode());
            });
        }
    }

    @Test
    void aServerThatDoesNotAnswerAClose() throws Exception {
        var gone = new CountDownLatch(1);
        try (var server = RawWebSocket.serving(peer -> {
            peer.connection.awaitClosedByClient();
            gone.countDown();
        })) {
            talk(server, request -> request.closeTimeout(ofMillis(50)), ws -> {
                assertTrue(await(ws.close()));
                assertEquals(WSCloseCode.ABNORMAL_CLOSURE, ws.closeCode());
                assertInstanceOf(TimeoutException.class, ws.exception());
                await(toThread(() -> RawServer.await(gone)));
            });
        }
    }

    /** Nor does it read, so that the close does not even leave. */
    @Test
    void aServerThatTakesNothing() throws Exception {
        var done = new CountDownLatch(1);
        try (var server = RawWebSocket.serving(peer -> RawServer.await(done))) {
            talk(server, request -> request.closeTimeout(ofMillis(50)), ws -> {
                var sender = createTask(ws.sendBytes(new byte[30_000_000]));
                await(sleep(ofMillis(20)));
                assertTrue(await(ws.close()));
                assertEquals(WSCloseCode.ABNORMAL_CLOSURE, ws.closeCode());
                assertThrows(ClientConnectionResetException.class, () -> await(sender));
            });
            done.countDown();
        }
    }

    @Test
    void aServerThatIsGoneBeforeItAnswersAClose() throws Exception {
        try (var server = RawWebSocket.serving(RawWebSocket::read)) {
            talk(server, ws -> {
                assertTrue(await(ws.close()));
                assertEquals(WSCloseCode.ABNORMAL_CLOSURE, ws.closeCode());
                assertInstanceOf(ClientConnectionException.class, ws.exception());
            });
        }
    }

    @Test
    void aServerThatBreaksTheRulesInsteadOfAnsweringAClose() throws Exception {
        try (var server = RawWebSocket.serving(peer -> {
            peer.read();
            peer.send(new byte[] {(byte) 0xFF});
            peer.connection.awaitClosedByClient();
        })) {
            talk(server, ws -> {
                assertTrue(await(ws.close()));
                assertEquals(WSCloseCode.PROTOCOL_ERROR, ws.closeCode());
                assertInstanceOf(WebSocketException.class, ws.exception());
            });
        }
    }

    @Test
    void anotherTaskClosesWhileOneReceives() throws Exception {
        try (var server = RawWebSocket.serving(RawWebSocket::awaitClose)) {
            talk(server, ws -> {
                var receiving = createTask(ws.receive());
                var going = createTask(async(() -> {
                    var types = new ArrayList<WSMsgType>();
                    for (var message : each(ws)) {
                        types.add(message.type());
                    }
                    return types;
                }));
                await(sleep(Duration.ZERO));
                assertThrows(IllegalStateException.class, () -> await(going));
                assertTrue(await(ws.close()));
                assertEquals(CLOSING, await(receiving));
                assertEquals(CLOSED, await(ws.receive()));
                assertEquals(1000, ws.closeCode());
            });
        }
    }

    @Test
    void eachEndsWhenAnotherTaskCloses() throws Exception {
        try (var server = RawWebSocket.serving(RawWebSocket::awaitClose)) {
            talk(server, ws -> {
                var going = createTask(async(() -> {
                    for (var message : each(ws)) {
                        fail("" + message);
                    }
                }));
                await(sleep(Duration.ZERO));
                await(ws.close());
                await(going);
            });
        }
    }

    @Test
    void aBlockCloses() throws Exception {
        var codes = new LinkedBlockingQueue<Integer>();
        try (var server = RawWebSocket.serving(peer -> {
            var frame = peer.read();
            codes.add(frame.closeCode());
            peer.send(frame(FIN | CLOSE, frame.payload()));
        })) {
            var url = server.url().replace("http:", "ws:");
            run(() -> {
                try (var session = ClientSession.create()) {
                    var escaped = using(session.wsConnect(url), ws -> {
                        assertFalse(ws.closed());
                        return ws;
                    });
                    assertTrue(escaped.closed());
                    assertThrows(
                            ArithmeticException.class,
                            () -> with(session.wsConnect(url), (ClientWebSocket ws) -> {
                                throw new ArithmeticException();
                            }));
                    var ws = await(session.wsConnect(url));
                    with(ws, same -> {
                        assertSame(ws, same);
                    });
                    assertTrue(ws.closed());
                }
            });
            for (int i = 0; i < 3; i++) {
                assertEquals(1000, next(codes));
            }
        }
    }

    // ---- losing it

    @Test
    void theConnectionIsLost() throws Exception {
        for (boolean reset : new boolean[] {false, true}) {
            try (var server = RawWebSocket.serving(peer -> {
                peer.sendText("a");
                peer.sendText("b");
                assertEquals("go", peer.read().text());
                peer.send(frame(TEXT, "unfinis"));
                if (reset) {
                    peer.connection.reset();
                }
            })) {
                talk(server, ws -> {
                    assertEquals("a", await(ws.receiveStr()));
                    assertEquals("b", await(ws.receiveStr()));
                    await(ws.sendStr("go"));
                    assertEquals(CLOSED, await(ws.receive()));
                    assertTrue(ws.closed());
                    assertEquals(WSCloseCode.ABNORMAL_CLOSURE, ws.closeCode());
                    assertEquals(CLOSED, await(ws.receive()));
                    assertThrows(ClientConnectionResetException.class, () -> await(ws.sendStr("x")));
                    assertFalse(await(ws.close()));
                });
            }
        }
    }

    @Test
    void whatCameBeforeTheConnectionWasLostCanBeReceived() throws Exception {
        var gone = new CountDownLatch(1);
        try (var server = RawWebSocket.serving(peer -> {
            for (int i = 0; i < 20; i++) {
                peer.send(frame(FIN | BINARY, new byte[50_000]));
            }
            peer.connection.socket.close();
            gone.countDown();
        })) {
            talk(server, ws -> {
                assertEquals(50_000, await(ws.receiveBytes()).length);
                await(toThread(() -> RawServer.await(gone)));
                for (int i = 1; i < 20; i++) {
                    await(sleep(ofMillis(1)));
                    assertFalse(ws.closed());
                    assertEquals(50_000, await(ws.receiveBytes()).length);
                }
                assertEquals(CLOSED, await(ws.receive()));
            });
        }
    }

    @Test
    void aLostConnectionIsNoticedWhileSending() throws Exception {
        try (var server = RawWebSocket.serving(peer -> peer.connection.reset())) {
            talk(server, ws -> {
                assertThrows(ClientConnectionResetException.class, () -> {
                    while (true) {
                        await(ws.sendBytes(new byte[100_000]));
                        await(sleep(ofMillis(1)));
                    }
                });
                assertTrue(ws.closed());
            });
        }
    }

    // ---- what a server may not send

    @Test
    void whatIsRefused() throws Exception {
        record Case(String name, byte[] bytes, int code) {}
        var cases = List.of(
                new Case("reserved bit 1", frame(FIN | 0x40 | TEXT, "x"), 1002),
                new Case("reserved bit 2", frame(FIN | 0x20 | TEXT, "x"), 1002),
                new Case("reserved bit 3", frame(FIN | 0x10 | TEXT, "x"), 1002),
                new Case("reserved opcode 3", frame(FIN | 3, "x"), 1002),
                new Case("reserved opcode 11", frame(FIN | 11, "x"), 1002),
                new Case("fragmented ping", frame(PING, "x"), 1002),
                new Case("fragmented close", frame(CLOSE, ""), 1002),
                new Case("long ping", frame(FIN | PING, "x".repeat(126)), 1002),
                new Case("orphan", frame(FIN | CONTINUATION, "x"), 1002),
                new Case("message in message", join(frame(TEXT, "x"), frame(FIN | TEXT, "x")), 1002),
                new Case("close code 1006", closeFrame(1006, ""), 1002),
                new Case("close code 1005", closeFrame(1005, ""), 1002),
                new Case("close code 1015", closeFrame(1015, ""), 1002),
                new Case("close code 2999", closeFrame(2999, ""), 1002),
                new Case("close code 5000", closeFrame(5000, ""), 1002),
                new Case("close of one byte", frame(FIN | CLOSE, "x"), 1002),
                new Case("masked", new byte[] {(byte) 0x81, (byte) 0x81, 0, 0, 0, 0, 'x'}, 1002),
                new Case("long length", new byte[] {(byte) 0x82, 126, 0, 1, 'x'}, 1002),
                new Case("not UTF-8", frame(FIN | TEXT, new byte[] {'x', (byte) 0xC0}), 1007),
                new Case("reason not UTF-8", frame(FIN | CLOSE, new byte[] {3, (byte) 0xE8, (byte) 0xC0}), 1007),
                new Case(
                        "not UTF-8 in fragments",
                        join(frame(TEXT, new byte[] {(byte) 0xE2}), frame(FIN | CONTINUATION, "x")),
                        1007),
                new Case("too large", new byte[] {(byte) 0x82, 126, 3, (byte) 0xE9}, 1009),
                new Case(
                        "too large in fragments",
                        join(frame(BINARY, new byte[1000]), frame(FIN | CONTINUATION, "x")),
                        1009));
        for (var each : cases) {
            var frames = new LinkedBlockingQueue<String>();
            try (var server = RawWebSocket.serving(peer -> {
                peer.sendText("good");
                // What follows is not looked at any more.
                peer.send(join(each.bytes, frame(FIN | TEXT, "ignored")));
                for (Frame frame; (frame = peer.read()) != null; ) {
                    frames.add(frame.opcode() + " " + frame.closeCode());
                }
                frames.add("end");
            })) {
                talk(server, request -> request.maxMessageSize(1000), ws -> {
                    assertEquals("good", await(ws.receiveStr()), each.name);
                    var message = await(ws.receive());
                    assertEquals(WSMsgType.ERROR, message.type(), each.name);
                    var exception = assertInstanceOf(WebSocketException.class, message.exception(), each.name);
                    assertEquals(each.code, exception.code(), each.name);
                    assertSame(exception, ws.exception());
                    assertEquals(each.code, ws.closeCode(), each.name);
                    assertTrue(ws.closed());
                    assertEquals(CLOSED, await(ws.receive()));
                    assertThrows(ClientConnectionResetException.class, () -> await(ws.sendStr("x")));
                    assertFalse(await(ws.close()));
                    assertEquals("8 " + each.code, await(toThread(() -> next(frames))), each.name);
                    assertEquals("end", await(toThread(() -> next(frames))), each.name);
                });
            }
        }
    }

    /** A server that still sends does hear why nobody listens. */
    @Test
    void aServerThatIsStillSendingHearsWhatItDidWrong() throws Exception {
        var close = new LinkedBlockingQueue<Frame>();
        try (var server = RawWebSocket.serving(peer -> {
            peer.send(frame(FIN | BINARY, new byte[3_000_000]));
            close.add(peer.read());
        })) {
            talk(server, request -> request.maxMessageSize(1_000_000), ws -> {
                assertEquals(WSMsgType.ERROR, await(ws.receive()).type());
                assertEquals(1009, await(toThread(() -> next(close))).closeCode());
            });
        }
    }

    @Test
    void eachGivesTheErrorAndEnds() throws Exception {
        try (var server = RawWebSocket.serving(peer -> {
            peer.send(frame(FIN | 3, ""));
            peer.connection.awaitClosedByClient();
        })) {
            talk(server, ws -> {
                var types = new ArrayList<WSMsgType>();
                for (var message : each(ws)) {
                    types.add(message.type());
                }
                assertEquals(List.of(WSMsgType.ERROR), types);
            });
        }
    }

    @Test
    void aMessageOfAnySizeIfThereIsNoLimit() throws Exception {
        try (var server = RawWebSocket.serving(peer -> {
            peer.send(frame(FIN | BINARY, new byte[9_000_000]));
            peer.awaitClose();
        })) {
            talk(server, request -> request.maxMessageSize(0), ws -> {
                assertEquals(9_000_000, await(ws.receiveBytes()).length);
                await(ws.close());
            });
        }
    }

    // ---- waiting, cancelling

    @Test
    void oneTaskAtATimeReceives() throws Exception {
        try (var server = RawWebSocket.serving(peer -> {
            peer.read();
            peer.sendText("x");
            peer.awaitClose();
        })) {
            talk(server, ws -> {
                var first = createTask(ws.receive());
                await(sleep(Duration.ZERO));
                assertThrows(IllegalStateException.class, () -> await(ws.receive()));
                await(ws.sendStr("go"));
                assertEquals(text("x"), await(first));
                await(ws.close());
            });
        }
    }

    @Test
    void receivingTakesTooLong() throws Exception {
        try (var server = RawWebSocket.serving(peer -> {
            peer.read();
            peer.sendText("x");
            peer.awaitClose();
        })) {
            talk(server, request -> request.receiveTimeout(ofMillis(10)), ws -> {
                assertThrows(TimeoutException.class, () -> await(ws.receive()));
                assertThrows(TimeoutException.class, () -> await(ws.receiveStr()));
                assertThrows(TimeoutException.class, () -> await(ws.receive(ofMillis(5))));
                assertThrows(IllegalArgumentException.class, () -> await(ws.receive(ofMillis(-5))));
                assertFalse(ws.closed());
                assertNull(ws.closeCode());
                var receiving = createTask(ws.receive(Duration.ZERO));
                await(sleep(ofMillis(30)));
                await(ws.sendStr("go"));
                assertEquals(text("x"), await(receiving));
                // The limit of receiving is none of closing.
                assertTrue(await(ws.close()));
                assertEquals(1000, ws.closeCode());
            });
        }
    }

    /** Whenever a receive is cancelled, its message is still there for the next one. */
    @Test
    void aCancelledReceiveLosesNothing() throws Exception {
        try (var server = RawWebSocket.serving(RawWebSocket::echo)) {
            talk(server, ws -> {
                int received = 0;
                for (int i = 0; i < 200; i++) {
                    await(ws.sendStr("" + i));
                    var task = createTask(ws.receiveStr());
                    for (int turn = 0; turn < i % 20; turn++) {
                        await(sleep(Duration.ZERO));
                    }
                    task.cancel();
                    try {
                        assertEquals("" + received, await(task));
                        received++;
                    } catch (CancelledError cancelled) {
                        // Not lost.
                    }
                }
                for (; received < 200; received++) {
                    assertEquals("" + received, await(ws.receiveStr()));
                }
                await(ws.close());
            });
        }
    }

    @Test
    void aCancelledCloseClosesAtOnce() throws Exception {
        var gone = new CountDownLatch(1);
        try (var server = RawWebSocket.serving(peer -> {
            peer.connection.awaitClosedByClient();
            gone.countDown();
        })) {
            talk(server, ws -> {
                var closing = createTask(ws.close());
                await(sleep(ofMillis(5)));
                assertFalse(closing.done());
                closing.cancel();
                assertThrows(CancelledError.class, () -> await(closing));
                assertEquals(WSCloseCode.ABNORMAL_CLOSURE, ws.closeCode());
                await(toThread(() -> RawServer.await(gone)));
            });
        }
    }

    @Test
    void aCancelledHandshakeLeavesNothingOpen() throws Exception {
        var asked = new CountDownLatch(1);
        var gone = new CountDownLatch(1);
        try (var server = RawServer.start(connection -> {
            connection.readRequest();
            asked.countDown();
            connection.awaitClosedByClient();
            gone.countDown();
        })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var task = createTask(async(() -> await(session.wsConnect(server.url()))));
                    await(toThread(() -> RawServer.await(asked)));
                    task.cancel();
                    assertThrows(CancelledError.class, () -> await(task));
                    await(toThread(() -> RawServer.await(gone)));
                }
            });
        }
    }

    @Test
    void aHandshakeThatTakesTooLong() throws Exception {
        var gone = new CountDownLatch(1);
        try (var server = RawServer.start(connection -> {
            connection.readRequest();
            connection.awaitClosedByClient();
            gone.countDown();
        })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    assertThrows(
                            TimeoutException.class,
                            () -> await(session.wsConnect(server.url()).timeout(ofMillis(50))));
                    await(toThread(() -> RawServer.await(gone)));
                }
            });
        }
    }

    /** The limit of the handshake is none of what comes later. */
    @Test
    void theTimeOfTheHandshakeEndsWithIt() throws Exception {
        try (var server = RawWebSocket.serving(RawWebSocket::echo)) {
            talk(server, request -> request.timeout(ofSeconds(2)), ws -> {
                await(sleep(ofMillis(2200)));
                await(ws.sendStr("x"));
                assertEquals("x", await(ws.receiveStr()));
                await(ws.close());
            });
        }
    }

    // ---- back-pressure

    @Test
    void aServerThatSendsFasterThanSomebodyReceivesHasToWait() throws Exception {
        var finished = new CountDownLatch(1);
        int count = 600;
        try (var server = RawWebSocket.serving(peer -> {
            for (int i = 0; i < count; i++) {
                var bytes = new byte[100_000];
                bytes[0] = (byte) i;
                peer.send(frame(FIN | BINARY, bytes));
            }
            finished.countDown();
            peer.awaitClose();
        })) {
            talk(server, ws -> {
                await(sleep(ofMillis(300)));
                assertEquals(1, finished.getCount());
                for (int i = 0; i < count; i++) {
                    assertEquals((byte) i, await(ws.receiveBytes())[0]);
                }
                await(ws.close());
                assertEquals(1000, ws.closeCode());
            });
        }
    }

    /** What was held back does not keep the server's answer away. */
    @Test
    void closingThoughMuchWasNotReceived() throws Exception {
        var goOn = new CountDownLatch(1);
        try (var server = RawWebSocket.serving(peer -> {
            for (int i = 0; i < 300; i++) {
                peer.send(frame(FIN | BINARY, new byte[100_000]));
                goOn.countDown();
            }
            peer.awaitClose();
        })) {
            talk(server, ws -> {
                await(toThread(() -> RawServer.await(goOn)));
                await(sleep(ofMillis(50)));
                assertTrue(await(ws.close()));
                assertEquals(1000, ws.closeCode());
            });
        }
    }

    /** A heart is not heard while the ears are closed. */
    @Test
    void aHeartbeatWhileNobodyReceives() throws Exception {
        try (var server = RawWebSocket.serving(peer -> {
            for (int i = 0; i < 200; i++) {
                peer.send(frame(FIN | BINARY, new byte[100_000]));
            }
            peer.awaitClose();
        })) {
            talk(server, request -> request.heartbeat(ofMillis(600)), ws -> {
                await(sleep(ofMillis(1200)));
                for (int i = 0; i < 200; i++) {
                    assertEquals(100_000, await(ws.receiveBytes()).length);
                }
                await(ws.close());
                assertEquals(1000, ws.closeCode());
            });
        }
    }

    @Test
    void aSenderWaitsForASlowServer() throws Exception {
        var goOn = new CountDownLatch(1);
        var frames = new LinkedBlockingQueue<Integer>();
        try (var server = RawWebSocket.serving(peer -> {
            RawServer.await(goOn);
            for (Frame frame; (frame = peer.read()).opcode() != CLOSE; ) {
                frames.add(frame.payload().length);
            }
            peer.send(closeFrame(1000, ""));
        })) {
            talk(server, ws -> {
                var sender = createTask(async(() -> {
                    for (int i = 0; i < 50; i++) {
                        await(ws.sendBytes(new byte[1_000_000 + i]));
                    }
                }));
                await(sleep(ofMillis(200)));
                assertFalse(sender.done());
                goOn.countDown();
                await(sender);
                await(ws.close());
            });
            for (int i = 0; i < 50; i++) {
                assertEquals(1_000_000 + i, next(frames));
            }
        }
    }

    /** Tasks that send at once do not get into each other's messages. */
    @Test
    void manySenders() throws Exception {
        var counts = new int[20];
        try (var server = RawWebSocket.serving(peer -> {
            for (Frame frame; (frame = peer.read()).opcode() != CLOSE; ) {
                int sender = frame.payload()[0];
                for (byte next : frame.payload()) {
                    assertEquals(sender, next);
                }
                assertEquals(10_000 + counts[sender]++, frame.payload().length);
            }
            peer.send(closeFrame(1000, ""));
        })) {
            talk(server, ws -> {
                with(taskGroup(), group -> {
                    for (byte i = 0; i < 20; i++) {
                        byte sender = i;
                        group.createTask(async(() -> {
                            for (int size = 0; size < 100; size++) {
                                var bytes = new byte[10_000 + size];
                                java.util.Arrays.fill(bytes, sender);
                                await(ws.sendBytes(bytes));
                            }
                        }));
                    }
                });
                await(ws.close());
            });
            for (int count : counts) {
                assertEquals(100, count);
            }
        }
    }

    @Test
    void aCancelledSenderLeavesTheRestInOrder() throws Exception {
        var goOn = new CountDownLatch(1);
        try (var server = RawWebSocket.serving(peer -> {
            RawServer.await(goOn);
            assertEquals(20_000_000, peer.read().payload().length);
            assertEquals("after", peer.read().text());
            peer.awaitClose();
        })) {
            talk(server, ws -> {
                var sender = createTask(ws.sendBytes(new byte[20_000_000]));
                await(sleep(ofMillis(20)));
                sender.cancel();
                assertThrows(CancelledError.class, () -> await(sender));
                goOn.countDown();
                await(ws.sendStr("after"));
                await(ws.close());
            });
        }
    }

    // ---- the end of the session and of the loop

    @Test
    void closingTheSession() throws Exception {
        var frames = new LinkedBlockingQueue<String>();
        try (var server = RawWebSocket.serving(peer -> {
            frames.add("" + peer.read().closeCode());
            frames.add("" + peer.read());
        })) {
            run(() -> {
                var session = ClientSession.create();
                var ws = await(session.wsConnect(server.url()));
                var receiving = createTask(ws.receive());
                await(sleep(ofMillis(1)));
                session.close();
                assertEquals(CLOSED, await(receiving));
                assertTrue(ws.closed());
                assertEquals(WSCloseCode.ABNORMAL_CLOSURE, ws.closeCode());
                assertTrue(ws.exception().getMessage().contains("session was closed"));
                assertThrows(ClientConnectionResetException.class, () -> await(ws.sendStr("x")));
                assertFalse(await(ws.close()));
                assertEquals("1001", await(toThread(() -> next(frames))));
                assertEquals("null", await(toThread(() -> next(frames))));
                assertThrows(IllegalStateException.class, () -> await(session.wsConnect(server.url())));
            });
        }
    }

    @Test
    void closingTheSessionWhileOneCloses() throws Exception {
        try (var server = RawWebSocket.serving(peer -> peer.connection.awaitClosedByClient())) {
            run(() -> {
                var session = ClientSession.create();
                var ws = await(session.wsConnect(server.url()));
                var closing = createTask(ws.close());
                await(sleep(ofMillis(1)));
                session.close();
                assertTrue(await(closing));
                assertEquals(WSCloseCode.ABNORMAL_CLOSURE, ws.closeCode());
            });
        }
    }

    @Test
    void theEndOfTheProgramCloses() throws Exception {
        var gone = new CountDownLatch(2);
        var done = new CountDownLatch(1);
        try (var server = RawWebSocket.serving(peer -> {
            peer.connection.awaitClosedByClient();
            gone.countDown();
        })) {
            run(() -> {
                var session = ClientSession.create();
                var ws = await(session.wsConnect(server.url()));
                var other = await(session.wsConnect(server.url()));
                createTask(ws.receive());
                createTask(other.sendBytes(new byte[10]));
                await(sleep(ofMillis(1)));
            });
            RawServer.await(gone);
        }
    }

    // ---- what cannot be asked for

    @Test
    void whatCannotBeSent() throws Exception {
        try (var server = RawWebSocket.serving(RawWebSocket::echo)) {
            talk(server, ws -> {
                for (int code : new int[] {-1, 0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 66536}) {
                    assertThrows(IllegalArgumentException.class, () -> await(ws.close(code, "")), "" + code);
                }
                assertThrows(IllegalArgumentException.class, () -> await(ws.close(1000, "ö".repeat(62))));
                assertThrows(IllegalArgumentException.class, () -> await(ws.ping(new byte[126])));
                assertThrows(IllegalArgumentException.class, () -> await(ws.pong(new byte[126])));
                for (var text : List.of("\uD800", "x\uDC00", "\uD83Dx", "\uDE00\uD83D", "😀\uD83D")) {
                    assertThrows(IllegalArgumentException.class, () -> await(ws.sendStr(text)));
                    assertThrows(IllegalArgumentException.class, () -> await(ws.close(1000, text)));
                }
                for (var type : WSMsgType.values()) {
                    if (!List.of(WSMsgType.TEXT, WSMsgType.BINARY, WSMsgType.PING, WSMsgType.PONG)
                            .contains(type)) {
                        assertThrows(
                                IllegalArgumentException.class,
                                () -> await(ws.sendFrame(new byte[0], type)),
                                "" + type);
                    }
                }
                assertThrows(IllegalArgumentException.class, () -> await(ws.sendJson(Double.NaN)));
                assertFalse(ws.closed());
                await(ws.sendFrame("ö".getBytes(StandardCharsets.UTF_8), WSMsgType.TEXT));
                assertEquals("ö", await(ws.receiveStr()));
                assertTrue(await(ws.close(1000, "x".repeat(123))));
                assertEquals(1000, ws.closeCode());
            });
        }
    }

    @Test
    void aRequestIsUsedOnce() throws Exception {
        try (var server = RawWebSocket.serving(RawWebSocket::echo)) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var request = session.wsConnect(server.url());
                    await(await(request).close());
                    assertThrows(IllegalStateException.class, () -> await(request));
                    assertThrows(IllegalStateException.class, () -> request.autoPing(false));
                }
            });
        }
    }

    @Test
    void settingsThatMakeNoSense() {
        run(() -> {
            try (var session = ClientSession.create()) {
                var request = session.wsConnect("ws://user:secret@localhost/");
                assertFalse(request.toString().contains("secret"), request.toString());
                for (Runnable nonsense : List.<Runnable>of(
                        () -> request.compress(8),
                        () -> request.compress(16),
                        () -> request.compress(-1),
                        () -> request.maxMessageSize(-1),
                        () -> request.heartbeat(ofMillis(-1)),
                        () -> request.receiveTimeout(ofMillis(-1)),
                        () -> request.closeTimeout(ofMillis(-1)),
                        () -> request.timeout(ofMillis(-1)),
                        () -> request.protocols("a", "b", "a"),
                        () -> request.protocols(""),
                        () -> request.protocols("a b"),
                        () -> request.protocols("a,b"),
                        () -> request.protocols("ä"),
                        () -> request.header("Sec-WebSocket-Key", "x"),
                        () -> request.header("sec-websocket-protocol", "x"),
                        () -> request.header("Connection", "x"),
                        () -> request.header("Upgrade", "x"),
                        () -> request.header("X", "a\r\nb"),
                        () -> request.origin("a\r\nb"))) {
                    assertThrows(IllegalArgumentException.class, nonsense::run);
                }
                for (var url : List.of("ftp://localhost/", "wsss://localhost/")) {
                    assertThrows(NonHttpUrlException.class, () -> await(session.wsConnect(url)), url);
                }
                assertThrows(InvalidUrlException.class, () -> await(session.wsConnect("ws://")));
                assertThrows(InvalidUrlException.class, () -> await(session.wsConnect("/relative")));
            }
        });
    }
}
