package asyncio.io;

import asyncio.spi.IoProvider;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;

/**
 * Makes contexts of TLS from files in PEM format; any other {@link SSLContext} will do as well. Making one reads files,
 * and those of the JVM: in a coroutine, {@code await(toThread(() -> …))} does it. Python:
 * {@code ssl.create_default_context} and {@code load_cert_chain}.
 */
public final class SslContexts {
    private SslContexts() {}

    /** Trusts what the JVM trusts. Python: {@code ssl.create_default_context()}. */
    public static SSLContext system() {
        return IoProvider.get().network().systemTls();
    }

    /**
     * Trusts every certificate, for every host: the other side may be anybody. For tests. Python:
     * {@code check_hostname} and {@code verify_mode} turned off.
     */
    public static SSLContext insecure() {
        return IoProvider.get().network().insecureTls();
    }

    /**
     * Trusts the certificates of this file instead of those that the JVM trusts. Python:
     * {@code create_default_context(cafile=…)}.
     *
     * @throws java.io.UncheckedIOException if the file cannot be read
     * @throws IllegalArgumentException if there is no certificate in it
     */
    public static SSLContext trusting(Path certificates) {
        return IoProvider.get().network().tls(certificates, null, null);
    }

    /**
     * Shows this certificate, and trusts what the JVM trusts. Python: {@code load_cert_chain}.
     *
     * @param certificate the certificate, perhaps followed by those that vouch for it
     * @param key its private key, not encrypted: PKCS#8, PKCS#1 or SEC 1
     * @throws java.io.UncheckedIOException if a file cannot be read
     * @throws IllegalArgumentException if there is no certificate, or no key, in them
     */
    public static SSLContext showing(Path certificate, Path key) {
        return IoProvider.get().network().tls(null, certificate, key);
    }

    /** {@link #showing} and {@link #trusting}. */
    public static SSLContext showingAndTrusting(Path certificate, Path key, Path trusted) {
        return IoProvider.get().network().tls(trusted, certificate, key);
    }
}
