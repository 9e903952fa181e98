package asyncio.internal.net

import asyncio.io.ClientAuth
import asyncio.io.ConnectOptions
import asyncio.io.ServerOptions
import asyncio.io.TlsOptions
import io.netty.util.NetUtil
import javax.net.ssl.SNIHostName
import javax.net.ssl.SSLContext
import javax.net.ssl.SSLEngine

/** What a connection says to TLS besides its context. */
internal class TlsSettings(
    private val serverHostname: String? = null,
    private val applications: List<String> = emptyList(),
    private val clientAuth: ClientAuth = ClientAuth.NONE,
) {
    /** An engine for one connection; [peer] is the host that was connected to. */
    fun engine(
        context: SSLContext,
        isServer: Boolean,
        peer: String?,
    ): SSLEngine = if (isServer) serverEngine(context) else clientEngine(context, serverHostname ?: peer.orEmpty())

    private fun clientEngine(
        context: SSLContext,
        host: String,
    ): SSLEngine {
        val name = host.substringBefore('%').removeSuffix(".")
        val engine = if (name.isEmpty()) context.createSSLEngine() else context.createSSLEngine(name, -1)
        engine.useClientMode = true
        val parameters = engine.sslParameters
        parameters.serverNames = if (mayBeAskedFor(name)) listOf(SNIHostName(name)) else emptyList()
        if (name.isNotEmpty()) parameters.endpointIdentificationAlgorithm = "HTTPS"
        if (applications.isNotEmpty()) parameters.applicationProtocols = applications.toTypedArray()
        engine.sslParameters = parameters
        return engine
    }

    private fun serverEngine(context: SSLContext): SSLEngine {
        val engine = context.createSSLEngine()
        engine.useClientMode = false
        val parameters = engine.sslParameters
        when (clientAuth) {
            ClientAuth.NONE -> {}

            ClientAuth.WANTED -> {
                parameters.wantClientAuth = true
            }

            ClientAuth.REQUIRED -> {
                parameters.needClientAuth = true
            }
        }
        if (applications.isNotEmpty()) parameters.applicationProtocols = applications.toTypedArray()
        engine.sslParameters = parameters
        return engine
    }

    private fun mayBeAskedFor(name: String): Boolean {
        if (name.isEmpty() || NetUtil.isValidIpV4Address(name) || NetUtil.isValidIpV6Address(name)) return false
        return try {
            SNIHostName(name)
            true
        } catch (_: IllegalArgumentException) {
            false
        }
    }

    companion object {
        fun of(options: TlsOptions) = TlsSettings(options.serverHostname())

        fun of(options: ConnectOptions) = TlsSettings(options.serverHostname(), options.alpnProtocols())

        fun of(options: ServerOptions) =
            TlsSettings(applications = options.alpnProtocols(), clientAuth = options.clientAuth())
    }
}
