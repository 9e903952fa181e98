package asyncio.kotlin.io

import asyncio.AsyncIterable
import asyncio.internal.stream.SuspendClientConnected
import asyncio.io.AddressFamily
import asyncio.io.ConnectOptions
import asyncio.io.DatagramOptions
import asyncio.io.DatagramStream
import asyncio.io.Datagrams
import asyncio.io.Dns
import asyncio.io.Server
import asyncio.io.ServerOptions
import asyncio.io.StreamConnection
import asyncio.io.StreamReader
import asyncio.io.StreamWriter
import asyncio.io.TlsOptions
import asyncio.kotlin.await
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.SocketAddress
import java.nio.charset.Charset
import java.nio.file.Path
import javax.net.ssl.SSLContext
import kotlin.time.Duration
import kotlin.time.toJavaDuration
import asyncio.io.Streams as JavaStreams

/** Connects to a server over TCP; see [JavaStreams.openConnection]. Python: `await asyncio.open_connection(host, port)`. */
public suspend fun openConnection(
    host: String,
    port: Int,
    options: ConnectOptions = ConnectOptions.NONE,
): StreamConnection = await(JavaStreams.openConnection(host, port, options))

/** Connects to a Unix domain socket; see [JavaStreams.openUnixConnection]. Python: `await asyncio.open_unix_connection(path)`. */
public suspend fun openUnixConnection(
    path: Path,
    options: ConnectOptions = ConnectOptions.NONE,
): StreamConnection = await(JavaStreams.openUnixConnection(path, options))

/**
 * Listens on all addresses of [host], and serves each connection by [clientConnected], in a task of its own; see
 * [JavaStreams.startServer]. Python: `await asyncio.start_server(client_connected, host, port)`.
 *
 * @param host a name or an address; null or empty for all addresses of the machine
 * @param port 0 for a free one, see [Server.port]
 */
public suspend fun startServer(
    host: String?,
    port: Int,
    options: ServerOptions = ServerOptions.NONE,
    clientConnected: suspend (reader: StreamReader, writer: StreamWriter) -> Unit,
): Server = await(JavaStreams.startServer(SuspendClientConnected(clientConnected), host, port, options))

/** Listens on a Unix domain socket; see [startServer]. Python: `await asyncio.start_unix_server(client_connected, path)`. */
public suspend fun startUnixServer(
    path: Path,
    options: ServerOptions = ServerOptions.NONE,
    clientConnected: suspend (reader: StreamReader, writer: StreamWriter) -> Unit,
): Server = await(JavaStreams.startUnixServer(SuspendClientConnected(clientConnected), path, options))

/** The reader, for `val (reader, writer) = openConnection(…)`. */
public operator fun StreamConnection.component1(): StreamReader = reader()

/** The writer, for `val (reader, writer) = openConnection(…)`. */
public operator fun StreamConnection.component2(): StreamWriter = writer()

/** The lines as text, without their ends, for Kotlin's `for`; see [StreamReader.lines]. Python: `async for line in reader`. */
public fun StreamReader.textLines(charset: Charset = Charsets.UTF_8): AsyncIterable<String> =
    AsyncIterable { lines(charset) }

/** Speaks TLS from now on; see [StreamWriter.startTls]. Python: `await writer.start_tls(context)`. */
public suspend fun StreamWriter.upgradeToTls(
    context: SSLContext,
    options: TlsOptions = TlsOptions.NONE,
) {
    await(startTls(context, options))
}

/** Opens a socket for datagrams; see [Datagrams.open]. */
public suspend fun openDatagrams(
    local: SocketAddress? = null,
    remote: SocketAddress? = null,
    options: DatagramOptions = DatagramOptions.NONE,
): DatagramStream = await(Datagrams.open(local, remote, options))

/** The addresses of [host]; see [Dns.getaddrinfo]. Python: `await loop.getaddrinfo(host, port)`. */
public suspend fun getaddrinfo(
    host: String?,
    port: Int,
    family: AddressFamily = AddressFamily.ANY,
): List<InetSocketAddress> = await(Dns.getaddrinfo(host, port, family))

/** The name of [address]; see [Dns.getnameinfo]. Python: `await loop.getnameinfo(address)`. */
public suspend fun getnameinfo(address: InetAddress): String = await(Dns.getnameinfo(address))

/** [ConnectOptions.withSslHandshakeTimeout]. */
public fun ConnectOptions.withSslHandshakeTimeout(timeout: Duration): ConnectOptions =
    withSslHandshakeTimeout(timeout.toJavaDuration())

/** [ConnectOptions.withSslShutdownTimeout]. */
public fun ConnectOptions.withSslShutdownTimeout(timeout: Duration): ConnectOptions =
    withSslShutdownTimeout(timeout.toJavaDuration())

/** [ConnectOptions.withHappyEyeballsDelay]. */
public fun ConnectOptions.withHappyEyeballsDelay(delay: Duration?): ConnectOptions =
    withHappyEyeballsDelay(delay?.toJavaDuration())

/** [ServerOptions.withSslHandshakeTimeout]. */
public fun ServerOptions.withSslHandshakeTimeout(timeout: Duration): ServerOptions =
    withSslHandshakeTimeout(timeout.toJavaDuration())

/** [ServerOptions.withSslShutdownTimeout]. */
public fun ServerOptions.withSslShutdownTimeout(timeout: Duration): ServerOptions =
    withSslShutdownTimeout(timeout.toJavaDuration())

/** [TlsOptions.withSslHandshakeTimeout]. */
public fun TlsOptions.withSslHandshakeTimeout(timeout: Duration): TlsOptions =
    withSslHandshakeTimeout(timeout.toJavaDuration())

/** [TlsOptions.withSslShutdownTimeout]. */
public fun TlsOptions.withSslShutdownTimeout(timeout: Duration): TlsOptions =
    withSslShutdownTimeout(timeout.toJavaDuration())
