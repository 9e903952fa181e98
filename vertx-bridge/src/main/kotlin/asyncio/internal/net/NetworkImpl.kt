package asyncio.internal.net

import asyncio.Coroutine
import asyncio.internal.stream.StreamProtocol
import asyncio.internal.stream.StreamsImpl
import asyncio.internal.stream.TlsUpgradable
import asyncio.io.AddressFamily
import asyncio.io.BaseProtocol
import asyncio.io.ClientConnectedCallback
import asyncio.io.ConnectOptions
import asyncio.io.DatagramOptions
import asyncio.io.DatagramProtocol
import asyncio.io.DatagramStream
import asyncio.io.DatagramTransport
import asyncio.io.Endpoint
import asyncio.io.Server
import asyncio.io.ServerOptions
import asyncio.io.StreamConnection
import asyncio.io.TlsOptions
import asyncio.io.Transport
import asyncio.io.WriteTransport
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import asyncio.spi.IoNetwork
import asyncio.spi.IoSockets
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.SocketAddress
import java.nio.channels.SocketChannel
import java.nio.file.Path
import java.util.function.Supplier
import javax.net.ssl.SSLContext

/** Sockets and names of loops on Vert.x. */
internal object NetworkImpl : IoNetwork {
    // ---- streams

    override fun openConnection(
        host: String,
        port: Int,
        options: ConnectOptions,
    ): Coroutine<StreamConnection> {
        checkPort(port)
        return coroutine {
            val here = NetworkLoop.running()
            connection(here, Connecting(here, options, streams(here, options.limit())).connect(host, port))
        }
    }

    override fun openUnixConnection(
        path: Path,
        options: ConnectOptions,
    ): Coroutine<StreamConnection> =
        coroutine {
            val here = NetworkLoop.running()
            connection(here, Connecting(here, options, streams(here, options.limit())).connect(path))
        }

    override fun startServer(
        clientConnected: ClientConnectedCallback,
        hosts: List<String>,
        port: Int,
        options: ServerOptions,
    ): Coroutine<Server> {
        checkPort(port)
        return coroutine {
            val here = NetworkLoop.running()
            Listening(here, options, streams(here, options.limit(), clientConnected)).listen(hosts, port)
        }
    }

    override fun startUnixServer(
        clientConnected: ClientConnectedCallback,
        path: Path,
        options: ServerOptions,
    ): Coroutine<Server> =
        coroutine {
            val here = NetworkLoop.running()
            Listening(here, options, streams(here, options.limit(), clientConnected)).listen(path)
        }

    private fun streams(
        here: NetworkLoop,
        limit: Int,
        clientConnected: ClientConnectedCallback? = null,
    ) = Supplier { StreamsImpl.protocol(here.loop, limit, clientConnected) }

    private fun connection(
        here: NetworkLoop,
        endpoint: Endpoint<Transport, StreamProtocol>,
    ): StreamConnection = StreamsImpl.connection(here.loop, endpoint.transport(), endpoint.protocol())

    // ---- protocols

    override fun <P : BaseProtocol<Transport>> createConnection(
        protocolFactory: Supplier<P>,
        host: String,
        port: Int,
        options: ConnectOptions,
    ): Coroutine<Endpoint<Transport, P>> {
        checkPort(port)
        return coroutine { Connecting(NetworkLoop.running(), options, protocolFactory).connect(host, port) }
    }

    override fun <P : BaseProtocol<Transport>> createUnixConnection(
        protocolFactory: Supplier<P>,
        path: Path,
        options: ConnectOptions,
    ): Coroutine<Endpoint<Transport, P>> =
        coroutine { Connecting(NetworkLoop.running(), options, protocolFactory).connect(path) }

    override fun createServer(
        protocolFactory: Supplier<out BaseProtocol<Transport>>,
        hosts: List<String>,
        port: Int,
        options: ServerOptions,
    ): Coroutine<Server> {
        checkPort(port)
        return coroutine { Listening(NetworkLoop.running(), options, protocolFactory).listen(hosts, port) }
    }

    override fun createUnixServer(
        protocolFactory: Supplier<out BaseProtocol<Transport>>,
        path: Path,
        options: ServerOptions,
    ): Coroutine<Server> = coroutine { Listening(NetworkLoop.running(), options, protocolFactory).listen(path) }

    override fun <P : BaseProtocol<Transport>> connectAcceptedSocket(
        protocolFactory: Supplier<P>,
        sock: SocketChannel,
        options: ServerOptions,
    ): Coroutine<Endpoint<Transport, P>> {
        require(sock.isConnected) { "sock is not connected: $sock" }
        return coroutine { AcceptedSocket(NetworkLoop.running(), options, protocolFactory).connect(sock) }
    }

    override fun startTls(
        transport: Transport,
        protocol: BaseProtocol<Transport>,
        context: SSLContext,
        options: TlsOptions,
    ): Coroutine<WriteTransport> {
        if (transport !is TlsUpgradable) throw UnsupportedOperationException("$transport cannot speak TLS")
        return coroutine { await(transport.startTls(protocol, context, options, ByteArray(0))) }
    }

    override fun sendfile(
        transport: WriteTransport,
        file: Path,
        offset: Long,
        count: Long,
    ): Coroutine<Long> = coroutine { sendFile(transport, file, offset, count) }

    private suspend fun sendFile(
        transport: WriteTransport,
        file: Path,
        offset: Long,
        count: Long,
    ): Long {
        require(offset >= 0) { "offset is negative: $offset" }
        require(count >= -1) { "count is negative: $count" }
        if (transport !is ChannelTransport) throw UnsupportedOperationException("$transport is not a socket")
        return transport.sendFile(file, offset, if (count < 0) Long.MAX_VALUE else count)
    }

    // ---- datagrams

    override fun <P : DatagramProtocol> createDatagramEndpoint(
        protocolFactory: Supplier<P>,
        localAddr: SocketAddress?,
        remoteAddr: SocketAddress?,
        options: DatagramOptions,
    ): Coroutine<Endpoint<DatagramTransport, P>> =
        coroutine { DatagramOpening(NetworkLoop.running(), options).open(protocolFactory, localAddr, remoteAddr) }

    override fun openDatagrams(
        local: SocketAddress?,
        remote: SocketAddress?,
        options: DatagramOptions,
    ): Coroutine<DatagramStream> =
        coroutine {
            val here = NetworkLoop.running()
            val factory = Supplier { DatagramStreamImpl(here.loop, options.receiveQueue()) }
            DatagramOpening(here, options).open(factory, local, remote).protocol()
        }

    // ---- names

    override fun getaddrinfo(
        host: String?,
        port: Int,
        family: AddressFamily,
    ): Coroutine<List<InetSocketAddress>> {
        checkPort(port)
        return coroutine { addressesOf(host ?: "localhost", family).map { InetSocketAddress(it, port) } }
    }

    override fun getnameinfo(address: InetAddress): Coroutine<String> = coroutine { SystemNames.nameOf(address) }

    override fun sockets(): IoSockets = SocketsImpl

    // ---- TLS

    override fun systemTls(): SSLContext = TlsContexts.SYSTEM

    override fun insecureTls(): SSLContext = TlsContexts.INSECURE

    override fun tls(
        trusted: Path?,
        certificate: Path?,
        key: Path?,
    ): SSLContext = TlsContexts.of(trusted, certificate, key)
}
