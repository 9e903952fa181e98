package asyncio.internal.http.connect

import java.security.cert.CertificateException
import java.security.cert.X509Certificate
import javax.net.ssl.SNIHostName
import javax.net.ssl.SNIServerName
import javax.net.ssl.SSLSession

/**
 * Names of servers in TLS. The JDK takes only names of RFC 1123; there are servers with an underscore in their name, which
 * OpenSSL, and so Python, connects to.
 */
internal object ServerNames {
    /** Whether the JDK itself compares [name] with a certificate. */
    fun isOrdinary(name: String): Boolean =
        try {
            SNIHostName(name)
            true
        } catch (_: IllegalArgumentException) {
            false
        }

    /** [name] as the server is told it; null if it cannot be told. */
    fun indication(name: String): SNIServerName? =
        try {
            if (isOrdinary(name)) SNIHostName(name) else SNIHostName(name.toByteArray())
        } catch (_: IllegalArgumentException) {
            null
        }

    /**
     * Compares a [name] that is not [ordinary][isOrdinary] with the certificate, as RFC 6125 wants it.
     *
     * @throws CertificateException if the certificate is not for it
     */
    fun check(
        session: SSLSession,
        name: String,
    ) {
        val certificate = session.peerCertificates[0] as X509Certificate
        val names =
            certificate.subjectAlternativeNames
                .orEmpty()
                .filter { it[0] == DNS_NAME }
                .map { it[1].toString() }
        if (names.none { matches(name, it) }) {
            throw CertificateException("No subject alternative DNS name matching $name found.")
        }
    }

    private fun matches(
        name: String,
        pattern: String,
    ): Boolean {
        if (name.equals(pattern, ignoreCase = true)) return true
        val domain = pattern.removePrefix("*.")
        // A star is for one whole label, and not for all names of a top-level domain.
        return domain.length < pattern.length && '.' in domain && '*' !in domain &&
            !name.startsWith(".") && name.substringAfter('.', "").equals(domain, ignoreCase = true)
    }

    private const val DNS_NAME = 2
}
