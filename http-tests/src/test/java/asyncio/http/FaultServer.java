package asyncio.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;

/**
 * Answers each request as its path says, well or not. It is a proxy as well, of HTTP and of SOCKS 5, which leads to the
 * server itself.
 */
final class FaultServer implements AutoCloseable {

    enum Kind {
        GOOD,
        CHUNKED,
        GOOD_THEN_CLOSED,
        GOOD_THEN_RESET,
        DRIPPED,
        LATE,
        SILENT,
        UNTIL_CLOSE,
        SURPLUS,
        CODED,
        BAD_CODING,
        REDIRECT,
        CLOSED_AT,
        RESET_AT,
        REFUSED,
        MALFORMED_HEAD,
        MALFORMED_BODY,
        UPLOAD,
        UPLOAD_RESET;

        final boolean uploads = name().startsWith("UPLOAD");
    }

    /**
     * What the server is to do.
     *
     * @param size of the body
     * @param number of the request, on which the bytes of the body depend
     * @param detail where to break off, how long to wait, which mistake to make
     */
    record Plan(Kind kind, int size, int number, int detail) {

        static Plan of(String path) {
            // A proxy gets whole URLs.
            var parts = path.replaceFirst("http://[^/]*", "").split("/");
            return new Plan(
                    Kind.valueOf(parts[1]),
                    Integer.parseInt(parts[2]),
                    Integer.parseInt(parts[3]),
                    Integer.parseInt(parts[4]));
        }

        String path() {
            return "/" + kind + "/" + size + "/" + number + "/" + detail;
        }

        byte octet(int index) {
            return (byte) (number * 31 + index * 7);
        }

        byte[] body() {
            var body = new byte[size];
            for (int i = 0; i < size; i++) {
                body[i] = octet(i);
            }
            return body;
        }

        /** What the client is to see of it. */
        byte[] expected() {
            return kind.uploads ? ("" + size).getBytes() : body();
        }

