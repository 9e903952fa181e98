package asyncio.internal.net

import java.net.SocketAddress
import java.net.UnixDomainSocketAddress

/** [address] in the JDK's own classes. */
internal fun addressOf(address: SocketAddress?): SocketAddress? =
    when (address) {
        is io.netty.channel.unix.DomainSocketAddress -> UnixDomainSocketAddress.of(address.path())
        else -> address
    }

internal fun hostOf(address: SocketAddress?): String? = (address as? java.net.InetSocketAddress)?.hostString

internal fun checkPort(port: Int) {
    require(port in 0..65_535) { "port is not between 0 and 65535: $port" }
}
