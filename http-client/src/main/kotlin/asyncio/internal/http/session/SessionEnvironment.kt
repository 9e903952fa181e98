package asyncio.internal.http.session

import asyncio.http.Proxy
import asyncio.internal.http.auth.NetrcFile
import asyncio.internal.http.connect.EnvironmentProxies

/** Proxies from the environment variables and passwords from .netrc, for a session that trusts them. */
internal class SessionEnvironment(
    environment: Map<String, String> = EnvVars.variables,
    private val netrc: NetrcFile = NetrcFile(environment::get),
) {
    private val proxies = EnvironmentProxies(environment)

    suspend fun prepare(attempt: RequestAttempt) {
        val url = attempt.target
        attempt.netrcAuthorization = netrc.credentials(url.host)?.encode()
        if (attempt.request.proxyIsSaid) return
        attempt.environmentProxy = proxies.proxyFor(schemeOf(attempt), url.host, url.port)?.let { withPassword(it) }
    }

    private suspend fun withPassword(proxy: Proxy): Proxy {
        if (proxy.user() != null || proxy.scheme() in WITHOUT_PASSWORDS) return proxy
        val known = netrc.credentials(proxy.host()) ?: return proxy
        return proxy.withAuth(known.login(), known.password())
    }

    private fun schemeOf(attempt: RequestAttempt) =
        if (attempt.upgrade == null) {
            attempt.target.scheme
        } else if (attempt.target.ssl) {
            "wss"
        } else {
            "ws"
        }

    private companion object {
        val WITHOUT_PASSWORDS = setOf(Proxy.Scheme.SOCKS4, Proxy.Scheme.SOCKS4A)
    }
}
