package asyncio.spi;

import asyncio.Coroutine;
import asyncio.io.AddressFamily;
import asyncio.io.BaseProtocol;
import asyncio.io.ClientConnectedCallback;
import asyncio.io.ConnectOptions;
import asyncio.io.DatagramOptions;
import asyncio.io.DatagramProtocol;
import asyncio.io.DatagramStream;
import asyncio.io.DatagramTransport;
import asyncio.io.Endpoint;
import asyncio.io.Server;
import asyncio.io.ServerOptions;
import asyncio.io.StreamConnection;
import asyncio.io.TlsOptions;
import asyncio.io.Transport;
import asyncio.io.WriteTransport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind sockets and names in {@link asyncio.io}: {@link asyncio.io.Streams},
 * {@link asyncio.io.Transports}, {@link asyncio.io.Datagrams}, {@link asyncio.io.Dns} and
 * {@link asyncio.io.SslContexts}. Each method is the implementation of the one of that name there.
 */
public interface IoNetwork {

    /** {@link asyncio.io.Streams#openConnection(String, int, ConnectOptions)}. */
    Coroutine<StreamConnection> openConnection(String host, int port, ConnectOptions options);

    /** {@link asyncio.io.Streams#openUnixConnection(Path, ConnectOptions)}. */
    Coroutine<StreamConnection> openUnixConnection(Path path, ConnectOptions options);

    /** {@link asyncio.io.Streams#startServer(ClientConnectedCallback, List, int, ServerOptions)}. */
    Coroutine<Server> startServer(
            ClientConnectedCallback clientConnected, List<String> hosts, int port, ServerOptions options);

    /** {@link asyncio.io.Streams#startUnixServer(ClientConnectedCallback, Path, ServerOptions)}. */
    Coroutine<Server> startUnixServer(ClientConnectedCallback clientConnected, Path path, ServerOptions options);

    /** {@link asyncio.io.Transports#createConnection(Supplier, String, int, ConnectOptions)}. */
    <P extends BaseProtocol<Transport>> Coroutine<Endpoint<Transport, P>> createConnection(
            Supplier<P> protocolFactory, String host, int port, ConnectOptions options);

    /** {@link asyncio.io.Transports#createUnixConnection}. */
    <P extends BaseProtocol<Transport>> Coroutine<Endpoint<Transport, P>> createUnixConnection(
            Supplier<P> protocolFactory, Path path, ConnectOptions options);

    /** {@link asyncio.io.Transports#createServer(Supplier, List, int, ServerOptions)}. */
    Coroutine<Server> createServer(
            Supplier<? extends BaseProtocol<Transport>> protocolFactory,
            List<String> hosts,
            int port,
            ServerOptions options);

    /** {@link asyncio.io.Transports#createUnixServer}. */
    Coroutine<Server> createUnixServer(
            Supplier<? extends BaseProtocol<Transport>> protocolFactory, Path path, ServerOptions options);

    /**
     * {@link asyncio.io.Transports#createDatagramEndpoint(Supplier, SocketAddress, SocketAddress, DatagramOptions)}.
     */
    <P extends DatagramProtocol> Coroutine<Endpoint<DatagramTransport, P>> createDatagramEndpoint(
            Supplier<P> protocolFactory,
            @Nullable SocketAddress localAddr,
            @Nullable SocketAddress remoteAddr,
            DatagramOptions options);

    /** {@link asyncio.io.Transports#connectAcceptedSocket}. */
    <P extends BaseProtocol<Transport>> Coroutine<Endpoint<Transport, P>> connectAcceptedSocket(
            Supplier<P> protocolFactory, SocketChannel sock, ServerOptions options);

    /** {@link asyncio.io.Transports#startTls}. */
    Coroutine<WriteTransport> startTls(
            Transport transport, BaseProtocol<Transport> protocol, SSLContext context, TlsOptions options);

    /** {@link asyncio.io.Transports#sendfile}. */
    Coroutine<Long> sendfile(WriteTransport transport, Path file, long offset, long count);

    /** {@link asyncio.io.Datagrams#open}. */
    Coroutine<DatagramStream> openDatagrams(
            @Nullable SocketAddress local, @Nullable SocketAddress remote, DatagramOptions options);

    /** {@link asyncio.io.Dns#getaddrinfo(String, int, AddressFamily)}. */
    Coroutine<List<InetSocketAddress>> getaddrinfo(@Nullable String host, int port, AddressFamily family);

    /** {@link asyncio.io.Dns#getnameinfo}. */
    Coroutine<String> getnameinfo(InetAddress address);

    /** What stands behind {@link asyncio.io.Sockets}. */
    IoSockets sockets();

    /** {@link asyncio.io.SslContexts#system}. */
    SSLContext systemTls();

    /** {@link asyncio.io.SslContexts#insecure}. */
    SSLContext insecureTls();

    /** {@link asyncio.io.SslContexts#showingAndTrusting}; null for what the JVM trusts, and for no certificate. */
    SSLContext tls(@Nullable Path trusted, @Nullable Path certificate, @Nullable Path key);
}
