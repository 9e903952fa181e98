package asyncio.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** A server of HTTP/2 that sends on its connections exactly the frames that a test tells it to send, good or bad. */
final class Http2Server extends SocketServer {
    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PUSH_PROMISE = 5;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int END_STREAM = 1;
    static final int ACK = 1;
    static final int END_HEADERS = 4;
    static final int PADDED = 8;

    static final int NO_ERROR = 0;
    static final int INTERNAL_ERROR = 2;
    static final int REFUSED_STREAM = 7;
    static final int ENHANCE_YOUR_CALM = 11;
    static final int HTTP_1_1_REQUIRED = 13;

    static final int MAX_CONCURRENT_STREAMS = 3;
    static final int INITIAL_WINDOW_SIZE = 4;

    /** What the server does with one connection; afterwards it closes it. */
    interface Script {
        void serve(Connection connection) throws Exception;
    }

    private final Script script;
    private final RawServer.Script http1;
    private final AtomicInteger connections = new AtomicInteger();

    private Http2Server(SSLServerSocket listener, Script script, RawServer.Script http1) {
        super(listener);
        this.script = script;
        this.http1 = http1;
        var parameters = listener.getSSLParameters();
        parameters.setApplicationProtocols(http1 == null ? new String[] {"h2"} : new String[] {"h2", "http/1.1"});
        listener.setSSLParameters(parameters);
        open();
    }

    static Http2Server start(Script script) throws Exception {
        return start(script, null);
    }

    /** One that speaks HTTP/1.1 with a client that does not offer HTTP/2. */
    static Http2Server start(Script script, RawServer.Script http1) throws Exception {
        var listener =
                context().getServerSocketFactory().createServerSocket(0, 200, InetAddress.getByName("127.0.0.1"));
        return new Http2Server((SSLServerSocket) listener, script, http1);
    }

    private static SSLContext context() throws Exception {
        var context = SSLContext.getInstance("TLS");
        context.init(Keys.MANAGERS, null, null);
        return context;
    }

    /** Made once: a PKCS12 store takes thousands of hashes to open. */
    private static final class Keys {
        static final KeyManager[] MANAGERS;

        static {
            try {
                MANAGERS = managers();
            } catch (IOException | GeneralSecurityException error) {
                throw new ExceptionInInitializerError(error);
            }
        }
    }

