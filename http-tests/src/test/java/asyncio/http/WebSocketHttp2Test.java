package asyncio.http;

import static asyncio.Asyncio.*;
import static asyncio.http.Http2Server.*;
import static org.junit.jupiter.api.Assertions.*;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** WebSockets over a connection of HTTP/2: RFC 8441. */
@Timeout(240)
class WebSocketHttp2Test {
    private static final int ENABLE_CONNECT_PROTOCOL = 8;
    private static final int CANCEL = 8;

    /** What the server has seen of WebSockets, besides messages. */
    private final List<String> seen = new CopyOnWriteArrayList<>();

    private final Map<String, String> handshake = new HashMap<>();

    /** What a server does with a message; opcodes are those of RFC 6455. */
    private interface OnMessage {
        void handle(Connection connection, int stream, int opcode, byte[] payload) throws Exception;
    }

    private static void sendFrame(Connection connection, int stream, int flags, int opcode, byte[] payload)
            throws Exception {
        var frame = new ByteArrayOutputStream();
        frame.write(0x80 | opcode);
        if (payload.length < 126) {
            frame.write(payload.length);
        } else {
            frame.write(127);
            frame.writeBytes(ByteBuffer.allocate(8).putLong(payload.length).array());
        }
        frame.writeBytes(payload);
        var bytes = frame.toByteArray();
        for (int at = 0; at < bytes.length; at += 16384) {
            int end = Math.min(bytes.length, at + 16384);
            connection.send(DATA, end == bytes.length ? flags : 0, stream, Arrays.copyOfRange(bytes, at, end));
        }
    }

    /** Sends each message back, and answers a close as it should be. */
    private void echo(Connection connection, int stream, int opcode, byte[] payload) throws Exception {
        if (opcode == 8) {
            seen.add("close " + (ByteBuffer.wrap(payload).getShort() & 0xFFFF));
            sendFrame(connection, stream, END_STREAM, opcode, payload);
        } else {
            sendFrame(connection, stream, 0, opcode, payload);
        }
    }

    /** Takes the complete frames out of what came; all of them are masked, and none is a part of a message. */
    private static void takeFrames(ByteArrayOutputStream bytes, Connection connection, int stream, OnMessage script)
            throws Exception {
        while (true) {
            var data = ByteBuffer.wrap(bytes.toByteArray());
            if (data.remaining() < 2) {
                return;
            }
            int first = data.get() & 0xFF;
            int length = data.get() & 0x7F;
            assertEquals(0x80, first & 0xF0);
            if (length == 126 && data.remaining() >= 2) {
                length = data.getShort() & 0xFFFF;
            } else if (length == 127 && data.remaining() >= 8) {
                length = Math.toIntExact(data.getLong());
            }
            if (data.remaining() < length + 4) {
                return;
            }
            var mask = new byte[4];
            data.get(mask);
            var payload = new byte[length];
            data.get(payload);
            for (int i = 0; i < length; i++) {
                payload[i] ^= mask[i % 4];
            }
            bytes.reset();
            bytes.write(data.array(), data.position(), data.remaining());
            script.handle(connection, stream, first & 0xF, payload);
        }
    }

    /** Answers other requests with "plain". */
    private Http2Server server(int setting, String status, OnMessage script) throws Exception {
        return Http2Server.start(
                connection -> {
                    connection.settings(ENABLE_CONNECT_PROTOCOL, setting);
                    var received = new HashMap<Integer, ByteArrayOutputStream>();
                    for (Frame frame; (frame = connection.read()) != null; ) {
                        int stream = frame.stream;
                        if (frame.type == HEADERS && !frame.isEnd()) {
                            handshake.putAll(connection.request(stream).headers);
                            received.put(stream, new ByteArrayOutputStream());
                            connection.headers(stream, 0, ":status", status);
                            if (!status.equals("200")) {
                                connection.data(stream, END_STREAM, "no");
                            }
                        } else if (frame.type == HEADERS) {
                            connection.answer(stream, "plain");
                        } else if (frame.type == DATA) {
                            received.get(stream).writeBytes(frame.payload);
                            takeFrames(received.get(stream), connection, stream, script);
                            if (frame.payload.length > 0) {
                                connection.windowUpdate(0, frame.payload.length);
                                connection.windowUpdate(stream, frame.payload.length);
                            }
                            if (frame.isEnd()) {
                                seen.add("end");
                            }
                        } else if (frame.type == RST_STREAM) {
                            seen.add("reset " + frame.number());
                        }
                    }
                },
                connection -> {
                    seen.add("HTTP/1.1");
                    var peer = RawWebSocket.accept(connection, new byte[0]);
                    peer.connection.awaitClosedByClient();
                });
    }

    private static ClientSession session() {
        return ClientSession.builder().tls(Tls.insecure()).build();
    }

    private static String plain(ClientSession session, String url) {
        try (var response = await(session.get(url))) {
            return response.version() + " " + await(response.text());
        }
    }

