package asyncio.http;

import static asyncio.Asyncio.*;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.AsyncIterable;
import asyncio.Event;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What requests send. */
@Timeout(240)
class UploadTest {
    @TempDir
    Path folder;

    private static RawServer echo() throws Exception {
        return RawServer.start(connection -> {
            for (String request; (request = connection.readWhole()) != null; ) {
                connection.send(RawServer.ok(request));
            }
        });
    }

    private static String body(String request) {
        return request.split("\r\n\r\n", 2)[1];
    }

    private static AsyncIterable<byte[]> portions(String... portions) {
        return asyncGenerator(out -> {
            for (var portion : portions) {
                out.yield(portion.getBytes());
            }
        });
    }

    private static String sent(ClientRequest request) {
        return await(await(request).text());
    }

    /** A stream whose end is told late does not cost the connection: the size has told it. aiohttp: one connection. */
    @Test
    void aBodyOfAKnownSizeKeepsItsConnection() throws Exception {
        try (var server = echo()) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    for (int i = 0; i < 5; i++) {
                        var answered = new CountDownLatch(1);
                        var slow = new java.io.InputStream() {
                            private int left = 3;

                            @Override
                            public int read() {
                                if (left-- > 0) {
                                    return 'x';
                                }
                                try {
                                    RawServer.await(answered);
                                } catch (InterruptedException interrupted) {
                                    throw new IllegalStateException(interrupted);
                                }
                                return -1;
                            }

                            @Override
                            public int read(byte[] to, int at, int count) {
                                int next = read();
                                if (next < 0) {
                                    return -1;
                                }
                                to[at] = (byte) next;
                                return 1;
                            }
                        };
                        var answer = sent(session.post(server.url()).body(Payload.ofInputStream(slow, 3)));
                        answered.countDown();
                        assertEquals("xxx", body(answer));
                        var released = Event.create();
                        var stream = Payload.ofStream(
                                asyncGenerator(out -> {
                                    out.yield("yy".getBytes());
                                    await(released.waitSet());
                                }),
                                2);
                        assertEquals("yy", body(sent(session.post(server.url()).body(stream))));
                        released.set();
                        assertEquals(
                                "",
                                body(sent(session.post(server.url())
                                        .body(Payload.ofInputStream(java.io.InputStream.nullInputStream(), 0)))));
                    }
                }
            });
            assertEquals(1, server.connections());
        }
    }

    /** aiohttp: test_POST_FILES_SINGLE_content_disposition. */
    @Test
    void theHeadersOfABody() throws Exception {
        var file = Files.writeString(folder.resolve("file.txt"), "from a file");
        try (var server = echo()) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var request = sent(session.post(server.url())
                            .body(Payload.ofFile(file)
                                    .withHeader("Content-Disposition", "attachment; filename=\"host\"")
                                    .withHeader("X-Mine", "1")));
                    assertEquals("attachment; filename=\"host\"", RawServer.header(request, "Content-Disposition"));
                    assertEquals("1", RawServer.header(request, "X-Mine"));
                    var own = sent(session.post(server.url())
                            .header("Content-Disposition", "inline")
                            .body(Payload.ofFile(file).withHeader("Content-Disposition", "attachment")));
                    assertEquals("inline", RawServer.header(own, "Content-Disposition"));
                    assertNull(RawServer.header(
                            sent(session.post(server.url()).body(Payload.ofFile(file))), "Content-Disposition"));
                }
            });
        }
    }

    @Test
    void bodiesOfAllKinds() throws Exception {
        var file = Files.writeString(folder.resolve("file.txt"), "from a file");
        try (var server = echo()) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var bytes = sent(session.post(server.url()).body("bytes".getBytes()));
                    assertEquals("bytes", body(bytes));
                    assertEquals("application/octet-stream", RawServer.header(bytes, "content-type"));
                    assertEquals("5", RawServer.header(bytes, "content-length"));

                    var text = sent(session.put(server.url()).text("t\u00e9xt"));
                    assertEquals("text/plain; charset=utf-8", RawServer.header(text, "content-type"));
                    assertEquals("5", RawServer.header(text, "content-length"));

                    var json = sent(session.post(server.url()).json(Map.of("a", List.of(1, 2))));
                    assertEquals("{\"a\":[1,2]}", body(json));
                    assertEquals("application/json", RawServer.header(json, "content-type"));

                    var form = sent(session.post(server.url()).form(Map.of("q", "a b&c")));
                    assertEquals("q=a+b%26c", body(form));
                    assertEquals("application/x-www-form-urlencoded", RawServer.header(form, "content-type"));

                    var fromFile = sent(session.post(server.url()).file(file));
                    assertEquals("from a file", body(fromFile));
                    assertEquals("11", RawServer.header(fromFile, "content-length"));

                    var stream = sent(session.post(server.url()).stream(portions("a", "", "bc")));
                    assertEquals("abc", body(stream));
                    assertEquals("chunked", RawServer.header(stream, "transfer-encoding"));
                    assertNull(RawServer.header(stream, "content-length"));

                    var chunked = sent(session.post(server.url()).text("ab").chunked(true));
                    assertEquals("ab", body(chunked));
                    assertEquals("chunked", RawServer.header(chunked, "transfer-encoding"));
                }
            });
        }
    }

    @Test
    void requestsWithoutBody() throws Exception {
        try (var server = echo()) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    for (var method : List.of("GET", "OPTIONS", "TRACE")) {
                        var request = sent(session.request(method, server.url()));
                        assertNull(RawServer.header(request, "content-length"), method);
                        assertNull(RawServer.header(request, "content-type"), method);
                    }
                    for (var method : List.of("POST", "PUT", "PATCH")) {
                        var request = sent(session.request(method, server.url()));
                        assertEquals("0", RawServer.header(request, "content-length"));
                        assertEquals("application/octet-stream", RawServer.header(request, "content-type"));
                    }
                    var delete = sent(session.delete(server.url()));
                    assertEquals("0", RawServer.header(delete, "content-length"));
                    assertNull(RawServer.header(delete, "content-type"));
                    var skipped = sent(session.post(server.url()).skipAutoHeaders("Content-Type", "user-agent"));
                    assertNull(RawServer.header(skipped, "content-type"));
                    assertNull(RawServer.header(skipped, "user-agent"));
                }
            });
        }
    }

    @Test
    void tellsTheProgress() throws Exception {
        try (var server = echo()) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var told = new ArrayList<String>();
                    var response = await(session.post(server.url()).stream(portions("abc", "de"))
                            .uploadProgress((sent, total) -> told.add(sent + "/" + total)));
                    assertEquals(
                            List.of("3/-1", "5/-1"),
                            told.stream().filter(t -> !t.startsWith("0")).toList());
                    assertEquals(5, response.outputSize());
                    assertTrue(await(response.uploadComplete()));
                }
            });
        }
    }

    @Test
    void waitsForPermission() throws Exception {
        var asked = new AtomicBoolean();
        try (var server = RawServer.start(connection -> {
            for (String head; (head = connection.readRequest()) != null; ) {
                asked.set("100-continue".equals(RawServer.header(head, "expect")));
                connection.send("HTTP/1.1 100 Continue\r\n\r\n");
                connection.send(RawServer.ok(connection.readBody(head)));
            }
        })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    assertEquals(
                            "small",
                            sent(session.post(server.url()).text("small").expect100(true)));
                    assertTrue(asked.get());
                    assertEquals(
                            "streamed",
                            sent(session.post(server.url()).stream(portions("str", "eamed"))
                                    .expect100(true)));
                    assertEquals(1, server.connections());
                }
            });
        }
    }

    @Test
    void sendsNothingWithoutPermission() throws Exception {
        var gone = new CountDownLatch(1);
        var more = new AtomicBoolean();
        try (var server = RawServer.start(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 417 No\r\nContent-Length: 2\r\n\r\nno");
            more.set(connection.socket.getInputStream().read() >= 0);
            gone.countDown();
        })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var response =
                            await(session.post(server.url()).text("never").expect100(true));
                    assertEquals(417, response.status());
                    assertEquals("no", await(response.text()));
                    await(toThread(() -> RawServer.await(gone)));
                    assertFalse(more.get());
                    assertFalse(await(response.uploadComplete()));
                }
            });
        }
    }

    @Test
    void aResponseMayComeBeforeTheBodyIsSent() throws Exception {
        var gone = new CountDownLatch(1);
        try (var server = RawServer.start(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 413 Too large\r\nContent-Length: 4\r\n\r\nstop");
            connection.awaitClosedByClient();
            gone.countDown();
        })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var closed = new AtomicBoolean();
                    AsyncIterable<byte[]> endless = asyncGenerator(out -> {
                        try {
                            while (true) {
                                out.yield(new byte[10_000]);
                                await(sleep(java.time.Duration.ofMillis(1)));
                            }
                        } finally {
                            closed.set(true);
                        }
                    });
                    var response = await(session.post(server.url()).stream(endless));
                    assertEquals(413, response.status());
                    assertEquals("stop", await(response.text()));
                    await(toThread(() -> RawServer.await(gone)));
                    await(response.waitForClose());
                    while (!closed.get()) {
                        await(sleep(java.time.Duration.ofMillis(1)));
                    }
                }
            });
        }
    }

    @Test
    void aBodyThatFails() throws Exception {
        var gone = new CountDownLatch(1);
        try (var server = RawServer.start(connection -> {
            connection.awaitClosedByClient();
            gone.countDown();
        })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    AsyncIterable<byte[]> failing = asyncGenerator(out -> {
                        out.yield("abc".getBytes());
                        throw new IllegalStateException("out of ideas");
                    });
                    var raised = assertThrows(
                            ClientConnectionException.class, () -> await(session.post(server.url()).stream(failing)));
                    assertTrue(raised.getMessage().contains("out of ideas"), raised.getMessage());
                    assertInstanceOf(IllegalStateException.class, raised.getCause());
                    await(toThread(() -> RawServer.await(gone)));
                }
            });
        }
    }

    @Test
    void aBodyIsClosedHoweverTheRequestEnds() throws Exception {
        try (var server = echo()) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var closed = new ArrayList<String>();
                    await(await(session.post(server.url()).body(new Closing("sent", closed)))
                            .read());
                    assertThrows(
                            ClientConnectorException.class,
                            () -> await(session.post("http://127.0.0.1:" + RawServer.refusedPort() + "/")
                                    .body(new Closing("refused", closed))));
                    assertThrows(
                            InvalidUrlException.class,
                            () -> await(session.post("http://").body(new Closing("bad", closed))));
                    assertEquals(List.of("sent", "refused", "bad"), closed);
                }
            });
        }
    }

    /** A payload of a user's own. */
    private record Closing(String name, List<String> closed) implements Payload {
        @Override
        public Long size() {
            return 2L;
        }

        @Override
        public String contentType() {
            return "text/x-own";
        }

        @Override
        public boolean replayable() {
            return true;
        }

        @Override
        public asyncio.AsyncIterator<byte[]> chunks() {
            return asyncGenerator(out -> out.yield("ok".getBytes()));
        }

        @Override
        public void close() {
            if (!closed.contains(name)) {
                closed.add(name);
            }
        }
    }

    @Test
    void refusesWhatCannotBe() throws Exception {
        run(() -> {
            try (var session = ClientSession.create()) {
                var request = session.post("http://example.com/");
                assertThrows(IllegalArgumentException.class, () -> request.header("Content-Length", "5"));
                assertThrows(IllegalArgumentException.class, () -> request.header("X-A", "a\r\nX-B: b"));
                assertThrows(IllegalArgumentException.class, () -> request.header("X A", "a"));
                assertThrows(IllegalArgumentException.class, () -> request.header("", "a"));
                assertThrows(IllegalArgumentException.class, () -> request.cookie("a;b", "c"));
                assertThrows(IllegalArgumentException.class, () -> request.basicAuth("a:b", "c"));
                assertThrows(IllegalArgumentException.class, () -> request.bearerAuth("a\nb"));
                assertThrows(IllegalArgumentException.class, () -> request.maxRedirects(-1));
                assertThrows(IllegalArgumentException.class, () -> session.request("GE T", "http://example.com/"));
                assertThrows(IllegalArgumentException.class, () -> session.request("CONNECT", "http://example.com/"));
                request.text("one");
                assertThrows(IllegalStateException.class, () -> request.text("two"));
                assertThrows(
                        IllegalArgumentException.class,
                        () -> await(session.get("http://u:p@example.com/").basicAuth("a", "b")));
                assertThrows(
                        IllegalArgumentException.class,
                        () -> await(session.get("http://example.com/")
                                .header("Authorization", "x")
                                .bearerAuth("b")));
            }
        });
    }
}
