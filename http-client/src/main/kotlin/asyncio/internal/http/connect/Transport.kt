package asyncio.internal.http.connect

import asyncio.http.ClientConnectionException
import asyncio.http.ClientTimeout
import asyncio.http.ConnectionTimeoutException
import asyncio.http.Proxy
import asyncio.http.ServerFingerprintMismatchException
import asyncio.internal.http.wire.HttpConnection
import asyncio.internal.loop.shown
import asyncio.internal.net.Dialer
import asyncio.internal.run.EventLoopImpl
import asyncio.internal.vertx.VertxHost
import io.netty.handler.ssl.SslHandler
import java.security.MessageDigest
import java.time.Duration

/**
 * Opens connections: look-up, socket, proxy, TLS, HTTP.
 *
 * [open] runs in a task of its own, on the context's thread. Cancelling that closes at once whatever was opened.
 */
internal class Transport(
    private val loop: EventLoopImpl,
    private val host: VertxHost,
    private val settings: ConnectorSettings,
) {
    val addresses = AddressBook(loop, settings)
    private val dialer = Dialer(loop, host, settings.dialSettings, ::dialFailure) { RawChannel(loop, host) }
    private val factory = ConnectionFactory(loop, host, settings)
    val proxyDigests = ProxyDigests()
    private var closed = false

    /**
     * A connection for [key], within the sockConnect of [limits]. It has no listener yet; the
     * server of an HTTP/2 connection has said how many streams it takes.
     */
    suspend fun open(
        key: ConnectionKey,
        limits: ClientTimeout,
        listener: ConnectListener? = null,
    ): HttpConnection {
        if (closed) throw ClientConnectionException("Cannot connect to $key: the connector was closed")
        val limit = limits.sockConnect() ?: return connect(key, listener)
        return timeoutRaising({ ConnectionTimeoutException(tooSlow(key, limit), it) }, limit) { connect(key, listener) }
    }

    private fun tooSlow(
        key: ConnectionKey,
        sockConnect: Duration,
    ): String {
        val way = if (key.proxy == null) "" else " through the proxy ${key.proxy}"
        return "Connecting to $key$way took longer than sockConnect, ${shown(sockConnect)}"
    }

    /** Whether a connection for [key] may turn out to be one that many requests share. */
    fun mayMultiplex(key: ConnectionKey): Boolean =
        if (key.ssl) settings.http2 && key.mayBeHttp2 else settings.knowsHttp2(key)

    fun close() {
        closed = true
        addresses.close()
    }

    private suspend fun connect(
        key: ConnectionKey,
        listener: ConnectListener?,
    ): HttpConnection {
        repeat(MOST_QUESTIONS) { turn ->
            try {
                return connectOnce(key, listener, again = turn > 0)
            } catch (_: HttpTunnel.Asked) {
                // A proxy need not keep the connection on which it has asked.
            }
        }
        throw key.proxyFailed("it asks for Digest authentication again and again", null)
    }

    private suspend fun connectOnce(
        key: ConnectionKey,
        listener: ConnectListener?,
        again: Boolean,
    ): HttpConnection {
        val channel = dial(key, listener)
        try {
            if (key.proxy != null) passProxy(channel, key, listener, again)
            val protocol = if (key.ssl) startTls(channel, key) else null
            return factory.connection(channel, key, protocol)
        } catch (error: Throwable) {
            channel.close()
            throw error
        }
    }

    private suspend fun dial(
        key: ConnectionKey,
        listener: ConnectListener?,
    ): RawChannel {
        val proxy = key.proxy
        val socket = settings.unixSocket
        if (socket != null) {
            require(proxy == null) { "A connector of a Unix domain socket uses no proxy" }
            return orThrow({ key.unreachable(socket, it) }) { dialer.connect(socket) }
        }
        val found = addresses.find(proxy?.host() ?: key.host, proxy?.port() ?: key.port, listener)
        if (proxy == null) return orThrow(key::unreachable) { dialer.connect(found, key.port) }
        return orThrow({ key.proxyFailed(why(it), it) }) { dialer.connect(found, proxy.port()) }
    }

    private suspend fun passProxy(
        channel: RawChannel,
        key: ConnectionKey,
        listener: ConnectListener?,
        again: Boolean,
    ) {
        val proxy = key.proxy!!
        if (proxy.scheme() == Proxy.Scheme.HTTPS) {
            val tls = checkedTls(proxy.tls() ?: TlsImpl.SYSTEM)
            startTls(channel, tls, tls.serverName, proxy.host(), proxy.port(), HTTP_1)
        }
        if (key.tunnelled) {
            HttpTunnel(channel, key, proxyDigests, again).open()
        } else if (!proxy.scheme().isHttp) {
            SocksTunnel(channel, key) { addresses.find(key.host, key.port, listener) }.open()
        }
    }

    /** Gives the protocol that the server has chosen; empty if it has chosen none. */
    private suspend fun startTls(
        channel: RawChannel,
        key: ConnectionKey,
    ): String {
        val tls = checkedTls(key.tls ?: settings.tls)
        val offered = if (settings.http2 && key.mayBeHttp2) HTTP_2_OR_1 else HTTP_1
        return startTls(channel, tls, key.serverName ?: tls.serverName, key.host, key.port, offered)
    }

    private suspend fun startTls(
        channel: RawChannel,
        tls: TlsImpl,
        serverName: String?,
        host: String,
        port: Int,
        offered: Array<String>,
    ): String {
        val handler = tls.newHandler(loop, serverName ?: host, port, offered)
        orThrow({ tlsFailed(host, port, it) }) {
            channel.startTls(handler)
            tls.checkName(handler.engine().session, serverName ?: host)
        }
        tls.fingerprint?.let { checkFingerprint(handler, it, host, port) }
        return handler.engine().applicationProtocol.orEmpty()
    }

    private fun checkFingerprint(
        handler: SslHandler,
        expected: ByteArray,
        host: String,
        port: Int,
    ) {
        val certificate = handler.engine().session.peerCertificates[0]
        val got = MessageDigest.getInstance("SHA-256").digest(certificate.encoded)
        if (!MessageDigest.isEqual(got, expected)) throw ServerFingerprintMismatchException(expected, got, host, port)
    }

    private companion object {
        /** A nonce may be stale at once. */
        const val MOST_QUESTIONS = 3
        val HTTP_2_OR_1 = arrayOf("h2", "http/1.1")
        val HTTP_1 = arrayOf("http/1.1")
    }
}