    @Test
    void sharesTheConnection() throws Exception {
        try (var server = server(1, "200", this::echo)) {
            run(() -> {
                try (var session = session()) {
                    assertEquals("HTTP/2 plain", plain(session, server.url()));
                    var request = session.wsConnect(server.url().replace("https", "wss") + "chat?a=b")
                            .header("X-Key", "k")
                            .origin("https://shop.example");
                    with(request, ws -> {
                        for (var text : List.of("one", "two", "three")) {
                            await(ws.sendStr(text));
                        }
                        assertEquals("HTTP/2 plain", plain(session, server.url()));
                        var heard = new ArrayList<String>();
                        for (int i = 0; i < 3; i++) {
                            heard.add(await(ws.receiveStr()));
                        }
                        assertEquals(List.of("one", "two", "three"), heard);
                        await(ws.close());
                        assertEquals(1000, ws.closeCode());
                    });
                    assertEquals("HTTP/2 plain", plain(session, server.url()));
                }
            });
            assertEquals(1, server.connections());
        }
        assertEquals("CONNECT", handshake.get(":method"));
        assertEquals("websocket", handshake.get(":protocol"));
        assertEquals("https", handshake.get(":scheme"));
        assertEquals("/chat?a=b", handshake.get(":path"));
        assertTrue(handshake.get(":authority").startsWith("127.0.0.1:"));
        assertEquals("13", handshake.get("sec-websocket-version"));
        assertEquals("k", handshake.get("x-key"));
        assertEquals("https://shop.example", handshake.get("origin"));
        for (var name : List.of("sec-websocket-key", "upgrade", "connection", "host")) {
            assertFalse(handshake.containsKey(name), name);
        }
        assertEquals("close 1000", seen.get(0));
    }

    @Test
    void withoutTheSettingItIsHttp1() throws Exception {
        try (var server = server(0, "200", this::echo)) {
            run(() -> {
                try (var session = session()) {
                    assertEquals("HTTP/2 plain", plain(session, server.url()));
                    await(session.wsConnect(server.url()));
                }
            });
            assertEquals(2, server.connections());
        }
        assertEquals("HTTP/1.1", seen.get(0));
    }

    /** A connection that would only be made to ask for the setting is not made. */
    @Test
    void withoutAConnectionItIsHttp1() throws Exception {
        try (var server = server(1, "200", this::echo)) {
            run(() -> {
                try (var session = session()) {
                    await(session.wsConnect(server.url()));
                }
            });
        }
        assertEquals("HTTP/1.1", seen.get(0));
    }

    @Test
    void aRefusal() throws Exception {
        try (var server = server(1, "403", this::echo)) {
            run(() -> {
                try (var session = session()) {
                    assertEquals("HTTP/2 plain", plain(session, server.url()));
                    var refused = assertThrows(
                            WSServerHandshakeException.class, () -> await(session.wsConnect(server.url())));
                    assertEquals(403, refused.status());
                    assertEquals("HTTP/2 plain", plain(session, server.url()));
                }
            });
            assertEquals(1, server.connections());
        }
        assertEquals(List.of("reset " + CANCEL), seen);
    }

    @Test
    void largeMessages() throws Exception {
        try (var server = server(1, "200", this::echo)) {
            run(() -> {
                try (var session = session()) {
                    plain(session, server.url());
                    with(session.wsConnect(server.url()), ws -> {
                        for (int turn = 0; turn < 3; turn++) {
                            var message = new byte[700_000];
                            Arrays.fill(message, (byte) ('a' + turn));
                            await(ws.sendBytes(message));
                            assertArrayEquals(message, await(ws.receiveBytes()));
                        }
                        await(ws.close());
                        assertEquals(1000, ws.closeCode());
                    });
                }
            });
        }
    }

    @Test
    void theServerEndsTheStream() throws Exception {
        OnMessage ending = (connection, stream, opcode, payload) -> {
            if (new String(payload, StandardCharsets.US_ASCII).equals("reset")) {
                connection.reset(stream, INTERNAL_ERROR);
            } else {
                connection.data(stream, END_STREAM, "");
            }
        };
        try (var server = server(1, "200", ending)) {
            run(() -> {
                try (var session = session()) {
                    plain(session, server.url());
                    for (var how : List.of("reset", "end")) {
                        var ws = await(session.wsConnect(server.url()));
                        await(ws.sendStr(how));
                        var last = await(ws.receive());
                        assertTrue(
                                last.type() == WSMsgType.CLOSED || last.type() == WSMsgType.ERROR,
                                () -> how + " " + last);
                        assertEquals(1006, ws.closeCode());
                    }
                    assertEquals("HTTP/2 plain", plain(session, server.url()));
                }
            });
            assertEquals(1, server.connections());
        }
    }

    @Test
    void theSessionIsClosed() throws Exception {
        try (var server = server(1, "200", this::echo)) {
            run(() -> {
                var session = session();
                plain(session, server.url());
                await(session.wsConnect(server.url()));
                session.close();
            });
            // The server reads on until the connection has ended.
            for (long end = System.nanoTime() + 30_000_000_000L; seen.isEmpty() && System.nanoTime() < end; ) {
                Thread.sleep(5);
            }
            assertEquals("close 1001", seen.get(0));
        }
    }

    @Test
    void messagesOfSeveralAtOnce() throws Exception {
        try (var server = server(1, "200", this::echo)) {
            run(() -> {
                try (var session = session()) {
                    plain(session, server.url());
                    with(taskGroup(), group -> {
                        for (int number = 0; number < 10; number++) {
                            var name = "socket " + number;
                            group.createTask(async(() -> {
                                with(session.wsConnect(server.url()).compress(0), ws -> {
                                    for (int i = 0; i < 20; i++) {
                                        await(ws.sendStr(name + " " + i));
                                        assertEquals(name + " " + i, await(ws.receiveStr()));
                                    }
                                    await(ws.close());
                                    assertEquals(1000, ws.closeCode());
                                });
                            }));
                        }
                    });
                }
            });
            assertEquals(1, server.connections());
        }
    }
}
