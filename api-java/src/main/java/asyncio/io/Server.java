package asyncio.io;

import asyncio.AsyncContextManager;
import asyncio.CheckReturnValue;
import asyncio.Coroutine;
import asyncio.EventLoop;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Listens for connections. Python: {@code asyncio.Server}.
 *
 * <pre>{@code
 * with(await(startServer(this::serve, "localhost", 8888)), server -> {
 *     await(server.serveForever());
 * });
 * }</pre>
 *
 * <p>{@code with} closes it at the end, and waits until it is closed. Only code of the loop may call it.
 */
public interface Server extends AutoCloseable, AsyncContextManager<Server> {

    /** Where it listens: one address for each socket; nothing once it is closed. Python: {@code sockets}. */
    List<SocketAddress> sockets();

    /**
     * The port of the first socket, for servers that were given port 0.
     *
     * @throws IllegalStateException if it is closed, or listens on no port
     */
    int port();

    /** The loop of the server. Python: {@code get_loop}. */
    EventLoop getLoop();

    /** Whether it accepts connections. Python: {@code is_serving}. */
    boolean isServing();

    /**
     * Accepts connections from now on, if it was made without that. Python: {@code start_serving}.
     *
     * <p>Awaiting it raises {@link IllegalStateException} if the server is closed.
     */
    @CheckReturnValue
    Coroutine<@Nullable Void> startServing();

    /**
     * Accepts connections until the awaiting task is cancelled, which closes the server, or until {@link #close()},
     * which raises {@link asyncio.CancelledError} here. Python: {@code serve_forever}.
     *
     * <p>Awaiting it raises {@link IllegalStateException} if the server is closed, or if another task awaits it
     * already.
     */
    @CheckReturnValue
    Coroutine<@Nullable Void> serveForever();

    /** Stops listening. Connections that were accepted go on. May be called again. Python: {@code close}. */
    @Override
    void close();

    /** Closes all connections that were accepted, after what was written is sent. Python: {@code close_clients}. */
    void closeClients();

    /**
     * Closes all connections that were accepted, at once; the tasks of {@link Streams#startServer} that serve them are
     * cancelled. Python: {@code abort_clients}, which leaves the tasks alone.
     */
    void abortClients();

    /** Waits until the server is closed and all its connections are gone. Python: {@code wait_closed}. */
    @CheckReturnValue
    Coroutine<@Nullable Void> waitClosed();
}
