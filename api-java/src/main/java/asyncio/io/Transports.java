package asyncio.io;

import asyncio.CheckReturnValue;
import asyncio.Coroutine;
import asyncio.spi.IoProvider;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Connections and servers for protocols: objects whose methods are called when something happens. To be imported
 * statically. Python: {@code loop.create_connection}, {@code loop.create_server} and their kin.
 *
 * <p>Most programs are easier with {@link Streams}. All of them belong to the loop that runs the calling code; without
 * one they throw {@link IllegalStateException}.
 */
public final class Transports {
    private Transports() {}

    /**
     * Connects to a server over TCP; what is raised when is said at {@link Streams#openConnection(String, int)}.
     * Python: {@code loop.create_connection}.
     *
     * @param protocolFactory makes the protocol: a {@link Protocol} or a {@link BufferedProtocol}
     */
    @CheckReturnValue
    public static <P extends BaseProtocol<Transport>> Coroutine<Endpoint<Transport, P>> createConnection(
            Supplier<P> protocolFactory, String host, int port) {
        return createConnection(protocolFactory, host, port, ConnectOptions.NONE);
    }

    /** {@link #createConnection(Supplier, String, int)} with settings. */
    @CheckReturnValue
    public static <P extends BaseProtocol<Transport>> Coroutine<Endpoint<Transport, P>> createConnection(
            Supplier<P> protocolFactory, String host, int port, ConnectOptions options) {
        return IoProvider.get().network().createConnection(protocolFactory, host, port, options);
    }

    /** Connects to the Unix domain socket at {@code path}. Python: {@code loop.create_unix_connection}. */
    @CheckReturnValue
    public static <P extends BaseProtocol<Transport>> Coroutine<Endpoint<Transport, P>> createUnixConnection(
            Supplier<P> protocolFactory, Path path, ConnectOptions options) {
        return IoProvider.get().network().createUnixConnection(protocolFactory, path, options);
    }

    /**
     * Listens on all addresses of {@code host}; each connection gets a protocol of its own. What is raised when is said
     * at {@link Streams#startServer(ClientConnectedCallback, String, int)}. Python: {@code loop.create_server}.
     */
    @CheckReturnValue
    public static Coroutine<Server> createServer(
            Supplier<? extends BaseProtocol<Transport>> protocolFactory, @Nullable String host, int port) {
        return createServer(protocolFactory, host == null ? List.of() : List.of(host), port, ServerOptions.NONE);
    }

    /**
     * {@link #createServer(Supplier, String, int)} on several hosts, with settings; none for all addresses of the
     * machine.
     */
    @CheckReturnValue
    public static Coroutine<Server> createServer(
            Supplier<? extends BaseProtocol<Transport>> protocolFactory,
            List<String> hosts,
            int port,
            ServerOptions options) {
        return IoProvider.get().network().createServer(protocolFactory, hosts, port, options);
    }

    /** Listens on the Unix domain socket at {@code path}. Python: {@code loop.create_unix_server}. */
    @CheckReturnValue
    public static Coroutine<Server> createUnixServer(
            Supplier<? extends BaseProtocol<Transport>> protocolFactory, Path path, ServerOptions options) {
        return IoProvider.get().network().createUnixServer(protocolFactory, path, options);
    }

    /**
     * Makes a transport of a socket that other code has accepted, or connected; it belongs to the transport from now
     * on. Python: {@code loop.connect_accepted_socket}, and {@code create_connection(sock=…)}.
     *
     * @param options those of TLS count; with {@link ServerOptions#withSsl} this side is the server
     * @throws IllegalArgumentException if the socket is not connected
     */
    @CheckReturnValue
    public static <P extends BaseProtocol<Transport>> Coroutine<Endpoint<Transport, P>> connectAcceptedSocket(
            Supplier<P> protocolFactory, SocketChannel sock, ServerOptions options) {
        return IoProvider.get().network().connectAcceptedSocket(protocolFactory, sock, options);
    }

    /**
     * Opens a socket for datagrams (UDP). Python: {@code loop.create_datagram_endpoint}.
     *
     * @param localAddr where to receive; null for a free port of all addresses
     * @param remoteAddr the one address to send to and to receive from; null for any
     */
    @CheckReturnValue
    public static <P extends DatagramProtocol> Coroutine<Endpoint<DatagramTransport, P>> createDatagramEndpoint(
            Supplier<P> protocolFactory, @Nullable SocketAddress localAddr, @Nullable SocketAddress remoteAddr) {
        return createDatagramEndpoint(protocolFactory, localAddr, remoteAddr, DatagramOptions.NONE);
    }

    /** {@link #createDatagramEndpoint(Supplier, SocketAddress, SocketAddress)} with settings. */
    @CheckReturnValue
    public static <P extends DatagramProtocol> Coroutine<Endpoint<DatagramTransport, P>> createDatagramEndpoint(
            Supplier<P> protocolFactory,
            @Nullable SocketAddress localAddr,
            @Nullable SocketAddress remoteAddr,
            DatagramOptions options) {
        return IoProvider.get().network().createDatagramEndpoint(protocolFactory, localAddr, remoteAddr, options);
    }

    /**
     * Speaks TLS from now on, on a connection that did not, and gives the transport to go on with. Python:
     * {@code loop.start_tls}.
     *
     * <p>Awaiting it raises {@link javax.net.ssl.SSLException} if the handshake fails; the connection is closed then.
     *
     * @param options {@link TlsOptions#withServerSide} says which side this is
     * @throws UnsupportedOperationException if this kind of transport cannot
     */
    @CheckReturnValue
    public static Coroutine<WriteTransport> startTls(
            Transport transport, BaseProtocol<Transport> protocol, SSLContext context, TlsOptions options) {
        return IoProvider.get().network().startTls(transport, protocol, context, options);
    }

    /**
     * Sends a part of a file. Until it is sent nothing is received, and writing raises {@link IllegalStateException}.
     * Python: {@code loop.sendfile}.
     *
     * <p>Awaiting it raises {@link java.io.IOException} if the file cannot be read, and what the connection was lost
     * by.
     *
     * @param offset where to begin
     * @param count how many bytes at the most; -1 for all
     * @return how many were sent
     */
    @CheckReturnValue
    public static Coroutine<Long> sendfile(WriteTransport transport, Path file, long offset, long count) {
        return IoProvider.get().network().sendfile(transport, file, offset, count);
    }
}
