package asyncio.internal.http.connect

import asyncio.http.Tls
import asyncio.internal.http.message.DomainNames
import asyncio.internal.net.TlsContexts
import java.io.IOException
import java.io.UncheckedIOException
import java.nio.file.Path
import java.security.GeneralSecurityException
import java.security.KeyStore
import javax.net.ssl.KeyManager
import javax.net.ssl.KeyManagerFactory
import javax.net.ssl.SSLContext
import javax.net.ssl.TrustManager

/** Collects the settings of TLS, and reads their files. */
internal class TlsBuilder : Tls.Builder {
    private var verify = true
    private var trusted: KeyStore? = null
    private var trustManager: TrustManager? = null
    private var keyManagers: Array<KeyManager>? = null
    private var fingerprint: ByteArray? = null
    private var serverName: String? = null
    private var protocols = arrayOf("TLSv1.3", "TLSv1.2")
    private var ciphers: Array<String>? = null

    override fun verify(on: Boolean): Tls.Builder {
        verify = on
        return this
    }

    override fun trust(pem: Path): Tls.Builder {
        val certificates = TlsContexts.certificates(pem)
        val store = trusted()
        for (certificate in certificates) store.setCertificateEntry("pem-${store.size()}", certificate)
        return this
    }

    override fun trust(
        keyStore: Path,
        password: CharArray?,
    ): Tls.Builder {
        val from = load(keyStore, password)
        val store = trusted()
        for (alias in from.aliases()) {
            from.getCertificate(alias)?.let { store.setCertificateEntry("store-${store.size()}", it) }
        }
        return this
    }

    override fun trust(trustManager: TrustManager): Tls.Builder {
        this.trustManager = trustManager
        return this
    }

    override fun certificate(
        pemCertificates: Path,
        pemKey: Path,
    ): Tls.Builder {
        keyManagers = TlsContexts.keyManagers(pemCertificates, pemKey)
        return this
    }

    override fun certificate(
        keyStore: Path,
        password: CharArray,
    ): Tls.Builder {
        val factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm())
        try {
            factory.init(load(keyStore, password), password)
        } catch (error: GeneralSecurityException) {
            throw IllegalArgumentException("The password of the key store $keyStore is not that of its keys", error)
        }
        keyManagers = factory.keyManagers
        return this
    }

    override fun certificate(keyManager: KeyManager): Tls.Builder {
        keyManagers = arrayOf(keyManager)
        return this
    }

    override fun fingerprint(sha256: ByteArray): Tls.Builder {
        require(sha256.size == SHA256_BYTES) {
            "A fingerprint is a SHA-256 digest of $SHA256_BYTES bytes, not of ${sha256.size}"
        }
        fingerprint = sha256.clone()
        return this
    }

    override fun serverName(host: String): Tls.Builder {
        serverName = checkedServerName(host)
        return this
    }

    override fun protocols(names: List<String>): Tls.Builder {
        protocols = known("protocol", names, SSLContext.getDefault().supportedSSLParameters.protocols)
        return this
    }

    override fun ciphers(names: List<String>): Tls.Builder {
        ciphers = known("cipher suite", names, SSLContext.getDefault().supportedSSLParameters.cipherSuites)
        return this
    }

    override fun build(): Tls {
        require(verify || trusted == null && trustManager == null) {
            "verify(false) and trust(…) exclude each other: without verification every server is trusted"
        }
        require(trusted == null || trustManager == null) {
            "trust(…) with a TrustManager and trust(…) with certificates exclude each other"
        }
        return TlsImpl(verify, trustManagers(), keyManagers, fingerprint, serverName, protocols, ciphers)
    }

    private fun trustManagers(): Array<TrustManager>? {
        trustManager?.let { return arrayOf(it) }
        val store = trusted ?: return null
        return TlsContexts.trustManagers(store)
    }

    private fun trusted(): KeyStore =
        trusted ?: KeyStore.getInstance(KeyStore.getDefaultType()).also {
            it.load(null, null)
            trusted = it
        }

    private fun load(
        file: Path,
        password: CharArray?,
    ): KeyStore {
        val bytes = TlsContexts.bytesOf(file)
        try {
            return KeyStore.getInstance(file.toFile(), password).takeIf { it.size() > 0 }
                ?: throw IllegalArgumentException("There is nothing in the key store $file")
        } catch (error: IOException) {
            throw UncheckedIOException("Cannot read the key store $file of ${bytes.size} bytes", error)
        } catch (error: GeneralSecurityException) {
            throw IllegalArgumentException("$file is not a key store", error)
        }
    }

    private fun known(
        what: String,
        names: List<String>,
        supported: Array<String>,
    ): Array<String> {
        require(names.isNotEmpty()) { "No $what is given" }
        for (name in names) require(name in supported) { "This JVM does not know the $what \"$name\"" }
        return names.toTypedArray()
    }

    private companion object {
        const val SHA256_BYTES = 32
    }
}

/** [host] as a server is asked for it. */
internal fun checkedServerName(host: String): String {
    val name = DomainNames.toAscii(host.removeSuffix("."))
    require(name != null && ServerNames.indication(name) != null) { "\"$host\" is not a server name" }
    return name
}
