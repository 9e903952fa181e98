package samples.flags;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A server that can do everything wrong: it reads the head of a request, and what it sends is the test's. */
final class RawServer implements AutoCloseable {

    /** Answers one request; the connection is closed when it returns. */
    interface Handler {
        void answer(String path, OutputStream out) throws Exception;
    }

    private final ServerSocket listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final Handler handler;

    RawServer(Handler handler) throws IOException {
        this.handler = handler;
        start(this::listen);
    }

    /** An answer with the length that it says. */
    static void ok(OutputStream out, String body) throws IOException {
        send(out, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    static void send(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    String url() {
        return "http://127.0.0.1:" + listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (var connection : connections) {
            connection.close();
        }
    }

    private void listen() {
        try {
            while (true) {
                var connection = listener.accept();
                connections.add(connection);
                start(() -> serve(connection));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void serve(Socket connection) {
        try (connection) {
            var in = new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
            var request = in.readLine();
            if (request != null) {
                while (!in.readLine().isEmpty()) {
                    // The headers do not matter.
                }
                handler.answer(request.split(" ")[1], connection.getOutputStream());
            }
        } catch (Exception e) {
            // The client has gone, or close() was called.
        }
    }

    private static void start(Runnable code) {
        var thread = new Thread(code, "raw-server");
        thread.setDaemon(true);
        thread.start();
    }
}
