package asyncio.http;

import static asyncio.Asyncio.*;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.Asyncio;
import asyncio.Coroutine;
import asyncio.TimeoutException;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** nginx: files, ranges, uploads, compression, limits. */
@Timeout(240)
class NginxTest {
    private static final byte[] LARGE = new byte[5_000_000];
    private static final String TEXT = "All work and no play makes Jack a dull boy.\n".repeat(5000);

    @RegisterExtension
    static final RealServer nginx = NginxServer.plain(folder -> {
        new Random(1).nextBytes(LARGE);
        var root = folder.resolve("root");
        Files.writeString(root.resolve("hello.txt"), "Hello from nginx");
        Files.write(root.resolve("large.bin"), LARGE);
        Files.writeString(root.resolve("text.txt"), TEXT);
        Files.writeString(root.resolve("packed.txt"), "never sent to those who take gzip");
        Files.write(root.resolve("packed.txt.gz"), gzip(TEXT));
        Files.writeString(root.resolve("gone.json"), "{\"error\": \"gone\"}");
        Files.writeString(folder.resolve("passwords"), "aladdin:{PLAIN}open sesame\n");
        Files.createDirectory(root.resolve("dav"));
        Files.createDirectory(root.resolve("small"));
        return """
                keepalive_requests 5;
                gzip_types text/plain; gzip_min_length 1; gzip_proxied any;
                location = /close { keepalive_timeout 0; return 200 "closed"; }
                location = /drop { return 444; }
                location = /teapot { return 418 "short and stout"; }
                location = /text.txt { gzip on; }
                location = /packed.txt { gzip_static on; }
                location = /slow.bin { alias "%1$s/root/large.bin"; limit_rate 200k; }
                location = /gone { return 410; }
                error_page 410 /gone.json;
                location = /moved { return 301 /hello.txt; }
                location = /there { return 302 /and/back; }
                location = /and/back { return 307 there/../../there; }
                location = /secret { auth_basic "cave"; auth_basic_user_file "%1$s/passwords"; try_files /hello.txt =404; }
                location /dav/ { dav_methods PUT DELETE MKCOL; create_full_put_path on; client_max_body_size 20m; }
                location /small/ { dav_methods PUT; client_max_body_size 1k; }
                location = /connection { return 200 "$connection $connection_requests"; }
                """.formatted(folder);
    });

