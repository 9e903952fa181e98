package asyncio.http;

import static asyncio.Asyncio.*;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.Asyncio;
import asyncio.Coroutine;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** nginx behind TLS, with HTTP/1.1 and HTTP/2. */
@Timeout(240)
class NginxTlsTest {
    private static final byte[] LARGE = new byte[3_000_000];

    @RegisterExtension
    static final RealServer nginx = NginxServer.tls(folder -> {
        new Random(2).nextBytes(LARGE);
        Files.write(folder.resolve("root/large.bin"), LARGE);
        Files.createDirectory(folder.resolve("root/dav"));
        return """
                location = /who { return 200 "$server_protocol $connection $ssl_server_name"; }
                location = /teapot { return 418 "short and stout"; }
                location = /moved { return 302 /who; }
                location /dav/ { dav_methods PUT DELETE; client_max_body_size 20m; }
                """;
    });

    private static String url(String path) {
        return "https://localhost:" + nginx.port() + "/" + path;
    }

    private static Tls trusting() {
        return Tls.builder().trust(NginxServer.certificate(nginx)).build();
    }

    private static ClientSession session(boolean http2) {
        var connector = Connector.builder().http2(http2).tls(trusting()).build();
        return ClientSession.builder().connector(connector).build();
    }

    @Test
    void speaksBothVersions() {
        for (boolean http2 : new boolean[] {false, true}) {
            run(() -> {
                try (var session = session(http2)) {
                    var response = await(session.get(url("who")));
                    assertEquals(http2 ? "HTTP/2" : "HTTP/1.1", response.version());
                    var text = await(response.text());
                    assertTrue(text.startsWith(http2 ? "HTTP/2.0 " : "HTTP/1.1 "), text);
                    assertTrue(text.endsWith(" localhost"), text);
                    assertArrayEquals(
                            LARGE, await(await(session.get(url("large.bin"))).read()));
                    var teapot = await(session.get(url("teapot")));
                    assertEquals(418, teapot.status());
                    assertEquals("short and stout", await(teapot.text()));
                    var moved = await(session.get(url("moved")));
                    assertEquals(url("who"), moved.url());
                    assertEquals(1, moved.history().size());
                    var head = await(session.head(url("large.bin")));
                    assertEquals(LARGE.length, head.contentLength());
                    assertEquals(0, await(head.read()).length);
                }
            });
        }
    }

    @Test
    void manyAtOnceShareOneConnectionOfHttp2() {
        run(() -> {
            try (var session = session(true)) {
                await(await(session.get(url("who"))).read());
                var all = new ArrayList<Coroutine<String>>();
                for (int i = 0; i < 100; i++) {
                    all.add(async(() -> await(await(session.get(url("who"))).text())));
                }
                var connections = new HashSet<String>();
                for (var text : await(Asyncio.<String>gather(all))) {
                    connections.add(text.split(" ")[1]);
                }
                assertEquals(1, connections.size(), connections::toString);
            }
        });
    }

    @Test
    void uploadsInBothVersions() {
        for (boolean http2 : new boolean[] {false, true}) {
            run(() -> {
                try (var session = session(http2)) {
                    var path = url("dav/" + http2);
                    assertEquals(201, await(session.put(path).body(LARGE)).status());
                    assertArrayEquals(LARGE, await(await(session.get(path)).read()));
                    var streamed = await(session.put(path).stream(Asyncio.<byte[]>asyncGenerator(out -> {
                        for (int at = 0; at < 1_000_000; at += 10_000) {
                            out.yield(Arrays.copyOfRange(LARGE, at, at + 10_000));
                        }
                    })));
                    assertEquals(204, streamed.status());
                    assertArrayEquals(
                            Arrays.copyOf(LARGE, 1_000_000),
                            await(await(session.get(path)).read()));
                }
            });
        }
    }

    @Test
    void aBodyOfHttp2CanBeLeftUnread() {
        run(() -> {
            try (var session = session(true)) {
                for (int i = 0; i < 20; i++) {
                    try (var response = await(session.get(url("large.bin")))) {
                        assertArrayEquals(
                                Arrays.copyOf(LARGE, 1000),
                                await(response.content().readexactly(1000)));
                    }
                }
                assertEquals(200, await(session.get(url("who"))).status());
            }
        });
    }

    @Test
    void whoIsNotTrustedGetsNothing() throws Exception {
        byte[] certificate;
        try (var file = Files.newInputStream(NginxServer.certificate(nginx))) {
            certificate = CertificateFactory.getInstance("X.509")
                    .generateCertificate(file)
                    .getEncoded();
        }
        var fingerprint = MessageDigest.getInstance("SHA-256").digest(certificate);
        var other = fingerprint.clone();
        other[0]++;
        run(() -> {
            try (var session = ClientSession.create()) {
                assertThrows(ClientConnectorCertificateException.class, () -> await(session.get(url("who"))));
                assertThrows(
                        ClientConnectorCertificateException.class,
                        () -> await(session.get(url("who")).tls(trusting()).serverHostname("example.com")));
                for (var tls : List.of(Tls.insecure(), Tls.pinned(fingerprint), trusting())) {
                    assertEquals(200, await(session.get(url("who")).tls(tls)).status());
                }
                assertThrows(
                        ServerFingerprintMismatchException.class,
                        () -> await(session.get(url("who")).tls(Tls.pinned(other))));
            }
        });
    }

    /** nginx answers plain text at this port with a page that says so. */
    @Test
    void plainHttpToAPortOfTls() {
        run(() -> {
            try (var session = ClientSession.create()) {
                var response = await(session.get(url("who").replace("https:", "http:")));
                assertEquals(400, response.status());
                assertTrue(await(response.text()).contains("plain HTTP request was sent to HTTPS port"));
            }
        });
    }
}
