package asyncio.internal.http.connect

import asyncio.http.Proxy
import io.netty.util.NetUtil
import java.io.ByteArrayOutputStream
import java.net.Inet4Address
import java.net.InetAddress

/** Asks a SOCKS proxy for a tunnel to the server (SOCKS 4, 4a; RFC 1928, RFC 1929). */
internal class SocksTunnel(
    private val channel: RawChannel,
    private val key: ConnectionKey,
    /** Resolves the server's host, where that is not left to the proxy. */
    private val resolve: suspend () -> List<InetAddress>,
) {
    private val proxy = key.proxy!!

    /** The proxy refuses, or its answer is not SOCKS. */
    private class Refused(
        message: String,
    ) : Exception(message)

    /** Returns when everything that is sent goes to the server. */
    suspend fun open(): Unit =
        orThrow({ key.proxyFailed(why(it), it) }) {
            when (proxy.scheme()) {
                Proxy.Scheme.SOCKS4 -> open4(addresses())
                Proxy.Scheme.SOCKS4A -> open4(literal()?.let(::listOf))
                Proxy.Scheme.SOCKS5 -> open5(addresses())
                else -> open5(literal()?.let(::listOf))
            }
        }

    private suspend fun addresses() = literal()?.let(::listOf) ?: resolve()

    private fun literal(): InetAddress? =
        NetUtil.createByteArrayFromIpAddressString(key.host)?.let(InetAddress::getByAddress)

    // ---- SOCKS 4

    private suspend fun open4(addresses: List<InetAddress>?) {
        val address =
            if (addresses == null) {
                UNKNOWN
            } else {
                addresses.firstOrNull { it is Inet4Address }?.address
                    ?: throw Refused("SOCKS 4 reaches IPv4 addresses only, and ${key.host} has none")
            }
        val message = ByteArrayOutputStream()
        message.write(4)
        message.write(CONNECT)
        message.writePort()
        message.writeBytes(address)
        message.writeBytes(proxy.user().orEmpty().toByteArray())
        message.write(0)
        if (address === UNKNOWN) {
            message.writeBytes(key.host.toByteArray())
            message.write(0)
        }
        channel.send(message.toByteArray())
        expect(0, 4)
        val reply = channel.read()
        channel.skip(6)
        if (reply != GRANTED_4) throw Refused("it answered ${REPLIES_4[reply] ?: "with the unknown code $reply"}")
    }

    // ---- SOCKS 5

    private suspend fun open5(addresses: List<InetAddress>?) {
        authenticate()
        val message = ByteArrayOutputStream()
        message.write(5)
        message.write(CONNECT)
        message.write(0)
        if (addresses == null) {
            val name = key.host.removeSuffix(".").toByteArray()
            if (name.size > 255) throw Refused("the name of the host is too long for SOCKS 5")
            message.write(NAME)
            message.write(name.size)
            message.writeBytes(name)
        } else {
            val address = addresses[0]
            message.write(if (address is Inet4Address) IPV4 else IPV6)
            message.writeBytes(address.address)
        }
        message.writePort()
        channel.send(message.toByteArray())
        expect(5, 5)
        val reply = channel.read()
        // Some proxies end their refusal here.
        if (reply != 0) throw Refused("it answered ${REPLIES_5.getOrNull(reply) ?: "with the unknown code $reply"}")
        channel.read()
        val length =
            when (channel.read()) {
                IPV4 -> 4
                IPV6 -> 16
                NAME -> channel.read()
                else -> throw Refused("its answer is not SOCKS 5")
            }
        channel.skip(length + 2)
    }

    private suspend fun authenticate() {
        val user = proxy.user()
        channel.send(if (user == null) byteArrayOf(5, 1, NO_AUTH) else byteArrayOf(5, 2, NO_AUTH, PASSWORD))
        expect(5, 5)
        val method = channel.read()
        if (method == NO_AUTH.toInt()) return
        if (method != PASSWORD.toInt() || user == null) {
            throw Refused(if (user == null) "it wants a user and a password" else "it takes no user and password")
        }
        val message = ByteArrayOutputStream()
        message.write(1)
        for (text in listOf(user, proxy.password()!!)) {
            val bytes = text.toByteArray()
            message.write(bytes.size)
            message.writeBytes(bytes)
        }
        channel.send(message.toByteArray())
        expect(1, 5)
        if (channel.read() != 0) throw Refused("it refused user and password")
    }

    private suspend fun expect(
        byte: Int,
        version: Int,
    ) {
        if (channel.read() != byte) throw Refused("its answer is not SOCKS $version")
    }

    private fun ByteArrayOutputStream.writePort() {
        write(key.port shr 8)
        write(key.port)
    }

    private companion object {
        const val CONNECT = 1
        const val GRANTED_4 = 90
        const val NO_AUTH: Byte = 0
        const val PASSWORD: Byte = 2
        const val IPV4 = 1
        const val NAME = 3
        const val IPV6 = 4

        /** SOCKS 4a: the name follows. */
        val UNKNOWN = byteArrayOf(0, 0, 0, 1)

        val REPLIES_4 =
            mapOf(
                91 to "that it refuses, or has failed",
                92 to "that it cannot ask this machine who the user is (identd)",
                93 to "that this machine names another user (identd)",
            )

        val REPLIES_5 =
            listOf(
                "",
                "that it has failed",
                "that its rules do not allow this connection",
                "that the network cannot be reached",
                "that the host cannot be reached",
                "that the server refused the connection",
                "that it took too long (TTL)",
                "that it does not know CONNECT",
                "that it does not know this kind of address",
            )
    }
}
