package asyncio.http;

import static asyncio.Asyncio.*;
import static org.junit.jupiter.api.Assertions.*;
import static org.junit.jupiter.api.Assumptions.abort;

import asyncio.Asyncio;
import asyncio.Coroutine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that others wrote. */
@Timeout(60)
class NginxTest {
    private static final Path NGINX = Path.of("/usr/sbin/nginx");

    @TempDir
    static Path folder;

    private static Process nginx;
    private static String url;
    private static final byte[] LARGE = new byte[5_000_000];

    @BeforeAll
    static void start() throws Exception {
        if (!Files.isExecutable(NGINX)) {
            var missing = NGINX + " is missing, so nothing is tested against it";
            if ("true".equals(System.getenv("CI"))) {
                fail(missing);
            }
            System.out.println("NginxTest: " + missing);
            abort(missing);
        }
        new Random(1).nextBytes(LARGE);
        var root = Files.createDirectory(folder.resolve("root"));
        Files.writeString(root.resolve("hello.txt"), "Hello from nginx");
        Files.write(root.resolve("large.bin"), LARGE);
        int port = RawServer.refusedPort();
        url = "http://127.0.0.1:" + port + "/";
        var config = folder.resolve("nginx.conf");
        Files.writeString(config, """
                daemon off;
                master_process off;
                worker_processes 1;
                pid "%1$s/nginx.pid";
                error_log stderr warn;
                events { worker_connections 256; }
                http {
                    access_log off;
                    client_body_temp_path "%1$s/tmp"; proxy_temp_path "%1$s/tmp"; fastcgi_temp_path "%1$s/tmp";
                    uwsgi_temp_path "%1$s/tmp"; scgi_temp_path "%1$s/tmp";
                    types { text/plain txt; application/octet-stream bin; }
                    keepalive_requests 5;
                    server {
                        listen 127.0.0.1:%2$d;
                        root "%1$s/root";
                        location = /close { keepalive_timeout 0; return 200 "closed"; }
                        location = /drop { return 444; }
                        location = /teapot { return 418 "short and stout"; }
                    }
                }
                """.formatted(folder, port));
        nginx = new ProcessBuilder(NGINX.toString(), "-p", folder.toString(), "-c", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("nginx.log").toFile())
                .start();
        awaitListening(port);
    }

    private static void awaitListening(int port) throws Exception {
        var address = new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port);
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(RawServer.PATIENCE_SECONDS); ; ) {
            try (var socket = new Socket()) {
                socket.connect(address, 1000);
                return;
            } catch (IOException notYet) {
                if (!nginx.isAlive() || System.nanoTime() > end) {
                    throw new AssertionError("nginx does not listen: " + Files.readString(folder.resolve("nginx.log")));
                }
                Thread.sleep(20);
            }
        }
    }

    @AfterAll
    static void stop() throws Exception {
        if (nginx != null) {
            nginx.destroy();
            assertTrue(nginx.waitFor(RawServer.PATIENCE_SECONDS, TimeUnit.SECONDS));
        }
    }

    @Test
    void getsFiles() {
        run(() -> {
            try (var session = ClientSession.create()) {
                var hello = await(session.get(url + "hello.txt"));
                assertEquals(200, hello.status());
                assertEquals("text/plain", hello.contentType());
                assertTrue(hello.headers().get("server").startsWith("nginx"));
                assertEquals("Hello from nginx", await(hello.text()));
                assertArrayEquals(
                        LARGE, await(await(session.get(url + "large.bin")).read()));
            }
        });
    }

    /** nginx closes each connection after five requests, and says so. */
    @Test
    void getsManyAtOnce() {
        run(() -> {
            try (var session = ClientSession.builder().limit(10).build()) {
                var all = new ArrayList<Coroutine<String>>();
                for (int i = 0; i < 300; i++) {
                    all.add(async(
                            () -> await(await(session.get(url + "hello.txt")).text())));
                }
                for (var text : await(Asyncio.<String>gather(all))) {
                    assertEquals("Hello from nginx", text);
                }
            }
        });
    }

    @Test
    void seesItsErrors() {
        run(() -> {
            try (var session = ClientSession.create()) {
                assertEquals(404, await(session.get(url + "missing")).status());
                var teapot = await(session.get(url + "teapot"));
                assertEquals("short and stout", await(teapot.text()));
                assertEquals(
                        418,
                        assertThrows(ClientResponseException.class, teapot::raiseForStatus)
                                .status());
                assertEquals("closed", await(await(session.get(url + "close")).text()));
                assertThrows(ServerDisconnectedException.class, () -> await(session.get(url + "drop")));
            }
        });
    }
}
