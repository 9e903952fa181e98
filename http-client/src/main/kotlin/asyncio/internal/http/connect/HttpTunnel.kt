package asyncio.internal.http.connect

import asyncio.http.ClientHttpProxyException
import asyncio.http.Proxy
import asyncio.internal.http.message.ResponseHeaders
import io.vertx.core.MultiMap
import io.vertx.core.http.HttpHeaders

/** Asks an HTTP proxy for a tunnel to the server (RFC 9110, 9.3.6). */
internal class HttpTunnel(
    private val link: Link,
    private val key: ConnectionKey,
) {
    private val proxy = key.proxy!!
    private var taken = 0

    /** What the proxy answers is no HTTP. */
    private class Malformed(
        message: String,
    ) : Exception(message)

    /**
     * Returns when what is sent goes to the server.
     *
     * @throws ClientHttpProxyException if the proxy refuses. What it says about that in a body is not read
     */
    suspend fun open(): Unit =
        orThrow(
            { key.proxyFailed(if (it is Malformed) "its answer to CONNECT is no HTTP: ${why(it)}" else why(it), it) },
        ) {
            link.send(request())
            while (true) {
                val line = readLine()
                val status = statusOf(line)
                val headers = readHeaders()
                if (status in 200..299) return
                // Interim responses may come before the final one, as everywhere in HTTP.
                if (status in 102..199 || status == 100) continue
                throw ClientHttpProxyException(
                    status,
                    line.drop(REASON_START),
                    proxy.toString(),
                    ResponseHeaders(headers),
                )
            }
        }

    private fun request(): ByteArray {
        val authority = authority(key.host, key.port)
        val text = StringBuilder("CONNECT $authority HTTP/1.1\r\n")
        val headers = proxy.allHeaders()
        if (headers.none { it.key.equals("Host", ignoreCase = true) }) text.append("Host: $authority\r\n")
        for (header in headers) text.append("${header.key}: ${header.value}\r\n")
        return text.append("\r\n").toString().toByteArray(Charsets.ISO_8859_1)
    }

    private fun statusOf(line: String): Int {
        val status = line.substring(minOf(STATUS_START, line.length), minOf(STATUS_END, line.length))
        val fits =
            (line.startsWith("HTTP/1.1 ") || line.startsWith("HTTP/1.0 ")) &&
                status.length == 3 && status.all { it in '0'..'9' } && status[0] in '1'..'5' &&
                (line.length == STATUS_END || line[STATUS_END] == ' ')
        if (!fits) throw Malformed("it does not begin with a status line")
        return status.toInt()
    }

    private suspend fun readHeaders(): MultiMap {
        val headers = HttpHeaders.headers()
        while (true) {
            val line = readLine()
            if (line.isEmpty()) return headers
            val colon = line.indexOf(':')
            if (colon < 1 || !line.take(colon).all(::isTokenChar)) throw Malformed("a header has no name")
            headers.add(line.take(colon), line.drop(colon + 1).trim(' ', '\t'))
        }
    }

    /** A line without its end, which is CR and LF. */
    private suspend fun readLine(): String {
        val line = StringBuilder()
        while (true) {
            val next = link.read().toChar()
            if (++taken > MAX_HEAD) throw Malformed("its head is larger than $MAX_HEAD bytes")
            if (next == '\r') {
                taken++
                if (link.read() != '\n'.code) throw Malformed("a CR stands alone")
                return line.toString()
            }
            if (next < ' ' && next != '\t' || next == '\u007F') throw Malformed("there is a control character in it")
            line.append(next)
        }
    }

    private fun isTokenChar(char: Char) =
        char in 'a'..'z' || char in 'A'..'Z' || char in '0'..'9' || char in "!#$%&'*+-.^_`|~"

    private companion object {
        const val MAX_HEAD = 64 * 1024
        const val STATUS_START = 9
        const val STATUS_END = 12
        const val REASON_START = 13
    }
}
