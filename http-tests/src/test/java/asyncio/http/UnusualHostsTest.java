package asyncio.http;

import static asyncio.Asyncio.*;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.Coroutine;
import asyncio.internal.http.connect.TestCertificate;
import io.vertx.core.http.HttpServerOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hosts that are written in other ways than most. */
@Timeout(240)
class UnusualHostsTest {
    /** All names are this machine. */
    private static final class Here implements Resolver {
        final AtomicInteger asked = new AtomicInteger();

        @Override
        public Coroutine<List<InetAddress>> resolve(String host, int port, AddressFamily family) {
            return async(() -> {
                asked.incrementAndGet();
                return List.of(InetAddress.getByName("127.0.0.1"));
            });
        }
    }

    @Test
    void anIpv4AddressInIpv6() throws Exception {
        try (var server = RawServer.start(connection -> {
            for (String request; (request = connection.readRequest()) != null; ) {
                connection.send(RawServer.ok(RawServer.header(request, "Host")));
            }
        })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    for (var host : List.of("[::ffff:127.0.0.1]", "[::FFFF:7F00:1]", "[0:0:0:0:0:ffff:127.0.0.1]")) {
                        var url = "http://" + host + ":" + server.port() + "/";
                        assertEquals(
                                "[::ffff:127.0.0.1]:" + server.port(),
                                await(await(session.get(url)).text()),
                                host);
                    }
                }
            });
            assertEquals(1, server.connections());
        }
    }

    @Test
    void anIpv6AddressWithAZone() throws Exception {
        try (var listener = ipv6Listener()) {
            var thread = new Thread(() -> {
                try (var socket = listener.accept()) {
                    var in = socket.getInputStream();
                    var head = new StringBuilder();
                    while (!head.toString().endsWith("\r\n\r\n")) {
                        head.append((char) in.read());
                    }
                    socket.getOutputStream()
                            .write(RawServer.ok(RawServer.header(head.toString(), "Host"))
                                    .getBytes());
                } catch (java.io.IOException gone) {
                    // The client sees that.
                }
            });
            thread.setDaemon(true);
            thread.start();
            run(() -> {
                try (var session = ClientSession.create()) {
                    var url = "http://[::1%25lo]:" + listener.getLocalPort() + "/";
                    // RFC 6874: the zone is not sent.
                    assertEquals(
                            "[::1]:" + listener.getLocalPort(),
                            await(await(session.get(url)).text()));
                    var none = assertThrows(
                            ClientConnectorException.class,
                            () -> await(session.get("http://[fe80::1%25nosuchif]:" + listener.getLocalPort() + "/")));
                    assertTrue(none.getMessage().contains("fe80::1%nosuchif"), none::getMessage);
                }
            });
        }
    }

    private static ServerSocket ipv6Listener() {
        try {
            InetAddress.getByName("::1%lo");
            var listener = new ServerSocket();
            listener.bind(new InetSocketAddress(InetAddress.getByName("::1"), 0));
            return listener;
        } catch (java.io.IOException noIpv6) {
            return Assumptions.abort("This machine has no IPv6 on an interface called lo");
        }
    }

    /** The JDK's own check of names calls it illegal; OpenSSL, and so Python, does not. */
    @Test
    void aNameWithAnUnderscoreInTls() throws Exception {
        var certificate = TestCertificate.Companion.of("dns:*.test.example");
        var options = new HttpServerOptions().setSsl(true).setKeyCertOptions(certificate.forVertx());
        try (var server =
                TestServer.start(options, request -> request.response().end("over TLS"))) {
            run(() -> {
                for (var tls : List.of(
                        Tls.builder().trust(certificate.getPem()).build(),
                        Tls.insecure(),
                        Tls.pinned(certificate.getSha256()))) {
                    var connector =
                            Connector.builder().resolver(new Here()).tls(tls).build();
                    try (var session = ClientSession.builder()
                            .connector(connector)
                            .connectorOwner(true)
                            .build()) {
                        assertEquals(
                                "over TLS",
                                await(await(session.get("https://a_b.test.example:" + server.port() + "/"))
                                        .text()));
                    }
                }
                var trusting = Tls.builder().trust(certificate.getPem()).build();
                var connector =
                        Connector.builder().resolver(new Here()).tls(trusting).build();
                try (var session = ClientSession.builder()
                        .connector(connector)
                        .connectorOwner(true)
                        .build()) {
                    for (var host :
                            List.of("a_b.other.example", "a_b.c.test.example", "_test.example", "test_.example")) {
                        var refused = assertThrows(
                                ClientConnectorCertificateException.class,
                                () -> await(session.get("https://" + host + ":" + server.port() + "/")),
                                host);
                        assertTrue(refused.getMessage().contains(host), refused::getMessage);
                    }
                    var long64 = "a_".repeat(32) + ".test.example";
                    assertThrows(
                            ClientException.class,
                            () -> await(session.get("https://" + long64 + ".x:" + server.port() + "/")));
                    // An ordinary name is checked by the JDK.
                    assertEquals(
                            "over TLS",
                            await(await(session.get("https://ab.test.example:" + server.port() + "/"))
                                    .text()));
                }
            });
        }
    }

    @Test
    void theNextRequestAsksAgainAfterClearDnsCache() throws Exception {
        try (var server = RawServer.start(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        })) {
            run(() -> {
                var resolver = new Here();
                var connector = Connector.builder().resolver(resolver).build();
                var asked = new java.util.ArrayList<Integer>();
                try (var session = ClientSession.builder()
                        .connector(connector)
                        .connectorOwner(true)
                        .build()) {
                    for (int i = 0; i < 7; i++) {
                        // Each holds for the request right behind it, without a turn of the loop between them.
                        if (i == 2) {
                            connector.clearDnsCache("A.test", server.port());
                        } else if (i == 4) {
                            connector.clearDnsCache();
                        } else if (i == 6) {
                            connector.clearDnsCache("other.test", server.port());
                        }
                        await(session.get("http://a.test:" + server.port() + "/"))
                                .close();
                        asked.add(resolver.asked.get());
                    }
                }
                assertEquals(List.of(1, 1, 2, 2, 3, 3, 3), asked);
            });
        }
    }
}
