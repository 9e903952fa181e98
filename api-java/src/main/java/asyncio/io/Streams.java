package asyncio.io;

import asyncio.CheckReturnValue;
import asyncio.Coroutine;
import asyncio.spi.IoProvider;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Connections and servers whose bytes are read and written by coroutines. To be imported statically. Python:
 * {@code asyncio.open_connection}, {@code asyncio.start_server} and their kin.
 *
 * <pre>{@code
 * try (var connection = await(openConnection("localhost", 8888))) {
 *     connection.writer().write("Hello\n");
 *     await(connection.writer().drain());
 *     var answer = await(connection.reader().readline());
 * }
 * }</pre>
 *
 * <p>All of them belong to the loop that runs the calling code; without one they throw {@link IllegalStateException}.
 */
public final class Streams {
    private Streams() {}

    /**
     * Connects to a server over TCP. Python: {@code open_connection}.
     *
     * <p>Awaiting it raises {@link java.net.UnknownHostException} if there is no such host,
     * {@link java.net.ConnectException} if nobody listens there, and {@link java.io.IOException} of other kinds if the
     * system says no; if a host has several addresses that fail in different ways, the message has them all. With TLS
     * also {@link javax.net.ssl.SSLException}. If it is cancelled, nothing stays open.
     *
     * @throws IllegalArgumentException if the port is not one
     */
    @CheckReturnValue
    public static Coroutine<StreamConnection> openConnection(String host, int port) {
        return openConnection(host, port, ConnectOptions.NONE);
    }

    /** {@link #openConnection(String, int)} with settings. */
    @CheckReturnValue
    public static Coroutine<StreamConnection> openConnection(String host, int port, ConnectOptions options) {
        return IoProvider.get().network().openConnection(host, port, options);
    }

    /**
     * Connects to the Unix domain socket at {@code path}. Python: {@code open_unix_connection}.
     *
     * <p>Awaiting it raises {@link java.io.IOException} if that is not possible: a
     * {@link java.nio.file.NoSuchFileException} if nothing is there, a {@link java.nio.file.AccessDeniedException} if
     * this program may not, a {@link java.net.ConnectException} if no server listens.
     */
    @CheckReturnValue
    public static Coroutine<StreamConnection> openUnixConnection(Path path) {
        return openUnixConnection(path, ConnectOptions.NONE);
    }

    /** {@link #openUnixConnection(Path)} with settings. */
    @CheckReturnValue
    public static Coroutine<StreamConnection> openUnixConnection(Path path, ConnectOptions options) {
        return IoProvider.get().network().openUnixConnection(path, options);
    }

    /**
     * Listens on all addresses of {@code host}, and serves each connection by a task of its own. Python:
     * {@code start_server}.
     *
     * <p>Awaiting it raises {@link java.net.BindException} if an address is taken, or is not one of this machine.
     *
     * @param clientConnected the body of these tasks
     * @param host a name or an address; null or empty for all addresses of the machine
     * @param port 0 for a free one, see {@link Server#port()}
     * @throws IllegalArgumentException if the port is not one
     */
    @CheckReturnValue
    public static Coroutine<Server> startServer(
            ClientConnectedCallback clientConnected, @Nullable String host, int port) {
        return startServer(clientConnected, host, port, ServerOptions.NONE);
    }

    /** {@link #startServer(ClientConnectedCallback, String, int)} with settings. */
    @CheckReturnValue
    public static Coroutine<Server> startServer(
            ClientConnectedCallback clientConnected, @Nullable String host, int port, ServerOptions options) {
        return startServer(clientConnected, host == null ? List.of() : List.of(host), port, options);
    }

    /**
     * {@link #startServer(ClientConnectedCallback, String, int)} on several hosts; none for all addresses of the
     * machine.
     */
    @CheckReturnValue
    public static Coroutine<Server> startServer(
            ClientConnectedCallback clientConnected, List<String> hosts, int port, ServerOptions options) {
        return IoProvider.get().network().startServer(clientConnected, hosts, port, options);
    }

    /**
     * Listens on the Unix domain socket at {@code path}. A socket of a server that is gone is replaced. Python:
     * {@code start_unix_server}.
     *
     * <p>Awaiting it raises {@link java.io.IOException} if that is not possible.
     */
    @CheckReturnValue
    public static Coroutine<Server> startUnixServer(ClientConnectedCallback clientConnected, Path path) {
        return startUnixServer(clientConnected, path, ServerOptions.NONE);
    }

    /** {@link #startUnixServer(ClientConnectedCallback, Path)} with settings. */
    @CheckReturnValue
    public static Coroutine<Server> startUnixServer(
            ClientConnectedCallback clientConnected, Path path, ServerOptions options) {
        return IoProvider.get().network().startUnixServer(clientConnected, path, options);
    }
}
