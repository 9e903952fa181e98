package asyncio.http;

import static asyncio.Asyncio.*;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** The two programs of {@link HugeBodyTest}; each runs in a JVM of its own. */
final class HugeBodies {
    private static final int PORTION = 64 * 1024;

    private HugeBodies() {}

    /** Answers a GET with as many bytes as its path says, and a POST with how many bytes came. */
    static final class Server {
        private Server() {}

        public static void main(String[] args) throws IOException {
            try (var listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
                System.out.println("port " + listener.getLocalPort());
                while (true) {
                    serve(listener.accept());
                }
            }
        }

        private static void serve(Socket socket) throws IOException {
            try (socket) {
                var in = new BufferedInputStream(socket.getInputStream(), PORTION);
                for (String request; !(request = line(in)).isEmpty(); ) {
                    while (!line(in).isEmpty()) {
                        // The headers say what is known here anyway.
                    }
                    var words = request.split(" ");
                    if (words[0].equals("GET")) {
                        send(socket, Long.parseLong(words[1].substring(1)));
                    } else {
                        var count = Long.toString(receiveChunks(in));
                        head(socket, count.length());
                        socket.getOutputStream().write(count.getBytes(StandardCharsets.US_ASCII));
                    }
                }
            }
        }

        private static void head(Socket socket, long length) throws IOException {
            var head = "HTTP/1.1 200 OK\r\nContent-Length: " + length + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        }

        private static void send(Socket socket, long size) throws IOException {
            head(socket, size);
            var portion = new byte[PORTION];
            for (long left = size; left > 0; left -= PORTION) {
                socket.getOutputStream().write(portion, 0, (int) Math.min(left, PORTION));
            }
        }

        private static long receiveChunks(InputStream in) throws IOException {
            long count = 0;
            while (true) {
                int size = Integer.parseInt(line(in), 16);
                in.skipNBytes(size + 2L);
                count += size;
                if (size == 0) {
                    return count;
                }
            }
        }

        /** The next line; an empty one also at the end. */
        private static String line(InputStream in) throws IOException {
            var line = new StringBuilder();
            for (int next; (next = in.read()) >= 0 && next != '\n'; ) {
                if (next != '\r') {
                    line.append((char) next);
                }
            }
            return line.toString();
        }
    }

    /** Receives that many bytes and keeps none; then makes and sends as many. */
    static final class Client {
        private Client() {}

        public static void main(String[] args) {
            var url = args[0];
            var size = Long.parseLong(args[1]);
            run(() -> {
                try (var session =
                        ClientSession.builder().timeout(ClientTimeout.NONE).build()) {
                    long received = 0;
                    try (var response = await(session.get(url + size))) {
                        for (var portion : each(response.content().iterAny())) {
                            received += portion.length;
                        }
                    }
                    System.out.println("received " + received);
                    var made = asyncGenerator((asyncio.AsyncGenerator.Yielder<byte[]> out) -> {
                        var portion = new byte[PORTION];
                        for (long left = size; left > 0; left -= PORTION) {
                            out.yield(left >= PORTION ? portion : new byte[(int) left]);
                        }
                    });
                    try (var response = await(session.post(url).body(Payload.ofStream(made)))) {
                        System.out.println("sent " + await(response.text()));
                    }
                }
            });
        }
    }
}