    private static byte[] gzip(String text) throws Exception {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes());
        }
        return bytes.toByteArray();
    }

    private static String url(String path) {
        return nginx.url() + path;
    }

    @Test
    void getsFiles() {
        run(() -> {
            try (var session = ClientSession.create()) {
                var hello = await(session.get(url("hello.txt")));
                assertEquals(200, hello.status());
                assertEquals("text/plain", hello.contentType());
                assertTrue(hello.headers().get("server").startsWith("nginx"));
                assertEquals("Hello from nginx", await(hello.text()));
                assertArrayEquals(
                        LARGE, await(await(session.get(url("large.bin"))).read()));
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
                            () -> await(await(session.get(url("hello.txt"))).text())));
                }
                for (var text : await(Asyncio.<String>gather(all))) {
                    assertEquals("Hello from nginx", text);
                }
            }
        });
    }

    @Test
    void keepsAConnectionForAsManyRequestsAsItMay() {
        run(() -> {
            try (var session = ClientSession.create()) {
                var seen = new ArrayList<String>();
                for (int i = 0; i < 12; i++) {
                    seen.add(await(await(session.get(url("connection"))).text()));
                }
                var counts = seen.stream().map(text -> text.split(" ")[1]).toList();
                var five = Arrays.asList("1", "2", "3", "4", "5");
                assertEquals(five, counts.subList(0, 5));
                assertEquals(five, counts.subList(5, 10));
                assertEquals(
                        3,
                        seen.stream().map(text -> text.split(" ")[0]).distinct().count());
            }
        });
    }

    @Test
    void seesItsErrors() {
        run(() -> {
            try (var session = ClientSession.create()) {
                assertEquals(404, await(session.get(url("missing"))).status());
                var teapot = await(session.get(url("teapot")));
                assertEquals("short and stout", await(teapot.text()));
                assertEquals(
                        418,
                        assertThrows(ClientResponseException.class, teapot::raiseForStatus)
                                .status());
                assertEquals("closed", await(await(session.get(url("close"))).text()));
                assertThrows(ServerDisconnectedException.class, () -> await(session.get(url("drop"))));
                var gone = await(session.get(url("gone")));
                assertEquals(410, gone.status());
                assertEquals("application/json", gone.contentType());
                assertEquals("{\"error\": \"gone\"}", await(gone.text()));
            }
        });
    }

    @Test
    void getsPartsOfFiles() {
        run(() -> {
            try (var session = ClientSession.create()) {
                var part = await(session.get(url("large.bin")).header("Range", "bytes=1000-1999"));
                assertEquals(206, part.status());
                assertEquals("bytes 1000-1999/5000000", part.headers().get("Content-Range"));
                assertArrayEquals(Arrays.copyOfRange(LARGE, 1000, 2000), await(part.read()));
                var end = await(session.get(url("large.bin")).header("Range", "bytes=-5"));
                assertArrayEquals(Arrays.copyOfRange(LARGE, LARGE.length - 5, LARGE.length), await(end.read()));
                var beyond = await(session.get(url("large.bin")).header("Range", "bytes=5000000-"));
                assertEquals(416, beyond.status());
                assertEquals("bytes */5000000", beyond.headers().get("Content-Range"));
            }
        });
    }

    @Test
    void asksOnlyForWhatIsNew() {
        run(() -> {
            try (var session = ClientSession.create()) {
                var first = await(session.get(url("hello.txt")));
                await(first.read());
                for (int i = 0; i < 3; i++) {
                    var second = await(session.get(url("hello.txt"))
                            .header("If-None-Match", first.headers().get("ETag")));
                    assertEquals(304, second.status());
                    assertEquals(0, await(second.read()).length);
                }
                var third = await(session.get(url("hello.txt"))
                        .header("If-Modified-Since", first.headers().get("Last-Modified")));
                assertEquals(304, third.status());
            }
        });
    }

    @Test
    void headHasNoBody() {
        run(() -> {
            try (var session = ClientSession.create()) {
                for (int i = 0; i < 3; i++) {
                    var head = await(session.head(url("large.bin")));
                    assertEquals(200, head.status());
                    assertEquals(LARGE.length, head.contentLength());
                    assertEquals(0, await(head.read()).length);
                }
                assertTrue(await(await(session.get(url("connection"))).text()).endsWith(" 4"));
            }
        });
    }

    @Test
    void decodesWhatIsCompressed() throws Exception {
        run(() -> {
            try (var session = ClientSession.create()) {
                for (var path : new String[] {"text.txt", "packed.txt"}) {
                    var packed = await(session.get(url(path)));
                    assertEquals("gzip", packed.headers().get("Content-Encoding"), path);
                    assertEquals(TEXT, await(packed.text()), path);
                }
                var raw = await(session.get(url("packed.txt")).autoDecompress(false));
                assertArrayEquals(gzip(TEXT), await(raw.read()));
                var plain = await(session.get(url("text.txt")).header("Accept-Encoding", "identity"));
                assertFalse(plain.headers().contains("Content-Encoding"));
                assertEquals(TEXT, await(plain.text()));
            }
        });
    }

    @Test
    void uploadsAndDeletes() throws Exception {
        var file = Files.createTempFile("upload", ".bin");
        Files.write(file, LARGE);
        try {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var created = await(session.put(url("dav/a/file.bin")).file(file));
                    assertEquals(201, created.status());
                    var again = await(session.put(url("dav/a/bytes.bin")).body(LARGE));
                    assertEquals(201, again.status());
                    var asked = await(
                            session.put(url("dav/a/asked.bin")).body(LARGE).expect100(true));
                    assertEquals(201, asked.status());
                    var streamed =
                            await(session.put(url("dav/a/streamed.bin")).stream(Asyncio.<byte[]>asyncGenerator(out -> {
                                for (int at = 0; at < LARGE.length; at += 250_000) {
                                    out.yield(Arrays.copyOfRange(LARGE, at, at + 250_000));
                                }
                            })));
                    assertEquals(201, streamed.status());
                    for (var name : new String[] {"file.bin", "bytes.bin", "asked.bin", "streamed.bin"}) {
                        var path = url("dav/a/" + name);
                        assertArrayEquals(LARGE, await(await(session.get(path)).read()), name);
                        assertEquals(204, await(session.delete(path)).status());
                        assertEquals(404, await(session.get(path)).status());
                    }
                    assertEquals(
                            201,
                            await(session.request("MKCOL", url("dav/new/"))).status());
                    assertEquals(
                            405,
                            await(session.request("MKCOL", url("dav/new/"))).status());
                }
            });
        } finally {
            Files.delete(file);
        }
    }

    /** nginx answers when it has seen the head, and does not wait for the body. */
    @Test
    void isToldThatABodyIsTooLarge() {
        run(() -> {
            try (var session = ClientSession.create()) {
                for (int size : new int[] {1025, 100_000, LARGE.length}) {
                    var refused = await(session.put(url("small/x")).body(Arrays.copyOf(LARGE, size)));
                    assertEquals(413, refused.status(), "size " + size);
                    refused.release();
                }
                var asked = await(session.put(url("small/x")).body(LARGE).expect100(true));
                assertEquals(413, asked.status());
                assertEquals(
                        201,
                        await(session.put(url("small/x")).body(Arrays.copyOf(LARGE, 1024)))
                                .status());
            }
        });
    }

    @Test
    void followsItsRedirects() {
        run(() -> {
            try (var session = ClientSession.create()) {
                var moved = await(session.get(url("moved")));
                assertEquals("Hello from nginx", await(moved.text()));
                assertEquals(url("hello.txt"), moved.url());
                assertEquals(301, moved.history().get(0).status());
                var left = await(session.get(url("moved")).allowRedirects(false));
                assertEquals(301, left.status());
                var endless = assertThrows(TooManyRedirectsException.class, () -> await(session.get(url("there"))));
                assertEquals(11, endless.history().size());
            }
        });
    }

    @Test
    void showsUserAndPassword() {
        run(() -> {
            try (var session = ClientSession.create()) {
                assertEquals(401, await(session.get(url("secret"))).status());
                assertEquals(
                        401,
                        await(session.get(url("secret")).basicAuth("aladdin", "close"))
                                .status());
                var inside = await(session.get(url("secret")).basicAuth("aladdin", "open sesame"));
                assertEquals("Hello from nginx", await(inside.text()));
                var byUrl = url("secret").replace("http://", "http://aladdin:open%20sesame@");
                assertEquals(200, await(session.get(byUrl)).status());
            }
        });
    }

    @Test
    void aSlowBodyComesInPieces() {
        run(() -> {
            try (var session = ClientSession.create()) {
                var slow = await(session.get(url("slow.bin")));
                var first = await(slow.content().readexactly(100_000));
                assertArrayEquals(Arrays.copyOf(LARGE, 100_000), first);
                slow.release();
                var limited = await(session.get(url("slow.bin")).timeout(ofMillis(300)));
                assertThrows(TimeoutException.class, () -> await(limited.read()));
                var reading = createTask(
                        async(() -> await(await(session.get(url("slow.bin"))).read())));
                await(sleep(ofMillis(100)));
                reading.cancel();
                assertThrows(asyncio.CancelledError.class, () -> await(reading));
                assertEquals(
                        "Hello from nginx",
                        await(await(session.get(url("hello.txt"))).text()));
            }
        });
    }
}
