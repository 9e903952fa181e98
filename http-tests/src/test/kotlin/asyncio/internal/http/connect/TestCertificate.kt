package asyncio.internal.http.connect

import io.vertx.core.net.PfxOptions
import java.io.File
import java.nio.file.Files
import java.nio.file.Path
import java.security.KeyStore
import java.security.MessageDigest
import java.security.cert.X509Certificate
import java.util.Base64
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.TimeUnit
import javax.net.ssl.KeyManagerFactory
import javax.net.ssl.SSLContext

/** A key, and a certificate that it vouches for itself, made by the JDK's keytool. */
class TestCertificate private constructor(
    names: String,
) {
    private val folder: Path = Files.createTempDirectory("asyncio4j-tls").also { it.toFile().deleteOnExit() }

    val keyStore: Path = folder.resolve("store.p12").also { it.toFile().deleteOnExit() }

    init {
        val keytool = File(System.getProperty("java.home"), "bin/keytool").path
        val command =
            listOf(
                keytool,
                "-genkeypair",
                "-alias",
                "test",
                "-keyalg",
                "EC",
                "-dname",
                "CN=test",
                "-ext",
                "SAN=$names",
                "-validity",
                "30",
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                keyStore.toString(),
            )
        val process = ProcessBuilder(command).redirectErrorStream(true).start()
        val said = String(process.inputStream.readAllBytes())
        check(process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0) { said }
    }

    private val store = KeyStore.getInstance(keyStore.toFile(), PASSWORD.toCharArray())
    val certificate: X509Certificate = store.getCertificate("test") as X509Certificate

    val sha256: ByteArray = MessageDigest.getInstance("SHA-256").digest(certificate.encoded)

    /** The certificate as a PEM file. */
    val pem: Path = write("certificate.pem", "CERTIFICATE", certificate.encoded)

    /** The private key as a PEM file. */
    val pemKey: Path = write("key.pem", "PRIVATE KEY", store.getKey("test", PASSWORD.toCharArray()).encoded)

    fun forVertx(): PfxOptions = PfxOptions().setPath(keyStore.toString()).setPassword(PASSWORD)

    fun sslContext(): SSLContext {
        val keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm())
        keys.init(store, PASSWORD.toCharArray())
        return SSLContext.getInstance("TLS").apply { init(keys.keyManagers, null, null) }
    }

    private fun write(
        name: String,
        kind: String,
        content: ByteArray,
    ): Path {
        val file = folder.resolve(name)
        file.toFile().deleteOnExit()
        val base64 = Base64.getMimeEncoder(64, "\n".toByteArray()).encodeToString(content)
        return Files.writeString(file, "-----BEGIN $kind-----\n$base64\n-----END $kind-----\n")
    }

    companion object {
        const val PASSWORD = "password"
        private val made = ConcurrentHashMap<String, TestCertificate>()

        /** For these names, as keytool writes them: `dns:localhost,ip:127.0.0.1`. */
        fun of(names: String): TestCertificate = made.computeIfAbsent(names, ::TestCertificate)
    }
}
