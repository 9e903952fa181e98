package asyncio.http;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Accepts connections, and serves each of them on a thread of its own; a failure of that is one of {@link #close}. */
abstract class SocketServer implements AutoCloseable {

    /** What is done with one connection; afterwards it is closed. */
    interface Service {
        void serve() throws Exception;
    }

    private final ServerSocket listener;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();

    SocketServer(ServerSocket listener) {
        this.listener = listener;
    }

    /** What serves this socket; called on the thread that accepts, for one after the other. */
    abstract Service accepted(Socket socket);

    /** Begins to accept. */
    final void open() {
        daemon(this::accept);
    }

    final int port() {
        return listener.getLocalPort();
    }

    @Override
    public final void close() throws IOException {
        listener.close();
        for (var socket : sockets) {
            socket.close();
        }
        if (!failures.isEmpty()) {
            throw new AssertionError("The script of a connection failed", failures.get(0));
        }
    }

    private void accept() {
        while (true) {
            Socket socket;
            try {
                socket = listener.accept();
            } catch (IOException closed) {
                return;
            }
            sockets.add(socket);
            var service = accepted(socket);
            daemon(() -> serve(socket, service));
        }
    }

    private void serve(Socket accepted, Service service) {
        try (var socket = accepted) {
            socket.setTcpNoDelay(true);
            service.serve();
        } catch (IOException gone) {
            // The client has closed the connection, as many tests want it to.
        } catch (Throwable failure) {
            failures.add(failure);
        }
    }

    static void daemon(Runnable code) {
        var thread = new Thread(code, "test-server");
        thread.setDaemon(true);
        thread.start();
    }
}
