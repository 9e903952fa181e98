package samples.cookbook;

import static asyncio.Asyncio.*;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.AsyncGenerator;
import asyncio.Coroutine;
import asyncio.http.ClientSession;
import asyncio.http.Download;
import asyncio.http.MultipartReader;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import samples.LocalServer;

/** Forms, files and streams. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BodiesTest {

    // ---- recipes

    static Coroutine<Integer> logIn(ClientSession session, String url) {
        return async(() -> {
            try (var response = await(session.post(url).form(Map.of("user", "monty", "code", "42 & more")))) {
                return response.status();
            }
        });
    }

    static Coroutine<Integer> upload(ClientSession session, String url, Path photo, List<Long> sent) {
        return async(() -> {
            var request = session.post(url)
                    .multipart(form -> form.field("title", "My cat").file("photo", photo))
                    .uploadProgress((sentBytes, totalBytes) -> sent.add(100 * sentBytes / totalBytes));
            try (var response = await(request)) {
                return response.status();
            }
        });
    }

    static Coroutine<Integer> putFile(ClientSession session, String url, Path file) {
        return async(() -> {
            try (var response = await(session.put(url).file(file).header("Content-Type", "image/png"))) {
                return response.status();
            }
        });
    }

    static Coroutine<Long> download(ClientSession session, String url, Path file) {
        return async(() -> {
            try (var response = await(session.get(url).raiseForStatus(true));
                    var out = Files.newOutputStream(file)) {
                for (var portion : each(response.content().iterChunked(64 * 1024))) {
                    await(toThread(() -> out.write(portion)));
                }
                return response.content().totalBytes();
            }
        });
    }

    static Coroutine<Long> downloadStubbornly(ClientSession session, String url, Path file) {
        return Download.builder(() -> session.get(url))
                .retry(ofSeconds(2))
                .maxFailures(10)
                .build()
                .toFile(file);
    }

    static Coroutine<List<String>> lines(ClientSession session, String url) {
        return async(() -> {
            var lines = new ArrayList<String>();
            try (var response = await(session.get(url))) {
                for (var line : each(response.content())) {
                    lines.add(new String(line, UTF_8).strip());
                }
            }
            return lines;
        });
    }

    static AsyncGenerator<byte[]> measurements() {
        return asyncGenerator(out -> {
            for (int i = 1; i <= 3; i++) {
                out.yield(("measurement " + i + "\n").getBytes(UTF_8));
                await(sleep(ofMillis(10)));
            }
        });
    }

    static Coroutine<Integer> send(ClientSession session, String url) {
        return async(() -> {
            try (var response = await(session.post(url).stream(measurements()))) {
                return response.status();
            }
        });
    }

    static Coroutine<List<String>> parts(ClientSession session, String url) {
        return async(() -> {
            var parts = new ArrayList<String>();
            try (var response = await(session.get(url))) {
                for (var part : each(MultipartReader.of(response))) {
                    parts.add(part.contentType() + ": " + await(part.text()));
                }
            }
            return parts;
        });
    }

    // ---- tests

    @TempDir
    private Path folder;

    private final List<String> received = new ArrayList<>();

    private void answer(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            received.add(request.getHeader("Content-Type") + " " + body);
            request.response().setStatusCode(201).end();
        });
    }

    @Test
    void formsAndFiles() throws IOException {
        var photo = Files.writeString(folder.resolve("cat.png"), "a cat");
        try (var server = LocalServer.start(this::answer)) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    assertEquals(201, await(logIn(session, server.url("/"))));
                    var sent = new ArrayList<Long>();
                    assertEquals(201, await(upload(session, server.url("/"), photo, sent)));
                    assertEquals(100, sent.get(sent.size() - 1));
                    assertEquals(201, await(putFile(session, server.url("/"), photo)));
                    assertEquals(201, await(send(session, server.url("/"))));
                }
            });
        }
        var form = received.get(0);
        assertTrue(form.startsWith("application/x-www-form-urlencoded"), form);
        assertTrue(form.contains("user=monty") && form.contains("code=42+%26+more"), form);
        var upload = received.get(1);
        assertTrue(upload.startsWith("multipart/form-data; boundary="), upload);
        assertTrue(upload.contains("My cat") && upload.contains("filename=\"cat.png\""), upload);
        assertTrue(upload.contains("image/png") && upload.contains("a cat"), upload);
        assertEquals("image/png a cat", received.get(2));
        assertEquals("application/octet-stream measurement 1\nmeasurement 2\nmeasurement 3\n", received.get(3));
    }

    @Test
    void streamsIntoAFile() throws IOException {
        var large = Buffer.buffer(new byte[3_000_000]);
        var file = folder.resolve("large");
        try (var server = LocalServer.start(request -> request.response().end(large))) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    assertEquals(3_000_000, await(download(session, server.url("/"), file)));
                }
            });
        }
        assertArrayEquals(large.getBytes(), Files.readAllBytes(file));
    }

    @Test
    void downloadsAFileThatIsCut() throws IOException {
        var large = Buffer.buffer(new byte[100_000]);
        var file = folder.resolve("large");
        var asked = new AtomicInteger();
        try (var server = LocalServer.start(request -> {
            var response = request.response().putHeader("ETag", "\"v1\"");
            if (asked.incrementAndGet() == 1) {
                response.putHeader("Content-Length", "100000").write(large.slice(0, 60_000));
                request.connection().close();
            } else {
                var range = request.getHeader("Range"); // bytes=60000-
                int from = Integer.parseInt(range.substring(6, range.length() - 1));
                response.setStatusCode(206)
                        .putHeader("Content-Range", "bytes " + from + "-99999/100000")
                        .end(large.slice(from, 100_000));
            }
        })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    assertEquals(100_000, await(downloadStubbornly(session, server.url("/"), file)));
                }
            });
        }
        assertArrayEquals(large.getBytes(), Files.readAllBytes(file));
    }

    @Test
    void readsLinesAndParts() {
        try (var server = LocalServer.start(request -> {
            if (request.path().equals("/lines")) {
                request.response().end("one\ntwo\r\nthree");
            } else {
                request.response()
                        .putHeader("Content-Type", "multipart/mixed; boundary=b")
                        .end("--b\r\nContent-Type: text/html\r\n\r\n<p>\r\n--b\r\n\r\nplain\r\n--b--\r\n");
            }
        })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    assertEquals(List.of("one", "two", "three"), await(lines(session, server.url("/lines"))));
                    assertEquals(
                            List.of("text/html: <p>", "text/plain: plain"),
                            await(parts(session, server.url("/parts"))));
                }
            });
        }
    }
}
