package asyncio.internal.net

import io.netty.handler.ssl.util.InsecureTrustManagerFactory
import io.vertx.core.buffer.Buffer
import io.vertx.core.net.PemKeyCertOptions
import java.io.IOException
import java.io.UncheckedIOException
import java.nio.file.Files
import java.nio.file.Path
import java.security.KeyStore
import java.security.cert.Certificate
import java.security.cert.CertificateException
import java.security.cert.CertificateFactory
import javax.net.ssl.KeyManager
import javax.net.ssl.SSLContext
import javax.net.ssl.TrustManager
import javax.net.ssl.TrustManagerFactory

/** Contexts of TLS, and the files in PEM format that they are made from. */
public object TlsContexts {
    internal val SYSTEM: SSLContext by lazy { context(null, null) }
    internal val INSECURE: SSLContext by lazy { context(null, InsecureTrustManagerFactory.INSTANCE.trustManagers) }

    internal fun of(
        trusted: Path?,
        certificate: Path?,
        key: Path?,
    ): SSLContext {
        val keys = if (certificate == null || key == null) null else keyManagers(certificate, key)
        return context(keys, trusted?.let { trustManagers(store(certificates(it))) })
    }

    private fun context(
        keys: Array<KeyManager>?,
        trust: Array<TrustManager>?,
    ) = SSLContext.getInstance("TLS").apply { init(keys, trust, null) }

    private fun store(certificates: Collection<Certificate>): KeyStore {
        val store = KeyStore.getInstance(KeyStore.getDefaultType())
        store.load(null, null)
        for (certificate in certificates) store.setCertificateEntry("pem-${store.size()}", certificate)
        return store
    }

    /** Those that trust the certificates in [store]. */
    public fun trustManagers(store: KeyStore): Array<TrustManager> {
        val factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm())
        factory.init(store)
        return factory.trustManagers
    }

    /**
     * The certificates in [pem].
     *
     * @throws UncheckedIOException if it cannot be read
     * @throws IllegalArgumentException if there is none
     */
    public fun certificates(pem: Path): Collection<Certificate> {
        val certificates =
            try {
                Files.newInputStream(pem).use { CertificateFactory.getInstance("X.509").generateCertificates(it) }
            } catch (error: IOException) {
                throw UncheckedIOException("Cannot read the certificates in $pem", error)
            } catch (error: CertificateException) {
                throw IllegalArgumentException("There are no certificates in PEM format in $pem", error)
            }
        require(certificates.isNotEmpty()) { "There are no certificates in PEM format in $pem" }
        return certificates
    }

    /**
     * Those that show the certificate in [pemCertificates] with the private key in [pemKey].
     *
     * @throws UncheckedIOException if a file cannot be read
     * @throws IllegalArgumentException if they do not have these
     */
    public fun keyManagers(
        pemCertificates: Path,
        pemKey: Path,
    ): Array<KeyManager> {
        val options =
            PemKeyCertOptions()
                .addCertValue(Buffer.buffer(bytesOf(pemCertificates)))
                .addKeyValue(Buffer.buffer(bytesOf(pemKey)))
        return try {
            // It needs a Vert.x for names of files only.
            options.getKeyManagerFactory(null).keyManagers
        } catch (error: Exception) {
            throw IllegalArgumentException(
                "There is no certificate in PEM format in $pemCertificates, or no private key of it in $pemKey",
                error,
            )
        }
    }

    /**
     * What is in [file].
     *
     * @throws UncheckedIOException if it cannot be read
     */
    public fun bytesOf(file: Path): ByteArray =
        try {
            Files.readAllBytes(file)
        } catch (error: IOException) {
            throw UncheckedIOException("Cannot read $file", error)
        }
}
