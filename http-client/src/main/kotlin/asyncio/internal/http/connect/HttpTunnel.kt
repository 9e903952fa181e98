package asyncio.internal.http.connect

import asyncio.http.ClientException
import asyncio.http.ClientHttpProxyException
import asyncio.internal.http.http1.HeadReader
import asyncio.internal.http.message.ResponseHeaders
import asyncio.internal.http.message.authority
import asyncio.internal.http.wire.MalformedResponse

/** Asks an HTTP proxy for a tunnel to the server (RFC 9110, 9.3.6). */
internal class HttpTunnel(
    private val channel: RawChannel,
    private val key: ConnectionKey,
    private val digests: ProxyDigests,
    /** Whether the proxy has been asked before, and has asked a question. */
    private val again: Boolean,
) {
    private val proxy = key.proxy!!

    /**
     * Returns when everything that is sent goes to the server.
     *
     * @throws ClientHttpProxyException if the proxy refuses. A body of its answer is not read
     * @throws Asked if it wants an answer to a challenge, over another connection
     */
    suspend fun open(): Unit =
        orThrow({ key.proxyFailed(failure(it), it) }) {
            val answer =
                if (proxy.usesDigest()) {
                    digests.answer(
                        proxy,
                        "CONNECT",
                        authority(key.host, key.port),
                        null,
                    )
                } else {
                    null
                }
            channel.send(request(answer?.header))
            val reader = HeadReader()
            var head = reader.take(channel.read())
            while (head == null) head = reader.take(channel.read())
            val headers = ResponseHeaders(head.headers)
            val mayAskForDigest = head.status == PROXY_AUTHENTICATION && proxy.usesDigest()
            if (mayAskForDigest && digests.asked(proxy, headers, answer, again)) throw Asked()
            if (answer != null) digests.accepted(proxy, headers, answer)
            if (head.status !in 200..299) {
                throw ClientHttpProxyException(
                    head.status,
                    head.reason,
                    proxy.toString(),
                    headers,
                )
            }
        }

    /** The proxy has asked a question that can be answered. */
    class Asked : ClientException("The proxy asks for Digest authentication")

    private fun failure(cause: Exception): String =
        if (cause is MalformedResponse) "its answer to CONNECT is not HTTP: ${cause.message}" else why(cause)

    private fun request(authorization: String?): ByteArray {
        val authority = authority(key.host, key.port)
        val text = StringBuilder("CONNECT $authority HTTP/1.1\r\n")
        val headers = proxy.allHeaders()
        if (headers.none { it.key.equals("Host", ignoreCase = true) }) text.append("Host: $authority\r\n")
        for (header in headers) text.append("${header.key}: ${header.value}\r\n")
        if (authorization != null) text.append("Proxy-Authorization: $authorization\r\n")
        return text.append("\r\n").toString().toByteArray(Charsets.ISO_8859_1)
    }

    private companion object {
        const val PROXY_AUTHENTICATION = 407
    }
}
