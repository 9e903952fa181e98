package asyncio.http;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;

/** The server's end of a WebSocket, which sends whatever a test wants. By RFC 6455, and by nothing of the client's. */
final class RawWebSocket {
    static final int FIN = 0x80;
    static final int RSV1 = 0x40;
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    /** What the client sent, unmasked. */
    record Frame(int first, byte[] payload) {
        int opcode() {
            return first & 0xF;
        }

        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }

        int closeCode() {
            return opcode() == CLOSE && payload.length >= 2
                    ? ByteBuffer.wrap(payload).getShort() & 0xFFFF
                    : -1;
        }

        String closeReason() {
            return new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8);
        }
    }

    final RawServer.Connection connection;
    final String request;
    private final DataInputStream in;

    private RawWebSocket(RawServer.Connection connection, String request) throws IOException {
        this.connection = connection;
        this.request = request;
        this.in = new DataInputStream(connection.socket.getInputStream());
    }

    /** A server that upgrades each connection. */
    static RawServer serving(Script script, String... headers) throws IOException {
        return RawServer.start(connection -> script.serve(accept(connection, new byte[0], headers)));
    }

    interface Script {
        void serve(RawWebSocket peer) throws Exception;
    }

    /** Answers the handshake as it should be. What comes at once comes in the same packet. */
    static RawWebSocket accept(RawServer.Connection connection, byte[] atOnce, String... headers) throws IOException {
        var request = connection.readRequest();
        if (request == null) {
            throw new IOException("closed before the handshake");
        }
        var head = new StringBuilder("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n")
                .append("Connection: Upgrade\r\nSec-WebSocket-Accept: ")
                .append(answerTo(request))
                .append("\r\n");
        for (var header : headers) {
            head.append(header).append("\r\n");
        }
        var all = new ByteArrayOutputStream();
        all.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        all.writeBytes(atOnce);
        connection.socket.getOutputStream().write(all.toByteArray());
        return new RawWebSocket(connection, request);
    }

    static String answerTo(String request) {
        try {
            var text = header(request, "Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
            var hash = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** The value of a header of the request; null if it is not there. */
    static String header(String request, String name) {
        for (var line : request.split("\r\n")) {
            if (line.regionMatches(true, 0, name + ":", 0, name.length() + 1)) {
                return line.substring(name.length() + 1).trim();
            }
        }
        return null;
    }

    String header(String name) {
        return header(request, name);
    }

    static byte[] frame(int first, byte[] payload) {
        var out = ByteBuffer.allocate(payload.length + 10).put((byte) first);
        if (payload.length < 126) {
            out.put((byte) payload.length);
        } else if (payload.length < 65536) {
            out.put((byte) 126).putShort((short) payload.length);
        } else {
            out.put((byte) 127).putLong(payload.length);
        }
        out.put(payload);
        var frame = new byte[out.position()];
        out.flip().get(frame);
        return frame;
    }

    static byte[] frame(int first, String payload) {
        return frame(first, payload.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] closeFrame(int code, String reason) {
        var bytes = reason.getBytes(StandardCharsets.UTF_8);
        return frame(
                FIN | CLOSE,
                ByteBuffer.allocate(bytes.length + 2)
                        .putShort((short) code)
                        .put(bytes)
                        .array());
    }

    static byte[] join(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (var part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    void send(byte[] bytes) throws IOException {
        connection.socket.getOutputStream().write(bytes);
    }

    void sendText(String text) throws IOException {
        send(frame(FIN | TEXT, text));
    }

    /** The client's next frame; null if it has closed the connection. */
    Frame read() throws IOException {
        int first = in.read();
        if (first < 0) {
            return null;
        }
        int second = in.readUnsignedByte();
        if ((second & 0x80) == 0) {
            throw new AssertionError("A client has to mask");
        }
        long length = second & 0x7F;
        if (length == 126) {
            length = in.readUnsignedShort();
            if (length < 126) {
                throw new AssertionError("length " + length + " in two bytes");
            }
        } else if (length == 127) {
            length = in.readLong();
            if (length < 65536) {
                throw new AssertionError("length " + length + " in eight bytes");
            }
        }
        var mask = new byte[4];
        in.readFully(mask);
        var payload = new byte[Math.toIntExact(length)];
        in.readFully(payload);
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= mask[i & 3];
        }
        return new Frame(first, payload);
    }

    /** The client's next frame that is no ping. */
    Frame readSkippingPings() throws IOException {
        while (true) {
            var frame = read();
            if (frame == null || frame.opcode() != PING) {
                return frame;
            }
        }
    }

    /** Sends back what comes, until the client closes. */
    void echo() throws IOException {
        for (Frame frame; (frame = read()) != null; ) {
            switch (frame.opcode()) {
                case CLOSE -> {
                    send(frame(FIN | CLOSE, frame.payload));
                    return;
                }
                case PING -> send(frame(FIN | PONG, frame.payload));
                case PONG -> {}
                default -> send(frame(frame.first, frame.payload));
            }
        }
    }

    /** Answers the client's close, whatever it sends before. */
    void awaitClose() throws IOException {
        for (Frame frame; (frame = read()) != null; ) {
            if (frame.opcode() == CLOSE) {
                send(frame(FIN | CLOSE, frame.payload));
                return;
            }
        }
    }
}
