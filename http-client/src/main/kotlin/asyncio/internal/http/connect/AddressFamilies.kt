package asyncio.internal.http.connect

import asyncio.http.AddressFamily
import java.net.Inet4Address
import java.net.Inet6Address
import java.net.InetAddress

/** Whether this address is of the wanted [family]. */
internal infix fun InetAddress.fits(family: AddressFamily): Boolean =
    when (family) {
        AddressFamily.ANY -> true
        AddressFamily.IPV4 -> this is Inet4Address
        AddressFamily.IPV6 -> this is Inet6Address
    }
