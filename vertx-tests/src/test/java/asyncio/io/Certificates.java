package asyncio.io;

import java.io.IOException;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;

/** A certificate authority and what it has signed, made by OpenSSL. */
final class Certificates {
    private final Path folder;

    /** Makes the authority. */
    Certificates(Path folder) throws IOException {
        this.folder = folder;
        Program.run(
                folder,
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-keyout",
                "ca.key",
                "-out",
                "ca.pem",
                "-days",
                "30",
                "-subj",
                "/CN=authority");
    }

    /** Makes {@code name}.pem and {@code name}.key; after so many days it ends. */
    Certificates sign(String name, String subjectAltName, int days) throws IOException {
        Program.run(
                folder,
                "openssl",
                "req",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-keyout",
                name + ".key",
                "-out",
                name + ".csr",
                "-subj",
                "/CN=" + name,
                "-addext",
                "subjectAltName=" + subjectAltName);
        Program.run(
                folder,
                "openssl",
                "x509",
                "-req",
                "-in",
                name + ".csr",
                "-CA",
                "ca.pem",
                "-CAkey",
                "ca.key",
                "-CAcreateserial",
                "-copy_extensions",
                "copy",
                "-days",
                String.valueOf(days),
                "-out",
                name + ".pem");
        return this;
    }

    Path pem(String name) {
        return folder.resolve(name + ".pem");
    }

    Path key(String name) {
        return folder.resolve(name + ".key");
    }

    /** Shows the certificate of {@code name}, and trusts the authority. */
    SSLContext of(String name) {
        return SslContexts.showingAndTrusting(pem(name), key(name), pem("ca"));
    }

    /** Trusts the authority. */
    SSLContext trusting() {
        return SslContexts.trusting(pem("ca"));
    }
}
