package asyncio.http;

import static asyncio.Asyncio.*;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.Asyncio;
import asyncio.Coroutine;
import asyncio.internal.http.connect.TestCertificate;
import asyncio.internal.http.session.EnvVars;
import io.vertx.core.http.HttpServerOptions;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How requests get to their servers: proxies, TLS, resolvers, shared connectors. */
@Timeout(240)
class ConnectingTest {
    private static final TestCertificate CERTIFICATE = TestCertificate.Companion.of("dns:localhost,ip:127.0.0.1");

    private final List<String> heads = new CopyOnWriteArrayList<>();

    @AfterEach
    void restore() {
        EnvVars.INSTANCE.setVariables(System.getenv());
    }

    /** A proxy, or a server, that keeps the heads of requests and answers all alike. */
    private RawServer recording(String response) throws Exception {
        return RawServer.start(connection -> {
            for (var head = connection.readRequest(); head != null; head = connection.readRequest()) {
                heads.add(head);
                connection.send(response);
            }
        });
    }

    private static TestServer secure() throws Exception {
        var options = new HttpServerOptions().setSsl(true).setUseAlpn(true).setKeyCertOptions(CERTIFICATE.forVertx());
        return TestServer.start(options, request -> request.response().end(String.valueOf(request.version())));
    }

    private static Tls trusting() {
        return Tls.builder().trust(CERTIFICATE.getPem()).build();
    }

    @Test
    void aPlainRequestGoesToTheProxyInFull() throws Exception {
        try (var proxy = recording(RawServer.ok("x"))) {
            run(() -> {
                var through =
                        Proxy.of("http://me:secret@127.0.0.1:" + proxy.port()).withHeader("X-Key", "7");
                try (var session = ClientSession.create()) {
                    for (var url : List.of("http://a.example/b?c=d", "http://a.example/e")) {
                        try (var response = await(session.get(url).proxy(through))) {
                            assertEquals("x", await(response.text()));
                        }
                    }
                }
            });
            assertTrue(heads.get(0).startsWith("GET http://a.example/b?c=d HTTP/1.1\r\n"), heads.get(0));
            for (var head : heads) {
                var lower = head.toLowerCase();
                assertTrue(lower.contains("\r\nhost: a.example\r\n"), head);
                assertTrue(lower.contains("\r\nproxy-authorization: basic bwu6c2vjcmv0\r\n"), head);
                assertTrue(lower.contains("\r\nx-key: 7\r\n"), head);
            }
            assertEquals(1, proxy.connections());
        }
    }

    @Test
    void aTunnelIsAskedForWithoutTheHeadersOfTheSession() throws Exception {
        try (var proxy = recording("HTTP/1.1 407 Who are you\r\nProxy-Authenticate: Basic\r\n\r\n")) {
            run(() -> {
                try (var session = ClientSession.builder()
                        .header("Authorization", "Bearer S")
                        .header("X-Api-Key", "k")
                        .header("User-Agent", "mine")
                        .proxy("http://127.0.0.1:" + proxy.port())
                        .build()) {
                    var refused = assertThrows(
                            ClientHttpProxyException.class,
                            () -> await(session.get("https://a.example/").header("X-B", "c")));
                    assertEquals(407, refused.status());
                    assertEquals("Basic", refused.headers().get("Proxy-Authenticate"));
                }
            });
            assertEquals(List.of("CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n"), heads);
        }
    }

    @Test
    void theProxyOfTheEnvironment() throws Exception {
        try (var proxy = recording(RawServer.ok("proxy"));
                var server = recording(RawServer.ok("server"))) {
            var url = "http://127.0.0.1:" + server.port() + "/";
            EnvVars.INSTANCE.setVariables(Map.of(
                    "http_proxy",
                    "127.0.0.1:" + proxy.port(),
                    "NO_PROXY",
                    "localhost",
                    "HTTPS_PROXY",
                    "ftp://nonsense"));
            run(() -> {
                try (var session = ClientSession.builder().trustEnv(true).build()) {
                    assertEquals("proxy", await(await(session.get(url)).text()));
                    assertEquals(
                            "server",
                            await(await(session.get(url).proxy((Proxy) null)).text()));
                    assertEquals(
                            "server",
                            await(await(session.get("http://localhost:" + server.port() + "/"))
                                    .text()));
                    var malformed = assertThrows(
                            IllegalArgumentException.class, () -> await(session.get("https://a.example/")));
                    assertTrue(malformed.getMessage().contains("HTTPS_PROXY"), malformed.getMessage());
                }
                try (var session = ClientSession.create()) {
                    assertEquals("server", await(await(session.get(url)).text()));
                }
                try (var session =
                        ClientSession.builder().trustEnv(true).proxy(url).build()) {
                    assertEquals(
                            "server",
                            await(await(session.get("http://a.example/")).text()));
                }
            });
        }
    }

    @Test
    void aProxyThatIsNotThere() throws Exception {
        int port = RawServer.refusedPort();
        run(() -> {
            try (var session =
                    ClientSession.builder().proxy("http://127.0.0.1:" + port).build()) {
                for (var url : List.of("http://a.example/", "https://a.example/")) {
                    var refused = assertThrows(ClientProxyConnectionException.class, () -> await(session.get(url)));
                    assertEquals(port, refused.port());
                }
            }
        });
    }

    @Test
    void http2ByAgreement() throws Exception {
        try (var server = secure()) {
            var url = "https://localhost:" + server.port() + "/";
            run(() -> {
                try (var session = ClientSession.builder().tls(trusting()).build()) {
                    assertEquals("HTTP_2", await(await(session.get(url)).text()));
                    assertEquals("HTTP_2", await(await(session.get(url)).text()));
                }
                var connector = Connector.builder().tls(trusting()).http2(false).build();
                try (var session = ClientSession.builder()
                        .connector(connector)
                        .connectorOwner(true)
                        .build()) {
                    assertEquals("HTTP_1_1", await(await(session.get(url)).text()));
                }
                assertTrue(connector.closed());
            });
            assertEquals(2, server.connections());
        }
    }

