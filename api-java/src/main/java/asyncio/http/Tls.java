package asyncio.http;

import asyncio.spi.HttpProvider;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * How to speak TLS: whom to trust, what to show of oneself. Python: {@code ssl.SSLContext} and
 * {@code aiohttp.Fingerprint}.
 *
 * <p>Connections are shared only by requests with the very same object: make one and keep it. It can be used in several
 * loops.
 */
public interface Tls {

    /** The default: certificates that the JVM trusts, for the very host that is asked. Python: {@code ssl=True}. */
    static Tls system() {
        return HttpProvider.get().connections().systemTls();
    }

    /**
     * Encrypts, but does not look at the server's certificate at all: whoever sits in between can read and change
     * everything. For tests. Python: {@code ssl=False}.
     */
    static Tls insecure() {
        return HttpProvider.get().connections().insecureTls();
    }

    /**
     * Trusts the one certificate with this fingerprint, whoever signed it and for whatever host; see
     * {@link Builder#fingerprint}. Python: {@code Fingerprint(sha256)}.
     *
     * @param sha256 the SHA-256 digest of the certificate in DER: 32 bytes
     * @throws IllegalArgumentException if it has another length
     */
    static Tls pinned(byte[] sha256) {
        return builder().verify(false).fingerprint(sha256).build();
    }

    /** Settings, all of them at their defaults. */
    static Builder builder() {
        return HttpProvider.get().connections().tls();
    }

    /** The settings of TLS. */
    interface Builder {

        /**
         * Whether the server has to have a certificate that is trusted and made for its host. On unless set. Python:
         * {@code check_hostname} and {@code verify_mode}.
         */
        Builder verify(boolean verify);

        /**
         * Trusts the certificates of this PEM file instead of those that the JVM trusts; may be called again for more.
         * Python: {@code create_default_context(cafile=…)}.
         *
         * @throws java.io.UncheckedIOException if the file cannot be read
         * @throws IllegalArgumentException if there is no certificate in it
         */
        Builder trust(Path pem);

        /**
         * Trusts the certificates of this key store (PKCS#12 or JKS) instead of those that the JVM trusts.
         *
         * @param keyStore the file
         * @param password its password; null to do without a check
         * @throws java.io.UncheckedIOException if the file cannot be read, or if the password is wrong
         * @throws IllegalArgumentException if it is not a key store
         */
        Builder trust(Path keyStore, char @Nullable [] password);

        /** Leaves it to {@code trustManager} whom to trust. */
        Builder trust(TrustManager trustManager);

        /**
         * Shows this certificate to servers that ask for one. Python: {@code load_cert_chain(certfile, keyfile)}.
         *
         * @param pemCertificates the certificate, perhaps followed by those that vouch for it
         * @param pemKey its private key, not encrypted: PKCS#8, PKCS#1 or SEC 1
         * @throws java.io.UncheckedIOException if a file cannot be read
         * @throws IllegalArgumentException if there is no certificate, or no key, in them
         */
        Builder certificate(Path pemCertificates, Path pemKey);

        /**
         * Shows the certificate of this key store (PKCS#12 or JKS) to servers that ask for one.
         *
         * @param keyStore the file
         * @param password its password, and that of its keys
         * @throws java.io.UncheckedIOException if the file cannot be read, or if the password is wrong
         * @throws IllegalArgumentException if it is not a key store
         */
        Builder certificate(Path keyStore, char[] password);

        /** Leaves it to {@code keyManager} which certificate to show. */
        Builder certificate(KeyManager keyManager);

        /**
         * The server's certificate has to have this fingerprint, besides all else; if it has another one, nothing is
         * sent, and the request ends with {@link ServerFingerprintMismatchException}. Python:
         * {@code Fingerprint(sha256)}.
         *
         * @param sha256 the SHA-256 digest of the certificate in DER: 32 bytes
         * @throws IllegalArgumentException if it has another length
         */
        Builder fingerprint(byte[] sha256);

        /**
         * The name to ask the server for (SNI) and to look for in its certificate, instead of the URL's host. Python:
         * {@code server_hostname}.
         *
         * @throws IllegalArgumentException if it is no host name
         */
        Builder serverName(String host);

        /**
         * The versions to agree to, such as {@code TLSv1.3}; TLS 1.2 and 1.3 unless set.
         *
         * @throws IllegalArgumentException if there is none, or if the JVM does not know one
         */
        Builder protocols(List<String> names);

        /**
         * The cipher suites to agree to, in their standard names; the JVM's choice unless set.
         *
         * @throws IllegalArgumentException if there is none, or if the JVM does not know one
         */
        Builder ciphers(List<String> names);

        /** These settings, for good. */
        Tls build();
    }
}
