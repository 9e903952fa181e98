package asyncio.http;

import static asyncio.Asyncio.*;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.CancelledError;
import asyncio.IncompleteReadException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bodies that are read as they come, encoded ones among them. */
@Timeout(240)
class StreamReaderTest {
    private static byte[] gzip(byte[] content) throws IOException {
        var encoded = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(encoded)) {
            gzip.write(content);
        }
        return encoded.toByteArray();
    }

    private static void send(RawServer.Connection connection, String coding, byte[] body) throws IOException {
        connection.send(
                "HTTP/1.1 200 OK\r\nContent-Encoding: " + coding + "\r\nContent-Length: " + body.length + "\r\n\r\n");
        connection.socket.getOutputStream().write(body);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    void linesAsTheyCome() throws Exception {
        var seen = new CountDownLatch(1);
        try (var server = RawServer.start(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\nfirst\nsec");
            RawServer.await(seen);
            connection.send("ond\nx");
            connection.readRequest();
        })) {
            run(() -> {
                try (var session = ClientSession.create();
                        var response = await(session.get(server.url()))) {
                    var lines = new ArrayList<String>();
                    for (var line : each(response.content())) {
                        lines.add(text(line));
                        seen.countDown();
                    }
                    assertEquals(List.of("first\n", "second\n", "x"), lines);
                    assertTrue(response.content().atEof());
                    assertEquals(14, response.content().totalBytes());
                }
            });
        }
    }

    @Test
    void everyWayOfReading() throws Exception {
        try (var server = RawServer.answering(RawServer.ok("0123456789line\r\nrest|more|end"))) {
            run(() -> {
                try (var session = ClientSession.create();
                        var response = await(session.get(server.url()))) {
                    var content = response.content();
                    assertSame(content, response.content());
                    assertEquals("012", text(await(content.readexactly(3))));
                    assertEquals("34", text(await(content.read(2))));
                    assertEquals("56789line\r\n", text(await(content.readline())));
                    assertThrows(LineTooLongException.class, () -> await(content.readline(5)));
                    assertEquals("rest|", text(await(content.readuntil(new byte[] {'|'}))));
                    assertEquals("more|", text(await(content.readuntil(new byte[] {'|'}, 5))));
                    await(content.waitEof());
                    var incomplete = assertThrows(IncompleteReadException.class, () -> await(content.readexactly(4)));
                    assertEquals("end", text(incomplete.partial()));
                    assertEquals(4, incomplete.expected());
                    assertEquals(0, await(content.readany()).length);
                    assertNull(content.exception());
                    assertThrows(IllegalArgumentException.class, () -> content.read(-1));
                }
            });
        }
    }

    @Test
    void itsTextTellsHowMuchIsThere() throws Exception {
        var seen = new CountDownLatch(1);
        try (var server = RawServer.start(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc");
            RawServer.await(seen);
            connection.send("de");
            connection.readRequest();
        })) {
            run(() -> {
                try (var session = ClientSession.create();
                        var response = await(session.get(server.url()))) {
                    var content = response.content();
                    assertEquals("a", text(await(content.readexactly(1))));
                    assertEquals("<StreamReader 2 bytes>", content.toString());
                    seen.countDown();
                    await(content.waitEof());
                    assertEquals("<StreamReader 4 bytes eof>", content.toString());
                    await(content.read());
                    assertEquals("<StreamReader eof>", content.toString());
                }
            });
        }
    }

    @Test
    void portionsOfALargeBody() throws Exception {
        var body = new byte[5_000_000];
        new Random(1).nextBytes(body);
        try (var server = RawServer.start(connection -> {
            connection.readRequest();
            send(connection, "identity", body);
            connection.readRequest();
        })) {
            run(() -> {
                try (var session = ClientSession.create();
                        var response = await(session.get(server.url()))) {
                    var got = new ByteArrayOutputStream();
                    for (var portion : each(response.content().iterChunked(10_000))) {
                        assertTrue(portion.length <= 10_000);
                        got.writeBytes(portion);
                    }
                    assertArrayEquals(body, got.toByteArray());
                }
            });
        }
    }

    @Test
    void aConnectionIsUsedAgainThoughItsBodyWasHeldBackAtTheEnd() throws Exception {
        // A little more than what is received before anybody reads: its end comes together with the holding back.
        for (int size = 524_289; size <= 524_289 + 60_000; size += 10_000) {
            var body = new byte[size];
            try (var server = RawServer.start(connection -> {
                while (connection.readRequest() != null) {
                    send(connection, "identity", body);
                }
            })) {
                run(() -> {
                    try (var session = ClientSession.create()) {
                        for (int i = 0; i < 4; i++) {
                            var response = await(session.get(server.url()));
                            var ended = createTask(response.content().waitEof());
                            await(sleep(Duration.ofMillis(20)));
                            assertEquals(body.length, await(response.read()).length);
                            await(ended);
                        }
                    }
                });
            }
        }
    }

    @Test
    void encodedBodiesAreDecoded() throws Exception {
        var content = "Encoded and decoded again. ".repeat(1000).getBytes(StandardCharsets.UTF_8);
        try (var server = RawServer.start(connection -> {
            String request;
            while ((request = connection.readRequest()) != null) {
                assertTrue(request.toLowerCase().contains("accept-encoding: gzip, deflate, br, zstd\r\n"), request);
                send(connection, "gzip", gzip(content));
            }
        })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    for (int i = 0; i < 3; i++) {
                        var response = await(session.get(server.url()));
                        assertArrayEquals(content, await(response.read()));
                        assertEquals("gzip", response.headers().get("Content-Encoding"));
                        assertEquals(content.length, response.content().totalBytes());
                        assertEquals(gzip(content).length, response.content().totalCompressedBytes());
                    }
                    assertEquals(1, server.connections());
                }
            });
        }
    }

    @Test
    void ofABombNoMoreIsDecodedThanIsRead() throws Exception {
        var encoded = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(encoded)) {
            for (int i = 0; i < 100; i++) {
                gzip.write(new byte[1 << 20]);
            }
        }
        try (var server = RawServer.start(connection -> {
            connection.readRequest();
            send(connection, "gzip", encoded.toByteArray());
            connection.readRequest();
        })) {
            run(() -> {
                try (var session = ClientSession.builder().maxBodySize(1 << 20).build()) {
                    try (var response = await(session.get(server.url()))) {
                        assertEquals(1000, await(response.content().readexactly(1000)).length);
                        assertTrue(response.content().totalBytes() <= 1 << 16);
                    }
                    var error = assertThrows(
                            ClientPayloadException.class,
                            () -> await(await(session.get(server.url())).read()));
                    assertTrue(error.getMessage().contains("maxBodySize"), error.getMessage());
                }
            });
        }
    }

    @Test
    void malformedContentIsAnErrorAndItsConnectionIsNotKept() throws Exception {
        var content = gzip("content".getBytes(StandardCharsets.UTF_8));
        content[content.length - 1] ^= 1;
        try (var server = RawServer.start(connection -> {
            while (connection.readRequest() != null) {
                send(connection, "gzip", content);
            }
        })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    for (int i = 0; i < 2; i++) {
                        var error = assertThrows(
                                ClientPayloadException.class,
                                () -> await(await(session.get(server.url())).text()));
                        assertTrue(error.getMessage().contains("Content-Encoding: gzip"), error.getMessage());
                    }
                }
            });
        }
    }

    @Test
    void aReaderThatIsCancelledTakesNothingWithIt() throws Exception {
        var go = new CountDownLatch(1);
        try (var server = RawServer.start(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01234");
            RawServer.await(go);
            connection.send("56789");
            connection.readRequest();
        })) {
            run(() -> {
                try (var session = ClientSession.create();
                        var response = await(session.get(server.url()))) {
                    var content = response.content();
                    var reading = createTask(content.readexactly(8));
                    do {
                        await(sleep(Duration.ofMillis(1)));
                    } while (content.totalBytes() < 5);
                    assertThrows(IllegalStateException.class, content::readNowait);
                    reading.cancel();
                    assertThrows(CancelledError.class, () -> await(reading));
                    go.countDown();
                    assertEquals("01234567", text(await(content.readexactly(8))));
                    assertEquals("89", text(await(content.read())));
                }
            });
        }
    }

    @Test
    void whatCameBeforeABreakCanBeRead() throws Exception {
        try (var server = RawServer.start(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\none\ntwo\nthr");
        })) {
            run(() -> {
                try (var session = ClientSession.create();
                        var response = await(session.get(server.url()))) {
                    var content = response.content();
                    assertEquals("one\n", text(await(content.readline())));
                    assertEquals("two\n", text(await(content.readline())));
                    assertThrows(ClientPayloadException.class, () -> await(content.readline()));
                    assertEquals("thr", text(await(content.readany())));
                    var error = assertThrows(ClientPayloadException.class, () -> await(content.readany()));
                    assertSame(error, content.exception());
                }
            });
        }
    }

    @Test
    void eventsOverTwoConnections() throws Exception {
        var requests = new ArrayList<String>();
        try (var server = RawServer.start(connection -> {
            requests.add(connection.readRequest());
            var head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nConnection: close\r\n\r\n";
            if (connection.number == 1) {
                connection.send(head + "retry: 1\nid: 7\ndata: first\n\nevent: news\nda");
                connection.send("ta: second\n\n");
            } else if (connection.number == 2) {
                connection.send(head + "data: third\n\n");
            } else {
                connection.send("HTTP/1.1 204 No Content\r\n\r\n");
            }
        })) {
            run(() -> {
                try (var session = ClientSession.create();
                        var events = EventSource.of(() -> session.get(server.url()))) {
                    var seen = new ArrayList<ServerSentEvent>();
                    for (var event : each(events)) {
                        seen.add(event);
                    }
                    assertEquals(
                            List.of(
                                    ServerSentEvent.of("message", "first", "7"),
                                    ServerSentEvent.of("news", "second", "7"),
                                    ServerSentEvent.of("message", "third", "7")),
                            seen);
                    assertEquals(EventSource.State.CLOSED, events.state());
                }
            });
            assertFalse(requests.get(0).contains("Last-Event-ID"));
            assertTrue(requests.get(1).contains("Last-Event-ID: 7\r\n"), requests.get(1));
        }
    }

    @Test
    void theEventsOfOneResponse() throws Exception {
        try (var server = RawServer.start(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: only\n\n");
            connection.awaitClosedByClient();
        })) {
            run(() -> {
                try (var session = ClientSession.create();
                        var events = EventStream.of(await(session.get(server.url())))) {
                    assertEquals("only", await(events.anext()).data());
                    var waiting = createTask(async(() -> await(events.anext())));
                    await(sleep(Duration.ZERO));
                    events.close();
                    assertThrows(asyncio.StopAsyncIteration.class, () -> await(waiting));
                }
            });
        }
    }

    @Test
    void bodiesOfRequestsAreCompressed() throws Exception {
        var content = "Compress me. ".repeat(10_000).getBytes(StandardCharsets.UTF_8);
        try (var server = RawServer.start(connection -> {
            var head = connection.readRequest();
            assertTrue(head.toLowerCase().contains("content-encoding: gzip\r\n"), head);
            assertTrue(head.toLowerCase().contains("transfer-encoding: chunked\r\n"), head);
            var body = new ByteArrayOutputStream();
            while (true) {
                var line = new StringBuilder();
                for (int c; (c = connection.socket.getInputStream().read()) != '\n'; ) {
                    line.append((char) c);
                }
                int size = Integer.parseInt(line.toString().trim(), 16);
                body.writeBytes(connection.socket.getInputStream().readNBytes(size));
                connection.socket.getInputStream().readNBytes(2);
                if (size == 0) {
                    break;
                }
            }
            var decoded = new GZIPInputStream(new java.io.ByteArrayInputStream(body.toByteArray())).readAllBytes();
            connection.send(RawServer.ok(Arrays.equals(content, decoded) ? "same" : "different"));
            connection.readRequest();
        })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var response =
                            await(session.post(server.url()).body(content).compress("gzip"));
                    assertEquals("same", await(response.text()));
                }
            });
        }
    }
}
