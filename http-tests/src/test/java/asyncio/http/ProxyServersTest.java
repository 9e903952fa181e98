package asyncio.http;

import static asyncio.Asyncio.*;
import static org.junit.jupiter.api.Assertions.*;

import java.nio.file.Files;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Proxies that others wrote: tinyproxy, which wants a password, and squid, which keeps connections, and asks for
 * Digest.
 */
@Timeout(240)
class ProxyServersTest {
    /** A part of the package squid. */
    private static final String DIGEST_HELPER = "/usr/lib/squid/digest_file_auth";

    private static final byte[] LARGE = new byte[2_000_000];

    private static final String SITE = """
            location = /who { return 200 "$connection $connection_requests $http_authorization|$http_proxy_authorization"; }
            location = /old { return 302 /who; }
            """;

    @RegisterExtension
    @Order(1)
    static final RealServer plain = NginxServer.plain(folder -> {
        new Random(3).nextBytes(LARGE);
        Files.write(folder.resolve("root/large.bin"), LARGE);
        return SITE;
    });

    @RegisterExtension
    @Order(2)
    static final RealServer tls = NginxServer.tls(folder -> {
        Files.write(folder.resolve("root/large.bin"), LARGE);
        return SITE;
    });

    @RegisterExtension
    @Order(3)
    static final RealServer tinyproxy = new RealServer("tinyproxy", List.of("/usr/bin/tinyproxy"), (folder, port) -> {
        var config = folder.resolve("tinyproxy.conf");
        Files.writeString(config, """
                        Port %d
                        Listen 127.0.0.1
                        Timeout 30
                        MaxClients 50
                        LogLevel Connect
                        BasicAuth user s3cret
                        ConnectPort %d
                        """.formatted(port, tls.port()));
        return List.of("/usr/bin/tinyproxy", "-d", "-c", config.toString());
    });

    @RegisterExtension
    @Order(4)
    static final RealServer squid = new RealServer("squid", List.of("/usr/sbin/squid"), (folder, port) -> {
        var config = folder.resolve("squid.conf");
        Files.writeString(config, """
                http_port 127.0.0.1:%1$d
                visible_hostname localhost
                pid_filename none
                cache deny all
                access_log none
                cache_log /dev/null
                coredump_dir /tmp
                pinger_enable off
                shutdown_lifetime 0 seconds
                max_filedescriptors 1024
                acl targets port %2$d %3$d
                http_access allow localhost targets
                http_access deny all
                """.formatted(port, plain.port(), tls.port()));
        return List.of("/usr/sbin/squid", "-N", "-f", config.toString());
    });

    @RegisterExtension
    @Order(5)
    static final RealServer digestSquid =
            new RealServer("digest-squid", List.of("/usr/sbin/squid", DIGEST_HELPER), (folder, port) -> {
                // Run by root, squid and its helper become another user.
                folder.toFile().setExecutable(true, false);
                var passwords = Files.writeString(folder.resolve("passwords"), "monty:s3cret\n");
                passwords.toFile().setReadable(true, false);
                var config = folder.resolve("squid.conf");
                Files.writeString(config, """
                http_port 127.0.0.1:%1$d
                visible_hostname localhost
                pid_filename none
                cache deny all
                access_log none
                cache_log /dev/null
                coredump_dir /tmp
                pinger_enable off
                shutdown_lifetime 0 seconds
                max_filedescriptors 1024
                auth_param digest program %4$s %5$s
                auth_param digest children 1
                auth_param digest realm squid
                acl targets port %2$d %3$d
                acl known proxy_auth REQUIRED
                http_access deny !targets
                http_access allow known
                http_access deny all
                """.formatted(port, plain.port(), tls.port(), DIGEST_HELPER, passwords));
                return List.of("/usr/sbin/squid", "-N", "-f", config.toString());
            });

    private static String http(String path) {
        return plain.url() + path;
    }

    private static String https(String path) {
        return "https://localhost:" + tls.port() + "/" + path;
    }

    private static Proxy through(RealServer proxy) {
        return Proxy.of("http://127.0.0.1:" + proxy.port());
    }

    private static ClientSession.Builder session() {
        var tls = Tls.builder()
                .trust(NginxServer.certificate(ProxyServersTest.tls))
                .build();
        return ClientSession.builder().tls(tls);
    }

