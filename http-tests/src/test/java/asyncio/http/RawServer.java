package asyncio.http;

import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLServerSocket;

/** A server that does on its sockets exactly what a test tells it to, good or bad. */
final class RawServer extends SocketServer {
    static final long PATIENCE_SECONDS = 30;

    /** What the server does with one connection; afterwards it closes it. */
    interface Script {
        void serve(Connection connection) throws Exception;
    }

    private final Script script;
    private final String scheme;
    private final AtomicInteger connections = new AtomicInteger();

    private RawServer(ServerSocket listener, Script script) {
        super(listener);
        this.script = script;
        scheme = listener instanceof SSLServerSocket ? "https" : "http";
        open();
    }

    static RawServer start(Script script) throws IOException {
        return new RawServer(new ServerSocket(0, 200, InetAddress.getByName("127.0.0.1")), script);
    }

    /** A server that speaks TLS, with a certificate that only the tests trust. */
    static RawServer startTls(String protocol, Script script) throws IOException {
        var context = (JdkSslContext) SslContextBuilder.forServer(
                        RawServer.class.getResourceAsStream("certificate.pem"),
                        RawServer.class.getResourceAsStream("key.pem"))
                .sslProvider(SslProvider.JDK)
                .build();
        var listener = (SSLServerSocket) context.context()
                .getServerSocketFactory()
                .createServerSocket(0, 200, InetAddress.getByName("127.0.0.1"));
        listener.setEnabledProtocols(new String[] {protocol});
        return new RawServer(listener, script);
    }

    /** Answers each request of every connection alike. */
    static RawServer answering(String response) throws IOException {
        return start(connection -> {
            while (connection.readRequest() != null) {
                connection.send(response);
            }
        });
    }

    static String ok(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    /** The first header of this name in a request or response; null if there is none. */
    static String header(String head, String name) {
        for (var line : head.split("\r\n\r\n", 2)[0].split("\r\n")) {
            int colon = line.indexOf(':');
            if (colon > 0 && line.substring(0, colon).equalsIgnoreCase(name)) {
                return line.substring(colon + 1).trim();
            }
        }
        return null;
    }

    /** A port of this machine at which no server listens. It stays bound, so no server of another test gets it. */
    static int refusedPort() {
        return Refused.SOCKET.getLocalPort();
    }

    private static final class Refused {
        static final Socket SOCKET = new Socket();

        static {
            try {
                SOCKET.bind(new InetSocketAddress(0));
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    static void await(CountDownLatch latch) throws InterruptedException {
        if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("What the test waits for did not happen");
        }
    }

    String url() {
        return scheme + "://127.0.0.1:" + port() + "/";
    }

    int connections() {
        return connections.get();
    }

    @Override
    Service accepted(Socket socket) {
        var connection = new Connection(socket, connections.incrementAndGet());
        return () -> script.serve(connection);
    }

    /** The server's end of a connection. */
    static final class Connection {
        final Socket socket;
        final int number;
        private final AtomicInteger requests = new AtomicInteger();

        Connection(Socket socket, int number) {
            this.socket = socket;
            this.number = number;
        }

        /** The head of the next request; null if the client has closed the connection. */
        String readRequest() throws IOException {
            var head = new ByteArrayOutputStream();
            InputStream in = socket.getInputStream();
            while (true) {
                int next = in.read();
                if (next < 0) {
                    return null;
                }
                head.write(next);
                var text = head.toString(StandardCharsets.ISO_8859_1);
                if (text.endsWith("\r\n\r\n")) {
                    requests.incrementAndGet();
                    return text;
                }
            }
        }

        /**
         * The next request, its head and behind it its body, unchunked; null if the client has closed the connection.
         */
        String readWhole() throws IOException {
            var head = readRequest();
            return head == null ? null : head + readBody(head);
        }

        /** What follows {@code head}. */
        String readBody(String head) throws IOException {
            var body = new ByteArrayOutputStream();
            var length = header(head, "content-length");
            if (length != null) {
                body.write(socket.getInputStream().readNBytes(Integer.parseInt(length)));
            } else if ("chunked".equals(header(head, "transfer-encoding"))) {
                while (true) {
                    int size = Integer.parseInt(readLine(), 16);
                    body.write(socket.getInputStream().readNBytes(size));
                    readLine();
                    if (size == 0) {
                        break;
                    }
                }
            }
            return body.toString(StandardCharsets.ISO_8859_1);
        }

        private String readLine() throws IOException {
            var line = new StringBuilder();
            for (int next; (next = socket.getInputStream().read()) >= 0 && next != '\n'; ) {
                if (next != '\r') {
                    line.append((char) next);
                }
            }
            return line.toString();
        }

        int requests() {
            return requests.get();
        }

        void send(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        /** Passes on what comes, in both directions, until one of the two has no more: a tunnel. */
        void relay(Socket target) throws IOException {
            daemon(() -> {
                try {
                    target.getInputStream().transferTo(socket.getOutputStream());
                    socket.shutdownOutput();
                } catch (IOException gone) {
                    // So is the tunnel.
                }
            });
            socket.getInputStream().transferTo(target.getOutputStream());
        }

        /** Closes it with a reset instead of an orderly end. */
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        /** Returns when the client has closed its end. */
        void awaitClosedByClient() {
            try {
                InputStream in = socket.getInputStream();
                while (in.read() >= 0) {
                    // More requests are none of this connection's business.
                }
            } catch (IOException reset) {
                // Closed as well.
            }
        }
    }
}
