package asyncio.internal.http.cookie

import asyncio.internal.http.message.DomainNames
import io.netty.util.NetUtil

/** The rules of RFC 6265 for hosts and paths. */
internal object CookieHosts {
    /** The host of a URL as cookies know it: without the dot that may end it. */
    fun canonical(host: String): String = host.removeSuffix(".")

    fun isAddress(host: String): Boolean =
        ':' in host || (host.isNotEmpty() && host.last() in '0'..'9' && NetUtil.isValidIpV4Address(host))

    /** The domain of a cookie in ASCII and lower case; null if it is none. */
    fun ascii(domain: String): String? = DomainNames.toAscii(domain)

    /** 5.1.3; for a host that is not an address. */
    fun domainMatches(
        host: String,
        domain: String,
    ): Boolean =
        host.endsWith(domain) &&
            (host.length == domain.length || host[host.length - domain.length - 1] == '.')

    /** 5.1.4. */
    fun pathMatches(
        path: String,
        cookiePath: String,
    ): Boolean =
        path.startsWith(cookiePath) &&
            (path.length == cookiePath.length || cookiePath.endsWith('/') || path[cookiePath.length] == '/')

    /** 5.1.4: the directory of a URL's path. */
    fun defaultPath(path: String): String {
        val slash = path.lastIndexOf('/')
        return if (slash <= 0) "/" else path.substring(0, slash)
    }
}
