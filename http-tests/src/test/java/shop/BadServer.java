package shop;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CopyOnWriteArrayList;

/** Fails in the way that the path of a request says. */
final class BadServer implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    private final CopyOnWriteArrayList<Socket> sockets = new CopyOnWriteArrayList<>();

    private BadServer() throws IOException {}

    static BadServer start() throws IOException {
        var server = new BadServer();
        daemon(server::accept);
        return server;
    }

    String url(String path) {
        return "http://127.0.0.1:" + listener.getLocalPort() + "/" + path;
    }

    /** Of a port at which nobody listens. */
    String refusedUrl() {
        try (var free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return "http://127.0.0.1:" + free.getLocalPort() + "/";
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void accept() {
        try {
            while (true) {
                var socket = listener.accept();
                sockets.add(socket);
                daemon(() -> serve(socket));
            }
        } catch (IOException closed) {
            // The tests are over.
        }
    }

    private static void serve(Socket socket) {
        try {
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            var path = in.readLine().split(" ")[1];
            while (!in.readLine().isEmpty()) {
                // The headers do not matter.
            }
            var response = switch (path) {
                case "/missing" -> "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno";
                case "/half" -> "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nno";
                default -> "";
            };
            socket.getOutputStream().write(response.getBytes(StandardCharsets.ISO_8859_1));
            if (path.equals("/close") || path.equals("/half")) {
                socket.close();
            }
        } catch (IOException gone) {
            // So is the client.
        }
    }

    private static void daemon(Runnable code) {
        var thread = new Thread(code, "bad-server");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (var socket : sockets) {
            socket.close();
        }
    }
}
