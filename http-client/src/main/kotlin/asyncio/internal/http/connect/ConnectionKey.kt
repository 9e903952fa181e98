package asyncio.internal.http.connect

import asyncio.http.Proxy
import asyncio.http.Tls
import asyncio.internal.http.message.authority

/**
 * Everything that decides whether two requests may share a connection.
 *
 * @property host as in the URL: in lower case, an IPv6 address without brackets
 * @property tls how to speak TLS if [ssl]; null for the connector's settings
 * @property serverName the name for SNI and for the certificate, instead of [host], if [ssl]
 * @property http1 whether the server wants HTTP/1.1, although it would choose HTTP/2
 * @property webSocket whether the connection is for a WebSocket: then it speaks HTTP/1.1, and goes through a tunnel
 */
internal data class ConnectionKey(
    val ssl: Boolean,
    val host: String,
    val port: Int,
    val tls: Tls? = null,
    val serverName: String? = null,
    val proxy: Proxy? = null,
    val webSocket: Boolean = false,
    val http1: Boolean = false,
) {
    /** Whether HTTP/2 may be spoken. */
    val mayBeHttp2: Boolean get() = !webSocket && !http1

    /** Whether requests go to the proxy in full: absolute-form, and with [proxyHeaders]. */
    val viaProxy: Boolean get() = proxy != null && proxy.scheme().isHttp && !tunnelled

    /** Whether an HTTP proxy is asked for a tunnel. RFC 6455, 4.1 wants one for every WebSocket. */
    val tunnelled: Boolean get() = proxy != null && proxy.scheme().isHttp && (ssl || webSocket)

    /** The headers that requests [viaProxy] have in addition, Proxy-Authorization included. */
    fun proxyHeaders(): List<Map.Entry<String, String>> = if (viaProxy) proxy!!.allHeaders() else emptyList()

    /** Host and port, for messages. */
    override fun toString(): String = authority(host, port)
}