        byte[] response() {
            var body = expected();
            return switch (kind) {
                case CHUNKED -> chunked(body);
                case UNTIL_CLOSE -> joined(head(""), body);
                case SURPLUS -> joined(withLength("", body), "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes());
                case CODED -> withLength("Content-Encoding: gzip\r\n", gzip(body));
                case BAD_CODING -> withLength("Content-Encoding: gzip\r\n", cut(gzip(body)));
                case REDIRECT ->
                    ("HTTP/1.1 302 Found\r\nContent-Length: 3\r\nLocation: "
                                    + new Plan(Kind.GOOD, size, number, detail).path() + "\r\n\r\nbye")
                            .getBytes();
                case MALFORMED_HEAD -> joined(HEADS[detail % HEADS.length].getBytes(StandardCharsets.ISO_8859_1), body);
                case MALFORMED_BODY ->
                    joined(
                            head("Transfer-Encoding: chunked\r\n"),
                            BODIES[detail % BODIES.length].getBytes(StandardCharsets.ISO_8859_1));
                case CLOSED_AT, RESET_AT -> detail % 2 == 0 ? withLength("", body) : chunked(body);
                default -> withLength("", body);
            };
        }

        int headSize() {
            return new String(response(), StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n") + 4;
        }

        /** After how many bytes to break off: everywhere, but often about the end of the head, or at the very end. */
        int cut() {
            int length = response().length;
            return switch (detail % 5) {
                case 0, 1 -> detail / 5 % (length + 1);
                case 2 -> Math.min(length, headSize() - 5 + detail / 5 % 10);
                case 3 -> detail / 5 % headSize();
                default -> length - detail / 5 % Math.min(length, 8);
            };
        }

        private static byte[] head(String headers) {
            return ("HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n" + headers + "\r\n").getBytes();
        }

        private static byte[] withLength(String headers, byte[] body) {
            return joined(head(headers + "Content-Length: " + body.length + "\r\n"), body);
        }

        private byte[] chunked(byte[] body) {
            var all = new ByteArrayOutputStream();
            all.writeBytes(head("Transfer-Encoding: chunked\r\n"));
            int most = 1 + detail % 997;
            for (int at = 0; at < body.length; at += most) {
                int size = Math.min(most, body.length - at);
                all.writeBytes((Integer.toHexString(size) + "\r\n").getBytes());
                all.write(body, at, size);
                all.writeBytes("\r\n".getBytes());
            }
            all.writeBytes("0\r\nX-Sum: 1\r\n\r\n".getBytes());
            return all.toByteArray();
        }

        private byte[] cut(byte[] bytes) {
            return Arrays.copyOf(bytes, 1 + detail % (bytes.length - 1));
        }

        private static byte[] joined(byte[] first, byte[] second) {
            var all = Arrays.copyOf(first, first.length + second.length);
            System.arraycopy(second, 0, all, first.length, second.length);
            return all;
        }

        private static byte[] gzip(byte[] bytes) {
            var all = new ByteArrayOutputStream();
            try (var gzip = new GZIPOutputStream(all)) {
                gzip.write(bytes);
            } catch (IOException impossible) {
                throw new AssertionError(impossible);
            }
            return all.toByteArray();
        }

        private static final String[] HEADS = {
            "SSH-2.0-x\r\n\r\n",
            "HTTP/1.1 20 OK\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            "HTTP/1.1 200 OK\r\nX : y\r\n\r\n",
            "HTTP/1.1 200 OK\r\nX: \u0000\r\n\r\n",
            "HTTP/1.1 200 OK\nX: y\n\n",
            "HTTP/1.1 200 OK\r\nX: " + "y".repeat(9000) + "\r\n\r\n",
        };

        private static final String[] BODIES = {
            "x\r\n", "-1\r\n", "5\r\nhello!", "5;\n", "80000000\r\n", "1\r\nx\n", "0\r\nX y: z\r\n\r\n",
        };
    }

    private final ServerSocket listener;
    private final ExecutorService threads = Executors.newCachedThreadPool(code -> {
        var thread = new Thread(code, "fault-server");
        thread.setDaemon(true);
        return thread;
    });
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

    private FaultServer() throws IOException {
        listener = new ServerSocket(0, 500, InetAddress.getByName("127.0.0.1"));
        threads.execute(this::accept);
    }

    static FaultServer start() throws IOException {
        return new FaultServer();
    }

    int port() {
        return listener.getLocalPort();
    }

    /** How many the server has at this moment: the client has closed neither of them. */
    int connections() {
        return sockets.size();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (var socket : sockets) {
            socket.close();
        }
        threads.shutdownNow();
    }

    private void accept() {
        while (true) {
            try {
                var socket = listener.accept();
                sockets.add(socket);
                threads.execute(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            var in = new BufferedInputStream(socket.getInputStream());
            if (isSocks(in)) {
                openTunnel(in, socket.getOutputStream());
            }
            while (true) {
                var head = readHead(in);
                if (head == null || !answer(Plan.of(head.split(" ")[1]), head, in, socket)) {
                    return;
                }
            }
        } catch (IOException | InterruptedException gone) {
            // The client has had enough.
        } finally {
            sockets.remove(socket);
        }
    }

    private static boolean isSocks(InputStream in) throws IOException {
        in.mark(1);
        boolean isSocks = in.read() == 5;
        in.reset();
        return isSocks;
    }

    /** RFC 1928: no user, a connect to a name, granted. */
    private static void openTunnel(InputStream in, OutputStream out) throws IOException {
        in.skipNBytes(1);
        in.skipNBytes(in.read());
        out.write(new byte[] {5, 0});
        in.skipNBytes(4);
        in.skipNBytes(in.read() + 2);
        out.write(new byte[] {5, 0, 0, 1, 127, 0, 0, 1, 0, 80});
    }

    private static String readHead(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.length() < 4 || head.charAt(head.length() - 1) != '\n' || head.charAt(head.length() - 3) != '\n') {
            int next = in.read();
            if (next < 0) {
                return null;
            }
            head.append((char) next);
        }
        return head.toString();
    }

    /** Whether the connection goes on. */
    private static boolean answer(Plan plan, String head, InputStream in, Socket socket)
            throws IOException, InterruptedException {
        var out = socket.getOutputStream();
        var response = plan.response();
        switch (plan.kind()) {
            case SILENT -> in.readAllBytes();
            case GOOD_THEN_CLOSED, UNTIL_CLOSE -> {
                out.write(response);
                return false;
            }
            case GOOD_THEN_RESET -> {
                out.write(response);
                reset(socket);
            }
            case DRIPPED -> drip(response, plan, out);
            case LATE -> {
                Thread.sleep(plan.detail() % 40);
                out.write(response);
            }
            case CLOSED_AT -> {
                out.write(response, 0, plan.cut());
                return false;
            }
            case RESET_AT -> {
                out.write(response, 0, plan.cut());
                reset(socket);
            }
            case UPLOAD -> {
                in.readNBytes(plan.size());
                out.write(response);
            }
            case UPLOAD_RESET -> {
                in.readNBytes(plan.detail() % (plan.size() + 1));
                reset(socket);
            }
            default -> out.write(response);
        }
        return !socket.isClosed();
    }

    private static void drip(byte[] response, Plan plan, OutputStream out) throws IOException, InterruptedException {
        int pieces = 1 + plan.detail() % 12;
        for (int i = 0; i < pieces; i++) {
            int from = (int) ((long) response.length * i / pieces);
            int to = (int) ((long) response.length * (i + 1) / pieces);
            out.write(response, from, to - from);
            Thread.sleep(1);
        }
    }

    private static void reset(Socket socket) throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }
}
