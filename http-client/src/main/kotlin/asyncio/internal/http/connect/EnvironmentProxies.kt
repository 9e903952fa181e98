package asyncio.internal.http.connect

import asyncio.http.Proxy
import asyncio.internal.http.message.DomainNames
import io.netty.util.NetUtil
import java.math.BigInteger

/**
 * The proxies that environment variables name, as other programs have it: `HTTP_PROXY`, `HTTPS_PROXY`, `WS_PROXY`,
 * `WSS_PROXY` for URLs of these schemes, `ALL_PROXY` for all the others, `NO_PROXY` for hosts to connect to directly. In
 * lower case they go first, and an empty one turns that in upper case off.
 *
 * `NO_PROXY` is a list with commas or blanks of names (which stand for their subdomains too, with or without a dot in
 * front), IP addresses, networks (`10.0.0.0/8`), each of them perhaps with a port, or `*`.
 */
internal class EnvironmentProxies(
    private val environment: Map<String, String>,
) {
    private val direct = valueOf("no_proxy").split(',', ' ', '\t').filter { it.isNotEmpty() }.map(::Bypass)

    /**
     * The proxy for a URL with this scheme, host and port; null if there is none.
     *
     * @throws IllegalArgumentException if the variable holds no URL of a proxy; its value is not shown
     */
    fun proxyFor(
        scheme: String,
        host: String,
        port: Int,
    ): Proxy? {
        var name = "${scheme}_proxy"
        var value = valueOf(name)
        if (value.isEmpty()) {
            name = "all_proxy"
            value = valueOf(name)
        }
        if (value.isEmpty() || direct.any { it.covers(host, port) }) return null
        try {
            return Proxy.of(if ("://" in value) value else "http://$value")
        } catch (error: IllegalArgumentException) {
            val message = "The environment variable $name, or ${name.uppercase()}, is of no use: ${error.message}"
            throw IllegalArgumentException(message, error)
        }
    }

    private fun valueOf(name: String): String {
        environment[name]?.let { return it.trim() }
        // In a CGI script a client can set it, by a header of the name "Proxy".
        if (name == "http_proxy" && "REQUEST_METHOD" in environment) return ""
        return environment[name.uppercase()].orEmpty().trim()
    }

    /** One entry of NO_PROXY. */
    private class Bypass(
        entry: String,
    ) {
        private val all = entry == "*"
        private val name: String
        private val port: Int?
        private val network: ByteArray?
        private val bits: Int

        init {
            val bracket = entry.indexOf(']')
            val colon = entry.indexOf(':', maxOf(bracket, 0))
            // Several colons without brackets are an IPv6 address.
            val hasPort = colon >= 0 && (bracket >= 0 || entry.lastIndexOf(':') == colon)
            port = if (hasPort) entry.substring(colon + 1).toIntOrNull() ?: -1 else null
            val host = if (hasPort) entry.take(colon) else entry
            name =
                host
                    .replace("[", "")
                    .replace("]", "")
                    .trimStart('*')
                    .trim('.')
                    .let { DomainNames.toAscii(it) ?: it.lowercase() }
            val slash = name.indexOf('/')
            val address = NetUtil.createByteArrayFromIpAddressString(if (slash < 0) name else name.take(slash))
            val size = (address?.size ?: 0) * Byte.SIZE_BITS
            bits = if (slash < 0) size else name.substring(slash + 1).toIntOrNull()?.takeIf { it in 0..size } ?: -1
            network = if (bits < 0) null else address
        }

        fun covers(
            host: String,
            port: Int,
        ): Boolean {
            if (all) return true
            if (this.port != null && this.port != port) return false
            if (name.isEmpty()) return false
            val address = NetUtil.createByteArrayFromIpAddressString(host)
            if (address != null) return network != null && covers(network, address)
            val asked = host.removeSuffix(".")
            return network == null && (asked == name || asked.endsWith(".$name"))
        }

        private fun covers(
            network: ByteArray,
            address: ByteArray,
        ): Boolean {
            if (network.size != address.size) return false
            val shift = network.size * Byte.SIZE_BITS - bits
            return BigInteger(1, network).shiftRight(shift) == BigInteger(1, address).shiftRight(shift)
        }
    }
}
