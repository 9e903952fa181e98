package asyncio.http;

import static asyncio.Asyncio.*;
import static asyncio.http.PayloadTest.pattern;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.*;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Payloads in the hands of a session, and multipart bodies that it receives. */
@Timeout(240)
class PayloadsOnTheWireTest {
    @TempDir
    Path dir;

    /** Answers with the headers that concern the body, and with the body. */
    private static void echo(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            var response = request.response();
            for (var name : List.of(
                    "Content-Type",
                    "Content-Length",
                    "Transfer-Encoding",
                    "Content-Encoding",
                    "X-A",
                    "Content-Disposition")) {
                if (request.headers().contains(name)) {
                    response.putHeader("Sent-" + name, request.getHeader(name));
                }
            }
            if (request.headers().contains("Content-Type")) {
                response.putHeader("Content-Type", request.getHeader("Content-Type"));
            }
            response.end(body);
        });
    }

    @Test
    void everyKindOfPayloadArrives() throws Exception {
        var content = pattern(700_000);
        var file = Files.write(dir.resolve("a.bin"), content);
        try (var server = TestServer.start(PayloadsOnTheWireTest::echo)) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var sized = List.of(
                            Payload.ofBytes(content),
                            Payload.ofFile(file),
                            Payload.ofInputStream(new ByteArrayInputStream(content), content.length),
                            Payload.ofStream(MultipartReaderTest.portions(content, 10_000), content.length));
                    for (var payload : sized) {
                        var response = await(session.post(server.url("/")).body(payload));
                        assertEquals("700000", response.headers().get("Sent-Content-Length"));
                        assertNull(response.headers().get("Sent-Transfer-Encoding"));
                        assertEquals("application/octet-stream", response.contentType());
                        assertArrayEquals(content, await(response.read()));
                    }
                    var unsized = List.of(
                            Payload.ofInputStream(new ByteArrayInputStream(content)),
                            Payload.ofStream(MultipartReaderTest.portions(content, 10_000)));
                    for (var payload : unsized) {
                        var response = await(session.post(server.url("/")).body(payload));
                        assertEquals("chunked", response.headers().get("Sent-Transfer-Encoding"));
                        assertNull(response.headers().get("Sent-Content-Length"));
                        assertArrayEquals(content, await(response.read()));
                    }
                }
            });
        }
    }

    @Test
    void formsAndPartsComeBack() throws Exception {
        var content = pattern(300_000);
        var file = Files.write(dir.resolve("photo.png"), content);
        try (var server = TestServer.start(PayloadsOnTheWireTest::echo)) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var form = FormData.create().field("name", "Monty \u00e4").file("photo", file);
                    try (var response = await(session.post(server.url("/")).body(form))) {
                        assertEquals("multipart/form-data", response.contentType());
                        assertEquals(form.size() + "", response.headers().get("Sent-Content-Length"));
                        var seen = new ArrayList<String>();
                        for (var part : each(MultipartReader.of(response))) {
                            seen.add(part.name() + " " + part.filename() + " " + part.contentType());
                            if (part.name().equals("name")) {
                                assertEquals("Monty \u00e4", await(part.text()));
                            } else {
                                assertArrayEquals(content, await(part.read()));
                            }
                        }
                        assertEquals(List.of("name null text/plain", "photo photo.png image/png"), seen);
                    }
                    try (var response = await(
                            session.post(server.url("/")).body(FormData.create().field("a", "b c")))) {
                        assertEquals("application/x-www-form-urlencoded", response.contentType());
                        assertEquals("a=b+c", await(response.text()));
                        assertThrows(ClientPayloadException.class, () -> MultipartReader.of(response));
                    }
                }
            });
        }
    }

    @Test
    void headersOfAPayloadGoAlong() throws Exception {
        try (var server = TestServer.start(PayloadsOnTheWireTest::echo)) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var payload = Payload.ofText("x")
                            .withHeader("X-A", "\u00e4")
                            .withHeader("Content-Disposition", "attachment")
                            .withFilename("f");
                    var response = await(session.post(server.url("/")).body(payload));
                    assertEquals("\u00e4", response.headers().get("Sent-X-A"));
                    assertEquals("attachment", response.headers().get("Sent-Content-Disposition"));
                    var other =
                            await(session.post(server.url("/")).body(payload).header("x-a", "own"));
                    assertEquals("own", other.headers().get("Sent-X-A"));
                }
            });
        }
    }

    @Test
    void aStreamIsClosedHoweverTheRequestEnds() throws Exception {
        try (var server = RawServer.start(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            connection.awaitClosedByClient();
        })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var closed = asyncio.Event.create();
                    var payload = Payload.ofStream(asyncGenerator(out -> {
                        try {
                            while (true) {
                                out.yield(new byte[1000]);
                            }
                        } finally {
                            closed.set();
                        }
                    }));
                    try (var response = await(session.post(server.url()).body(payload))) {
                        assertEquals(413, response.status());
                    }
                    await(closed.waitSet());
                }
            });
        }
    }

    @Test
    void contentDisposition() throws Exception {
        try (var server = TestServer.start(request -> request.response()
                .putHeader("Content-Disposition", request.path().equals("/") ? "attachment; filename=\"../a.txt\"" : "")
                .end(Buffer.buffer()))) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var response = await(session.get(server.url("/")));
                    assertEquals("../a.txt", response.contentDisposition().filename());
                    assertEquals("a.txt", response.contentDisposition().safeFilename());
                    assertNull(await(session.get(server.url("/x"))).contentDisposition());
                }
            });
        }
    }

    @Test
    void jsonThereAndBack() throws Exception {
        try (var server = TestServer.start(PayloadsOnTheWireTest::echo)) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var response = await(session.post(server.url("/")).json(Map.of("a", List.of(1, 2))));
                    assertEquals(Map.of("a", List.of(1, 2)), await(response.json()));
                    assertEquals(
                            Map.of("a", List.of(1, 2)),
                            await(response.json(new TypeRef<Map<String, List<Integer>>>() {})));
                    var compressed = await(session.post(server.url("/"))
                            .body(FormData.create().field("a", "b".repeat(100)))
                            .compress("gzip"));
                    assertEquals("gzip", compressed.headers().get("Sent-Content-Encoding"));
                }
            });
        }
    }

    @Test
    void progressIsTold() throws Exception {
        try (var server = TestServer.start(PayloadsOnTheWireTest::echo)) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var told = new ArrayList<String>();
                    await(session.post(server.url("/"))
                            .body(Payload.ofBytes(new byte[600_000]))
                            .uploadProgress((sent, total) -> told.add(sent + "/" + total)));
                    assertEquals(List.of("0/600000", "262144/600000", "524288/600000", "600000/600000"), told);
                    told.clear();
                    await(session.post(server.url("/")).stream(MultipartReaderTest.portions("abcd".getBytes(UTF_8), 3))
                            .uploadProgress((sent, total) -> told.add(sent + "/" + total)));
                    assertEquals(List.of("0/-1", "3/-1", "4/-1"), told);
                }
            });
        }
    }
}
