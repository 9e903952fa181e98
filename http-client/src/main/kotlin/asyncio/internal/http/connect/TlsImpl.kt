package asyncio.internal.http.connect

import asyncio.http.Tls
import asyncio.internal.run.EventLoopImpl
import asyncio.kotlin.await
import io.netty.handler.ssl.SslHandler
import io.netty.handler.ssl.util.InsecureTrustManagerFactory
import io.netty.util.NetUtil
import java.util.concurrent.Callable
import javax.net.ssl.KeyManager
import javax.net.ssl.SSLContext
import javax.net.ssl.SSLEngine
import javax.net.ssl.SSLSession
import javax.net.ssl.TrustManager

/** How to speak TLS. Nothing in it changes, so that it can be used by several loops. */
internal class TlsImpl(
    private val verify: Boolean = true,
    private val trustManagers: Array<TrustManager>? = null,
    private val keyManagers: Array<KeyManager>? = null,
    /** The SHA-256 digest of the one certificate to accept. */
    val fingerprint: ByteArray? = null,
    val serverName: String? = null,
    private val protocols: Array<String> = arrayOf("TLSv1.3", "TLSv1.2"),
    private val ciphers: Array<String>? = null,
) : Tls {
    /** Made once, because sessions are resumed within it; that reads the JVM's certificates, which takes a while. */
    private val lazyContext =
        lazy {
            val trust = if (verify) trustManagers else InsecureTrustManagerFactory.INSTANCE.trustManagers
            SSLContext.getInstance("TLS").apply { init(keyManagers, trust, null) }
        }

    /**
     * A handler that speaks TLS to the server at [port] that is called [name], and offers it [applications] (ALPN).
     */
    suspend fun newHandler(
        loop: EventLoopImpl,
        name: String,
        port: Int,
        applications: Array<String>,
    ): SslHandler {
        if (!lazyContext.isInitialized()) await(loop.runInExecutor(null, Callable { lazyContext.value }))
        val handler = SslHandler(newEngine(plain(name), port, applications))
        // The limit is the request's.
        handler.handshakeTimeoutMillis = 0
        return handler
    }

    private fun newEngine(
        name: String,
        port: Int,
        applications: Array<String>,
    ): SSLEngine {
        val engine = lazyContext.value.createSSLEngine(name, port)
        engine.useClientMode = true
        val parameters = engine.sslParameters
        parameters.protocols = protocols
        ciphers?.let { parameters.cipherSuites = it }
        parameters.applicationProtocols = applications
        parameters.serverNames = if (isAddress(name)) emptyList() else listOfNotNull(ServerNames.indication(name))
        if (verify && !isForUs(name)) parameters.endpointIdentificationAlgorithm = "HTTPS"
        engine.sslParameters = parameters
        return engine
    }

    /**
     * The part of the verification of the server that is called [name] that the JDK leaves out.
     *
     * @throws java.security.cert.CertificateException if its certificate is not for that name
     */
    fun checkName(
        session: SSLSession,
        name: String,
    ) {
        if (verify && isForUs(plain(name))) ServerNames.check(session, plain(name))
    }

    /** The JDK would refuse the name, whatever the certificate is. */
    private fun isForUs(name: String) = !isAddress(name) && !ServerNames.isOrdinary(name)

    private fun plain(name: String) = name.substringBefore('%').removeSuffix(".")

    override fun toString(): String =
        when {
            this === SYSTEM -> "<Tls>"
            this === INSECURE -> "<Tls insecure>"
            else -> "<Tls with settings>"
        }

    companion object {
        val SYSTEM = TlsImpl()
        val INSECURE = TlsImpl(verify = false)

        private fun isAddress(name: String) = NetUtil.isValidIpV4Address(name) || NetUtil.isValidIpV6Address(name)
    }
}

internal fun checkedTls(tls: Tls): TlsImpl {
    require(
        tls is TlsImpl,
    ) { "A Tls is made by its own methods, such as Tls.builder(), and not by ${tls.javaClass.name}" }
    return tls
}
