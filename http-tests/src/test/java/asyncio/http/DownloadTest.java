package asyncio.http;

import static asyncio.Asyncio.*;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.CancelledError;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Downloads that are cut and go on. */
@Timeout(240)
class DownloadTest {
    private static final String TAG = "ETag: \"v1\"\r\n";

    @TempDir
    Path folder;

    private final byte[] data = bytes(1, 700_000);
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());

    private static byte[] bytes(int seed, int size) {
        var bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, ISO_8859_1);
    }

    /** What the server sends for the request of this number, from 1 on; it closes the connection behind it. */
    private RawServer server(BiFunction<Integer, String, String> answer) throws Exception {
        return RawServer.start(connection -> {
            var request = connection.readRequest();
            requests.add(request);
            connection.send(answer.apply(connection.number, request));
        });
    }

    /** The first {@code upTo} bytes of a response with all of {@code data}. */
    private static String whole(byte[] data, String headers, int upTo) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + data.length + "\r\n" + headers + "\r\n" + text(data, 0, upTo);
    }

    /** As much of the rest that was asked for. */
    private static String rest(byte[] data, String request, String headers, int count) {
        int from = Integer.parseInt(RawServer.header(request, "Range").replaceAll("bytes=(\\d+)-", "$1"));
        return "HTTP/1.1 206 Partial Content\r\nContent-Length: " + (data.length - from) + "\r\nContent-Range: bytes "
                + from + "-" + (data.length - 1) + "/" + data.length + "\r\n" + headers + "\r\n"
                + text(data, from, Math.min(data.length, from + count));
    }

    private static Download download(ClientSession session, RawServer server) {
        return Download.builder(() -> session.get(server.url()))
                .retry(Duration.ofMillis(1))
                .build();
    }

    /** Both ways of a download: the same bytes. */
    private void assertDownloads(byte[] expected, RawServer server) {
        var file = folder.resolve("file");
        run(() -> {
            try (var session = ClientSession.create()) {
                assertEquals(expected.length, await(download(session, server).toFile(file)));
            }
        });
        assertArrayEquals(expected, assertDoesNotThrow(() -> Files.readAllBytes(file)));
        assertEquals(List.of("file"), files());
    }

    private List<String> files() {
        try (var files = assertDoesNotThrow(() -> Files.list(folder))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void goesOnWhereItWasCut() throws Exception {
        try (var server = server((number, request) -> number == 1
                ? whole(data, TAG, 100_000)
                : rest(data, request, TAG, number == 4 ? data.length : 200_000))) {
            assertDownloads(data, server);
            assertNull(RawServer.header(requests.get(0), "Range"));
            assertEquals("identity", RawServer.header(requests.get(0), "Accept-Encoding"));
            assertEquals("bytes=100000-", RawServer.header(requests.get(1), "Range"));
            assertEquals("bytes=300000-", RawServer.header(requests.get(2), "Range"));
            for (var request : requests.subList(1, 4)) {
                assertEquals("\"v1\"", RawServer.header(request, "If-Range"));
            }
        }
    }

    @Test
    void aDateWillDoIfItIsCertain() throws Exception {
        var modified = "Last-Modified: Tue, 03 Nov 2026 10:00:00 GMT\r\n";
        for (var date : List.of("Tue, 03 Nov 2026 10:00:01 GMT", "Tue, 03 Nov 2026 10:00:00 GMT")) {
            requests.clear();
            try (var server = server((number, request) -> number == 1
                    ? whole(data, modified + "Date: " + date + "\r\n", 1000)
                    : RawServer.header(request, "Range") == null
                            ? whole(data, "", data.length)
                            : rest(data, request, "", data.length))) {
                assertDownloads(data, server);
                // RFC 9110, 8.8.2.2: within the same second it may have changed twice.
                assertEquals(
                        date.endsWith("01 GMT") ? "Tue, 03 Nov 2026 10:00:00 GMT" : null,
                        RawServer.header(requests.get(1), "If-Range"));
            }
        }
    }

    @Test
    void beginsAnewWhereItCannotGoOn() throws Exception {
        var other = bytes(2, 500_000);
        // Changed meanwhile; without a version; with a weak one; encoded.
        for (var headers : List.of(TAG, "", "ETag: W/\"v1\"\r\n", TAG + "Content-Encoding: x\r\n")) {
            requests.clear();
            try (var server = server((number, request) ->
                    number == 1 ? whole(data, headers, 400_000) : whole(other, "ETag: \"v2\"\r\n", other.length))) {
                assertDownloads(other, server);
                assertEquals(headers.equals(TAG), RawServer.header(requests.get(1), "Range") != null, headers);
                assertEquals(2, requests.size());
            }
        }
    }

    @Test
    void aServerThatIgnoresRange() throws Exception {
        try (var server = server((number, request) -> whole(data, TAG, number == 3 ? data.length : 100_000 * number))) {
            assertDownloads(data, server);
            run(() -> {
                try (var session = ClientSession.create()) {
                    assertArrayEquals(data, all(Download.of(() -> session.get(server.url()))));
                }
            });
        }
    }

    private static byte[] all(Download download) {
        var all = new ByteArrayOutputStream();
        for (var chunk : each(download.chunks())) {
            all.writeBytes(chunk);
        }
        return all.toByteArray();
    }

    @Test
    void asChunksEachByteComesOnce() throws Exception {
        try (var server = server(
                (number, request) -> number % 4 == 1 ? whole(data, TAG, 100_000) : rest(data, request, TAG, 250_000))) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    assertArrayEquals(data, all(download(session, server)));
                    assertEquals(4, requests.size());
                    // Who has enough ends it.
                    for (var chunk : each(download(session, server).chunks())) {
                        assertEquals(data[0], chunk[0]);
                        break;
                    }
                }
            });
        }
    }

    @Test
    void whatWasGivenCannotBeTakenBack() throws Exception {
        try (var server = server((number, request) -> number % 2 == 1
                ? whole(data, number < 3 ? TAG : "", 1000)
                : whole(data, "ETag: \"v2\"\r\n", data.length))) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var changed = assertThrows(ClientPayloadException.class, () -> all(download(session, server)));
                    assertTrue(changed.getMessage().contains("cannot go on"), changed::getMessage);
                    var unknown = assertThrows(ClientPayloadException.class, () -> all(download(session, server)));
                    assertTrue(unknown.getMessage().contains("has not named its version"), unknown::getMessage);
                }
            });
        }
    }

    @Test
    void anEndThatWasNotSeen() throws Exception {
        // All bytes came, and then the connection broke off within the last chunk.
        try (var server = server((number, request) -> number == 1
                ? "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n" + TAG + "\r\n5\r\nhello\r\n"
                : "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */5\r\nContent-Length: 0\r\n\r\n")) {
            assertDownloads("hello".getBytes(), server);
        }
    }

    @Test
    void itGivesUp() throws Exception {
        var file = Files.writeString(folder.resolve("file"), "old");
        record Case(BiFunction<Integer, String, String> answer, int requests, Class<? extends Exception> failure) {}
        for (var each : List.of(
                // The same cut again and again.
                new Case((number, request) -> whole(data, TAG, 100_000), 3, ClientPayloadException.class),
                new Case(
                        (number, request) -> "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n",
                        3,
                        ClientResponseException.class),
                new Case(
                        (number, request) -> "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
                        1,
                        ClientResponseException.class),
                new Case((number, request) -> "HTTP/1.1 204 No Content\r\n\r\n", 1, ClientResponseException.class),
                // Another range than the one that was asked for, and one of another version.
                new Case(
                        (number, request) -> number == 1
                                ? whole(data, TAG, 100_000)
                                : "HTTP/1.1 206 Partial Content\r\nContent-Length: 5\r\nContent-Range: bytes 0-4/5\r\n\r\nhello",
                        2,
                        ClientResponseException.class),
                new Case(
                        (number, request) ->
                                number == 1 ? whole(data, TAG, 100_000) : rest(data, request, "ETag: \"v2\"\r\n", 1),
                        2,
                        ClientResponseException.class))) {
            requests.clear();
            try (var server = server(each.answer)) {
                run(() -> {
                    try (var session = ClientSession.create()) {
                        var download = Download.builder(() -> session.get(server.url()))
                                .retry(Duration.ZERO)
                                .maxFailures(2)
                                .build();
                        assertThrows(each.failure, () -> await(download.toFile(file)));
                    }
                });
            }
            assertEquals(each.requests, requests.size());
            assertEquals("old", Files.readString(file));
            assertEquals(List.of("file"), files());
        }
    }

    @Test
    void aCancelledDownloadLeavesNothing() throws Exception {
        try (var server = RawServer.start(connection -> {
            connection.readRequest();
            connection.send(whole(data, TAG, 600_000));
            connection.awaitClosedByClient();
        })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var task = createTask(download(session, server).toFile(folder.resolve("file")));
                    while (files().isEmpty()) {
                        await(sleep(Duration.ofMillis(1)));
                    }
                    task.cancel();
                    assertThrows(CancelledError.class, () -> await(task));
                    assertThrows(
                            java.io.IOException.class,
                            () -> await(download(session, server)
                                    .toFile(folder.resolve("none").resolve("file"))));
                }
            });
            assertEquals(List.of(), files());
        }
    }

    @Test
    void settingsThatMakeNoSense() {
        var builder = Download.builder(() -> null);
        assertThrows(IllegalArgumentException.class, () -> builder.retry(Duration.ofMillis(-1)));
        assertThrows(IllegalArgumentException.class, () -> builder.maxFailures(-1));
    }

    /** A server that compresses all the same: the length is that of what is sent. */
    @Test
    void anEncodedBodyHasAnotherLength() throws Exception {
        var gzip = new ByteArrayOutputStream();
        try (var out = new GZIPOutputStream(gzip)) {
            out.write(data, 0, 3);
        }
        try (var server = server(
                (number, request) -> whole(gzip.toByteArray(), TAG + "Content-Encoding: gzip\r\n", gzip.size()))) {
            assertDownloads(Arrays.copyOf(data, 3), server);
        }
    }

    @Test
    void aSessionThatRaisesForStatusChangesNothing() throws Exception {
        // All has come but the last chunk: the rest that is asked for is empty.
        try (var server = server((number, request) -> RawServer.header(request, "Range") == null
                ? "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n" + TAG + "\r\n5\r\nhello\r\n"
                : "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */5\r\nContent-Length: 0\r\n\r\n")) {
            run(() -> {
                try (var session = ClientSession.builder().raiseForStatus(true).build()) {
                    assertEquals(5, await(download(session, server).toFile(folder.resolve("hello"))));
                    ResponseCheck check = response -> {
                        if (response.status() == 416) throw new IllegalStateException("the user's own check");
                    };
                    var checked = Download.builder(
                                    () -> session.get(server.url()).raiseForStatus(check))
                            .retry(Duration.ofMillis(1))
                            .build();
                    assertThrows(IllegalStateException.class, () -> await(checked.toFile(folder.resolve("checked"))));
                }
            });
        }
    }
}