    @Test
    void anotherServerNameGetsAnotherConnection() throws Exception {
        try (var server = secure()) {
            var url = "https://127.0.0.1:" + server.port() + "/";
            run(() -> {
                try (var session = ClientSession.builder().tls(trusting()).build()) {
                    assertEquals(200, await(session.get(url)).status());
                    assertEquals(
                            200,
                            await(session.get(url).serverHostname("localhost")).status());
                    assertThrows(
                            ClientConnectorCertificateException.class,
                            () -> await(session.get(url).serverHostname("other.example")));
                    assertThrows(
                            ClientConnectorCertificateException.class,
                            () -> await(session.get(url).tls(Tls.system())));
                    assertThrows(
                            ServerFingerprintMismatchException.class,
                            () -> await(session.get(url).tls(Tls.pinned(new byte[32]))));
                    assertEquals(
                            200,
                            await(session.get(url).tls(Tls.pinned(CERTIFICATE.getSha256())))
                                    .status());
                }
            });
        }
    }

    /** Sends everybody to this machine. */
    private static final class Here implements Resolver {
        final List<String> asked = new ArrayList<>();
        boolean closed;

        @Override
        public Coroutine<List<InetAddress>> resolve(String host, int port, AddressFamily family) {
            return async(() -> {
                asked.add(host);
                await(sleep(java.time.Duration.ZERO));
                if (host.equals("nobody.example")) {
                    throw new java.net.UnknownHostException("nobody");
                }
                return List.of(InetAddress.getByName("127.0.0.1"));
            });
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    @Test
    void sessionsMayShareAConnectorAndItsResolver() throws Exception {
        try (var server = recording(RawServer.ok("x"))) {
            run(() -> {
                var resolver = new Here();
                var connector = Connector.builder().resolver(resolver).build();
                var url = "http://a.example:" + server.port() + "/";
                for (int i = 0; i < 2; i++) {
                    try (var session =
                            ClientSession.builder().connector(connector).build()) {
                        assertEquals("x", await(await(session.get(url)).text()));
                    }
                }
                assertFalse(connector.closed());
                try (var session = ClientSession.builder().connector(connector).build()) {
                    var unknown = assertThrows(
                            ClientConnectorDnsException.class, () -> await(session.get("http://nobody.example/")));
                    assertEquals("nobody.example", unknown.host());
                    connector.close();
                    assertThrows(ClientConnectionException.class, () -> await(session.get(url)));
                    assertTrue(resolver.closed);
                }
                assertEquals(List.of("a.example", "nobody.example"), resolver.asked);
            });
            assertEquals(1, server.connections());
        }
    }

    /** A program that cancels all tasks cancels look-ups, too; some before their first step. */
    @Test
    void whoeverCancelsAllTasksCanGoOn() throws Exception {
        try (var server = recording(RawServer.ok("x"))) {
            run(() -> {
                var connector = Connector.builder().resolver(new Here()).build();
                try (var session = ClientSession.builder()
                        .connector(connector)
                        .connectorOwner(true)
                        .build()) {
                    for (int steps = 0; steps < 20; steps++) {
                        var url = "http://host" + steps + ".example:" + server.port() + "/";
                        var first = createTask(session.get(url));
                        for (int i = 0; i < steps; i++) await(sleep(java.time.Duration.ZERO));
                        for (var task : allTasks()) {
                            if (task != currentTask()) task.cancel();
                        }
                        var limit = java.time.Duration.ofSeconds(20);
                        assertEquals(
                                Set.of(),
                                await(Asyncio.wait(List.of(first), limit)).pending());
                        if (!first.cancelled() && first.exception() == null)
                            first.result().close();
                        var again = createTask(session.get(url));
                        assertEquals(
                                Set.of(),
                                await(Asyncio.wait(List.of(again), limit)).pending(),
                                "after " + steps);
                        assertEquals("x", await(await(again).text()));
                    }
                }
            });
        }
    }

    @Test
    void aUnixDomainSocket() throws Exception {
        var path = Files.createTempDirectory("asyncio4j").resolve("socket");
        try (var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(path));
            var server = new Thread(() -> {
                try (var socket = listener.accept()) {
                    var buffer = ByteBuffer.allocate(4096);
                    socket.read(buffer);
                    heads.add(StandardCharsets.ISO_8859_1.decode(buffer.flip()).toString());
                    socket.write(ByteBuffer.wrap(RawServer.ok("x").getBytes(StandardCharsets.ISO_8859_1)));
                    socket.read(buffer.clear());
                } catch (java.io.IOException closed) {
                    // By the test, which has failed.
                }
            });
            server.setDaemon(true);
            server.start();
            EnvVars.INSTANCE.setVariables(Map.of("http_proxy", "127.0.0.1:1"));
            run(() -> {
                var connector = Connector.builder().unixSocket(path).build();
                try (var session = ClientSession.builder()
                        .connector(connector)
                        .connectorOwner(true)
                        .trustEnv(true)
                        .build()) {
                    assertEquals(
                            "x",
                            await(await(session.get("http://docker/version")).text()));
                }
            });
            assertTrue(heads.get(0).startsWith("GET /version HTTP/1.1\r\n"), heads.get(0));
            assertTrue(heads.get(0).toLowerCase().contains("\r\nhost: docker\r\n"), heads.get(0));
        } finally {
            Files.deleteIfExists(path);
        }
    }
}
