package asyncio.internal.http.session

import asyncio.http.Proxy
import asyncio.internal.http.auth.NetrcFile
import asyncio.internal.http.connect.EnvironmentProxies

/** What a session takes from its surroundings if it trusts them: proxies from the environment, passwords from .netrc. */
internal class Surroundings(
    environment: Map<String, String> = Environment.variables,
    private val netrc: NetrcFile = NetrcFile(environment::get),
) {
    private val proxies = EnvironmentProxies(environment)

    suspend fun prepare(hop: Hop) {
        val url = hop.target
        hop.netrcAuthorization = netrc.credentials(url.host)?.encode()
        if (hop.request.proxyIsSaid) return
        hop.environmentProxy = proxies.proxyFor(schemeOf(hop), url.host, url.port)?.let { withPassword(it) }
    }

    private suspend fun withPassword(proxy: Proxy): Proxy {
        if (proxy.user() != null || proxy.scheme() in WITHOUT_PASSWORDS) return proxy
        val known = netrc.credentials(proxy.host()) ?: return proxy
        return proxy.withAuth(known.login(), known.password())
    }

    private fun schemeOf(hop: Hop) =
        if (hop.upgrade == null) {
            hop.target.scheme
        } else if (hop.target.ssl) {
            "wss"
        } else {
            "ws"
        }

    private companion object {
        val WITHOUT_PASSWORDS = setOf(Proxy.Scheme.SOCKS4, Proxy.Scheme.SOCKS4A)
    }
}