    private static KeyManager[] managers() throws IOException, GeneralSecurityException {
        var certificate = CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(resource("certificate.pem")));
        var pem = new String(resource("key.pem"), StandardCharsets.US_ASCII)
                .replaceAll("-----.*?-----", "")
                .replaceAll("\\s", "");
        var key = KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("key", key, new char[0], new Certificate[] {certificate});
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        return keys.getKeyManagers();
    }

    private static byte[] resource(String name) throws IOException {
        try (var in = Http2Server.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }

    String url() {
        return "https://127.0.0.1:" + port() + "/";
    }

    int connections() {
        return connections.get();
    }

    @Override
    Service accepted(Socket socket) {
        return () -> serve((SSLSocket) socket);
    }

    private void serve(SSLSocket socket) throws Exception {
        socket.startHandshake();
        int number = connections.incrementAndGet();
        if ("http/1.1".equals(socket.getApplicationProtocol())) {
            http1.serve(new RawServer.Connection(socket, number));
            return;
        }
        var connection = new Connection(socket, number);
        connection.in.readNBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".length());
        script.serve(connection);
    }

    /** A frame as it came. */
    static final class Frame {
        final int type;
        final int flags;
        final int stream;
        final byte[] payload;

        Frame(int type, int flags, int stream, byte[] payload) {
            this.type = type;
            this.flags = flags;
            this.stream = stream;
            this.payload = payload;
        }

        boolean isEnd() {
            return (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
        }

        /** The error code of RST_STREAM, and the increment of WINDOW_UPDATE. */
        int number() {
            return ByteBuffer.wrap(payload).getInt();
        }

        @Override
        public String toString() {
            return "frame " + type + " of stream " + stream + ", flags " + flags + ", " + payload.length + " bytes";
        }
    }

    /** A request with the whole of its body. */
    static final class Request {
        final int stream;
        final Map<String, String> headers = new HashMap<>();
        final ByteArrayOutputStream body = new ByteArrayOutputStream();

        Request(int stream) {
            this.stream = stream;
        }

        String path() {
            return headers.get(":path");
        }

        String text() {
            return body.toString(StandardCharsets.UTF_8);
        }
    }

    /** The server's end of a connection. One thread reads; several may send. */
    static final class Connection {
        final SSLSocket socket;
        final int number;
        private final InputStream in;
        private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder();
        private final Map<Integer, Request> begun = new HashMap<>();

        Connection(SSLSocket socket, int number) throws IOException {
            this.socket = socket;
            this.number = number;
            in = socket.getInputStream();
        }

        /** The next frame; null if the client has closed the connection. */
        Frame read() throws Exception {
            var data = new DataInputStream(in);
            try {
                int size = data.readUnsignedByte() << 16 | data.readUnsignedShort();
                int type = data.readUnsignedByte();
                int flags = data.readUnsignedByte();
                int stream = data.readInt();
                var payload = new byte[size];
                data.readFully(payload);
                var frame = new Frame(type, flags, stream, payload);
                note(frame);
                return frame;
            } catch (EOFException end) {
                return null;
            }
        }

        private void note(Frame frame) throws Exception {
            if (frame.type == HEADERS) {
                var request = new Request(frame.stream);
                ByteBuf block = Unpooled.wrappedBuffer(frame.payload);
                Http2Headers headers = decoder.decodeHeaders(frame.stream, block);
                headers.forEach(header -> request.headers.put(
                        header.getKey().toString(), header.getValue().toString()));
                begun.put(frame.stream, request);
            } else if (frame.type == DATA) {
                begun.get(frame.stream).body.write(frame.payload);
            }
        }

        /** The next frame of this type, after others. */
        Frame read(int type) throws Exception {
            while (true) {
                var frame = read();
                if (frame == null || frame.type == type) {
                    return frame;
                }
            }
        }

        /**
         * The next request that is complete; null if the client has closed the connection. PINGs are answered
         * meanwhile.
         */
        Request readRequest() throws Exception {
            while (true) {
                var frame = read();
                if (frame == null) {
                    return null;
                }
                if (frame.type == PING && frame.flags == 0) {
                    send(PING, ACK, 0, frame.payload);
                }
                if (frame.isEnd()) {
                    return begun.get(frame.stream);
                }
            }
        }

        /** What came of the request of this stream. */
        Request request(int stream) {
            return begun.get(stream);
        }

        synchronized void send(int type, int flags, int stream, byte[] payload) throws IOException {
            socket.getOutputStream().write(frame(type, flags, stream, payload));
        }

        static byte[] frame(int type, int flags, int stream, byte[] payload) {
            return ByteBuffer.allocate(9 + payload.length)
                    .put((byte) (payload.length >> 16))
                    .putShort((short) payload.length)
                    .put((byte) type)
                    .put((byte) flags)
                    .putInt(stream)
                    .put(payload)
                    .array();
        }

        void settings(int... namesAndValues) throws IOException {
            var payload = ByteBuffer.allocate(3 * namesAndValues.length);
            for (int i = 0; i < namesAndValues.length; i += 2) {
                payload.putShort((short) namesAndValues[i]).putInt(namesAndValues[i + 1]);
            }
            send(SETTINGS, 0, 0, payload.array());
        }

        void headers(int stream, int flags, String... namesAndValues) throws IOException {
            send(HEADERS, flags | END_HEADERS, stream, block(namesAndValues));
        }

        /** Headers as literals, without a table and without Huffman's code. */
        static byte[] block(String... namesAndValues) {
            var block = new ByteArrayOutputStream();
            for (int i = 0; i < namesAndValues.length; i += 2) {
                block.write(0);
                literal(block, namesAndValues[i]);
                literal(block, namesAndValues[i + 1]);
            }
            return block.toByteArray();
        }

        private static void literal(ByteArrayOutputStream to, String text) {
            int length = text.length();
            if (length < 127) {
                to.write(length);
            } else {
                to.write(127);
                for (length -= 127; length >= 128; length >>= 7) {
                    to.write(length & 127 | 128);
                }
                to.write(length);
            }
            to.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        void data(int stream, int flags, String text) throws IOException {
            send(DATA, flags, stream, text.getBytes(StandardCharsets.ISO_8859_1));
        }

        /** A whole response. */
        void answer(int stream, String text) throws IOException {
            headers(stream, 0, ":status", "200");
            data(stream, END_STREAM, text);
        }

        void reset(int stream, int code) throws IOException {
            send(RST_STREAM, 0, stream, ByteBuffer.allocate(4).putInt(code).array());
        }

        void goAway(int last, int code) throws IOException {
            send(GOAWAY, 0, 0, ByteBuffer.allocate(8).putInt(last).putInt(code).array());
        }

        void windowUpdate(int stream, int bytes) throws IOException {
            send(WINDOW_UPDATE, 0, stream, ByteBuffer.allocate(4).putInt(bytes).array());
        }

        /** Reads until the client has closed the connection. */
        void awaitClosedByClient() throws Exception {
            try {
                while (read() != null) {
                    // What it still says does not matter.
                }
            } catch (IOException reset) {
                // Closed as well.
            }
        }
    }
}
