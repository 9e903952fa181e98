package samples.cookbook;

import static asyncio.Asyncio.*;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.Coroutine;
import asyncio.http.ClientConnectorCertificateException;
import asyncio.http.ClientSession;
import asyncio.http.ServerFingerprintMismatchException;
import asyncio.http.Tls;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.PfxOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import samples.LocalServer;

/** Whom to trust, and what to show. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TlsTest {

    // ---- recipes

    static ClientSession trusting(Path certificates) {
        return ClientSession.builder()
                .tls(Tls.builder().trust(certificates).build())
                .build();
    }

    static ClientSession showing(Path certificates, Path keyStore, char[] password) {
        var tls = Tls.builder()
                .trust(certificates)
                .certificate(keyStore, password)
                .build();
        return ClientSession.builder().tls(tls).build();
    }

    static ClientSession pinnedTo(byte[] sha256) {
        return ClientSession.builder().tls(Tls.pinned(sha256)).build();
    }

    // ---- tests

    private static final String PASSWORD = "changeit";

    @TempDir
    private static Path folder;

    private static Path keyStore;
    private static Path certificate;

    @BeforeAll
    static void makeCertificate() throws Exception {
        keyStore = folder.resolve("server.p12");
        certificate = folder.resolve("server.pem");
        keytool("-genkeypair", "-keyalg", "EC", "-dname", "CN=test", "-ext", "SAN=ip:127.0.0.1", "-validity", "2");
        keytool("-exportcert", "-rfc", "-file", certificate.toString());
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(Arrays.asList(arguments));
        command.addAll(List.of("-alias", "test", "-storepass", PASSWORD, "-keystore", keyStore.toString()));
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertTrue(process.waitFor(60, SECONDS));
        assertEquals(0, process.exitValue());
    }

    private static HttpServerOptions options() {
        return new HttpServerOptions()
                .setSsl(true)
                .setKeyCertOptions(new PfxOptions().setPath(keyStore.toString()).setPassword(PASSWORD));
    }

    private static Coroutine<String> fetch(ClientSession session, String url) {
        return async(() -> {
            try (session;
                    var response = await(session.get(url))) {
                return await(response.text());
            }
        });
    }

    @Test
    void aCertificateOfOnesOwn() {
        try (var server =
                LocalServer.start(options(), request -> request.response().end("secret"))) {
            run(() -> {
                assertEquals("secret", await(fetch(trusting(certificate), server.url("/"))));
                assertThrows(
                        ClientConnectorCertificateException.class,
                        () -> await(fetch(ClientSession.create(), server.url("/"))));
            });
        }
    }

    @Test
    void aCertificateToShow() {
        var asking = options()
                .setClientAuth(ClientAuth.REQUIRED)
                .setTrustOptions(new PemTrustOptions().addCertPath(certificate.toString()));
        try (var server =
                LocalServer.start(asking, request -> request.response().end("secret"))) {
            run(() -> {
                var session = showing(certificate, keyStore, PASSWORD.toCharArray());
                assertEquals("secret", await(fetch(session, server.url("/"))));
                assertThrows(RuntimeException.class, () -> await(fetch(trusting(certificate), server.url("/"))));
            });
        }
    }

    @Test
    void oneCertificateOnly() throws Exception {
        var pem = new ByteArrayInputStream(Files.readAllBytes(certificate));
        var der =
                CertificateFactory.getInstance("X.509").generateCertificate(pem).getEncoded();
        var sha256 = MessageDigest.getInstance("SHA-256").digest(der);
        try (var server =
                LocalServer.start(options(), request -> request.response().end("secret"))) {
            run(() -> {
                assertEquals("secret", await(fetch(pinnedTo(sha256), server.url("/"))));
                assertThrows(
                        ServerFingerprintMismatchException.class,
                        () -> await(fetch(pinnedTo(new byte[32]), server.url("/"))));
            });
        }
    }
}
