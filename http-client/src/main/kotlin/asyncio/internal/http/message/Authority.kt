package asyncio.internal.http.message

import java.net.InetAddress

/** [host] as it stands in a URL: an IPv6 address has brackets. */
internal fun bracketed(host: String): String = if (':' in host) "[$host]" else host

/** Host and port as in a request line. */
internal fun authority(
    host: String,
    port: Int,
): String = "${bracketed(host)}:$port"

/** The bytes of an address of IPv6 in text that is one. Netty would take `::1.2.3.4` for an address of IPv4. */
internal fun ipv6Bytes(address: String): ByteArray {
    // It asks nobody for an address.
    val bytes = InetAddress.getByName("[$address]").address
    return if (bytes.size == 16) bytes else ByteArray(10) + byteArrayOf(-1, -1) + bytes
}

/**
 * An IPv6 address as RFC 5952 writes it: in lower case, the longest run of zeros left out; one that stands for an IPv4 address
 * ends with that if it is [mixed].
 */
internal fun canonicalIpv6(
    address: ByteArray,
    mixed: Boolean = true,
): String {
    val isMapped =
        (0 until 10).all { address[it].toInt() == 0 } && address[10].toInt() == -1 && address[11].toInt() == -1
    if (mixed && isMapped) {
        return "::ffff:" + (12 until 16).joinToString(".") { (address[it].toInt() and 0xFF).toString() }
    }
    val pieces = IntArray(8) { (address[2 * it].toInt() and 0xFF shl 8) or (address[2 * it + 1].toInt() and 0xFF) }
    var longest = IntRange.EMPTY
    var index = 0
    while (index < 8) {
        val start = index
        while (index < 8 && pieces[index] == 0) index++
        if (index - start > maxOf(1, longest.count())) longest = start until index
        index++
    }
    val text = StringBuilder()
    index = 0
    while (index < 8) {
        if (index == longest.first && !longest.isEmpty()) {
            text.append("::")
            index = longest.last + 1
        } else {
            if (text.isNotEmpty() && !text.endsWith(':')) text.append(':')
            text.append(Integer.toHexString(pieces[index++]))
        }
    }
    return text.toString()
}