    @Test
    void withThePassword() {
        run(() -> {
            try (var session = session()
                    .proxy(through(tinyproxy).withAuth("user", "s3cret"))
                    .build()) {
                for (var url : List.of(http("who"), https("who"), http("old"), https("old"))) {
                    var response = await(session.get(url).header("Authorization", "Bearer mine"));
                    assertEquals(200, response.status(), url);
                    var text = await(response.text());
                    assertTrue(text.endsWith(" Bearer mine|"), "The password of the proxy is none of nginx's: " + text);
                }
                for (var url : List.of(http("large.bin"), https("large.bin"))) {
                    assertArrayEquals(LARGE, await(await(session.get(url)).read()), url);
                }
            }
        });
    }

    @Test
    void withAWrongPassword() {
        run(() -> {
            for (var proxy : List.of(through(tinyproxy), through(tinyproxy).withAuth("user", "wr0ng"))) {
                try (var session = session().proxy(proxy).build()) {
                    int status = proxy.user() == null ? 407 : 401;
                    var plainly = await(session.get(http("who")));
                    assertEquals(status, plainly.status());
                    var refused = assertThrows(ClientHttpProxyException.class, () -> await(session.get(https("who"))));
                    assertEquals(status, refused.status());
                    assertFalse(refused.toString().contains("wr0ng"), refused::toString);
                }
            }
        });
    }

    @Test
    void toAPortThatTheProxyDoesNotAllow() {
        run(() -> {
            try (var session = session().build()) {
                var target = "https://127.0.0.1:" + plain.port() + "/";
                var password = through(tinyproxy).withAuth("user", "s3cret");
                var refused = assertThrows(
                        ClientHttpProxyException.class,
                        () -> await(session.get(target).proxy(password)));
                assertEquals(403, refused.status());
                var other = "http://127.0.0.1:" + tinyproxy.port() + "/";
                assertEquals(
                        403, await(session.get(other).proxy(through(squid))).status());
            }
        });
    }

    @Test
    void aProxyThatKeepsConnections() {
        run(() -> {
            try (var session = session().proxy(through(squid)).build()) {
                for (var url : List.of(http("who"), https("who"))) {
                    var first = await(await(session.get(url)).text()).split(" ");
                    var second = await(await(session.get(url)).text()).split(" ");
                    assertEquals(first[0], second[0], url);
                    assertEquals("2", second[1], url);
                }
                for (var url : List.of(http("large.bin"), https("large.bin"))) {
                    assertArrayEquals(LARGE, await(await(session.get(url)).read()), url);
                }
                // Without the proxy it is another connection.
                var direct = await(
                        await(session.get(http("who")).proxy((Proxy) null)).text());
                assertEquals("1", direct.split(" ")[1]);
            }
        });
    }

    @Test
    void digest() {
        run(() -> {
            var asking = Proxy.of("http://127.0.0.1:" + digestSquid.port());
            try (var session =
                    session().proxy(asking.withDigestAuth("monty", "s3cret")).build()) {
                for (var url : List.of(http("who"), https("who"), http("old"), https("old"), http("who"))) {
                    try (var response = await(session.get(url))) {
                        assertEquals(200, response.status(), url);
                        assertTrue(await(response.text()).endsWith(" |"), "nginx got the answer");
                    }
                }
            }
            for (var wrong :
                    List.of(asking, asking.withDigestAuth("monty", "wr0ng"), asking.withAuth("monty", "s3cret"))) {
                try (var session = session().proxy(wrong).build()) {
                    assertEquals(407, await(session.get(http("who"))).status());
                    assertThrows(ClientHttpProxyException.class, () -> await(session.get(https("who"))));
                }
            }
        });
    }

    @Test
    void aServerThatTheProxyCannotReach() throws Exception {
        int nobody = RawServer.refusedPort();
        run(() -> {
            try (var session = session()
                    .proxy(through(tinyproxy).withAuth("user", "s3cret"))
                    .build()) {
                var response = await(session.get("http://127.0.0.1:" + nobody + "/"));
                assertTrue(response.status() >= 500, "status " + response.status());
            }
            try (var session =
                    session().proxy(Proxy.of("http://127.0.0.1:" + nobody)).build()) {
                assertThrows(ClientProxyConnectionException.class, () -> await(session.get(http("who"))));
                assertThrows(ClientProxyConnectionException.class, () -> await(session.get(https("who"))));
            }
        });
    }
}
