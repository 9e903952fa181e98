package asyncio.http;

import static asyncio.Asyncio.*;
import static asyncio.http.Http2Server.*;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.Asyncio;
import asyncio.Coroutine;
import asyncio.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who may send how much over a connection of HTTP/2. */
@Timeout(240)
class Http2FlowControlTest {
    private static final int MIB = 1024 * 1024;

    private static ClientSession session() {
        return ClientSession.builder()
                .tls(Tls.insecure())
                .limit(1)
                .timeout(ClientTimeout.ofTotal(ofSeconds(50)))
                .build();
    }

    /** A client's windows, as its frames tell them. */
    private static final class Windows {
        final AtomicInteger connection = new AtomicInteger(65_535);
        final AtomicInteger[] streams = new AtomicInteger[1000];
        int initial = 65_535;

        Windows() {
            for (int i = 0; i < streams.length; i++) {
                streams[i] = new AtomicInteger();
            }
        }

        void note(Frame frame) {
            if (frame.type == WINDOW_UPDATE) {
                (frame.stream == 0 ? connection : streams[frame.stream]).addAndGet(frame.number());
            } else if (frame.type == SETTINGS && frame.flags == 0) {
                for (int i = 0; i < frame.payload.length; i += 6) {
                    if (frame.payload[i + 1] == INITIAL_WINDOW_SIZE) {
                        initial = java.nio.ByteBuffer.wrap(frame.payload, i + 2, 4)
                                .getInt();
                    }
                }
            }
        }
    }

    /** 40 responses of 1 MiB that nobody reads are more than the window of the connection. */
    @Test
    void responsesThatNobodyReadsStopNoOther() throws Exception {
        var windows = new Windows();
        try (var server = Http2Server.start(connection -> {
            connection.settings();
            for (Frame frame; (frame = connection.read()) != null; ) {
                windows.note(frame);
                if (!frame.isEnd()) {
                    continue;
                }
                connection.headers(frame.stream, 0, ":status", "200");
                // As much as the stream allows, and never more than the connection does.
                for (int left = windows.initial; left > 0; left -= 16_384) {
                    int size = Math.min(left, 16_384);
                    while (windows.connection.get() < size) {
                        windows.note(connection.read());
                    }
                    windows.connection.addAndGet(-size);
                    connection.send(DATA, 0, frame.stream, new byte[size]);
                }
            }
        })) {
            run(() -> {
                try (var session = session()) {
                    List<ClientResponse> unread = new ArrayList<>();
                    for (int i = 0; i < 40; i++) {
                        unread.add(await(session.get(server.url())));
                    }
                    for (var response : unread) {
                        assertEquals(1000, await(response.content().readexactly(1000)).length);
                        response.close();
                    }
                }
            });
            assertEquals(MIB, windows.initial);
            assertEquals(1, server.connections());
        }
    }

    /** The window of a stream is given back as its reader reads, and not before. */
    @Test
    void aStreamGetsItsWindowBackWhenItsReaderReads() throws Exception {
        var windows = new Windows();
        var full = new CountDownLatch(1);
        try (var server = Http2Server.start(connection -> {
            connection.settings();
            int left = 5 * MIB;
            Frame frame;
            while (!(frame = connection.read()).isEnd()) {
                windows.note(frame);
            }
            connection.headers(1, 0, ":status", "200");
            windows.streams[1].addAndGet(windows.initial);
            while (left > 0) {
                int size = Math.min(left, 16_384);
                if (windows.streams[1].get() < size) {
                    full.countDown();
                    windows.note(connection.read());
                    continue;
                }
                windows.streams[1].addAndGet(-size);
                left -= size;
                connection.send(DATA, left == 0 ? END_STREAM : 0, 1, new byte[size]);
            }
            connection.awaitClosedByClient();
        })) {
            run(() -> {
                try (var session = session()) {
                    var response = await(session.get(server.url()));
                    await(toThread(() -> RawServer.await(full)));
                    assertEquals(5 * MIB, await(response.read()).length);
                }
            });
        }
    }

    @Test
    void aServerThatSendsMoreThanTheWindowOfAStream() throws Exception {
        var reset = new CountDownLatch(1);
        try (var server = Http2Server.start(connection -> {
            connection.settings();
            var request = connection.readRequest();
            connection.headers(request.stream, 0, ":status", "200");
            Frame frame;
            int sent = 0;
            do {
                assertTrue(sent < 8 * MIB);
                connection.send(DATA, 0, request.stream, new byte[16_384]);
                sent += 16_384;
                connection.send(PING, 0, 0, new byte[8]);
                do {
                    frame = connection.read();
                } while (frame.type != PING && frame.type != RST_STREAM);
            } while (frame.type == PING);
            assertEquals(request.stream, frame.stream);
            assertTrue(sent > MIB);
            reset.countDown();
            request = connection.readRequest();
            connection.answer(request.stream, "fine");
            connection.awaitClosedByClient();
        })) {
            run(() -> {
                try (var session = session()) {
                    var response = await(session.get(server.url()));
                    await(response.content().readexactly(1));
                    await(toThread(() -> RawServer.await(reset)));
                    var error = assertThrows(ClientPayloadException.class, () -> await(response.read()));
                    assertTrue(error.getMessage().contains("it is larger than its window"), error.getMessage());
                    assertEquals("fine", await(await(session.get(server.url())).text()));
                }
            });
        }
    }

    private static byte[] body(int size) {
        var body = new byte[size];
        for (int i = 0; i < size; i++) {
            body[i] = (byte) (i / 251);
        }
        return body;
    }

    private static Coroutine<String> post(ClientSession session, String url, byte[] body) {
        return async(() -> {
            try (var response = await(session.post(url).body(body))) {
                return await(response.text());
            }
        });
    }

    /** A server that allows little at a time gets all, and never more than it allows. */
    @Test
    void uploadsKeepToTheWindowsOfTheServer() throws Exception {
        var body = body(500_000);
        try (var server = Http2Server.start(connection -> {
            connection.settings(INITIAL_WINDOW_SIZE, 1000);
            connection.windowUpdate(0, 10_000_000);
            var allowed = new int[20];
            Arrays.fill(allowed, 1000);
            for (Frame frame; (frame = connection.read()) != null; ) {
                if (frame.type != DATA) {
                    continue;
                }
                allowed[frame.stream] -= frame.payload.length;
                assertTrue(allowed[frame.stream] >= 0, frame::toString);
                if (frame.isEnd()) {
                    var got = connection.request(frame.stream).body.toByteArray();
                    connection.answer(frame.stream, Arrays.equals(body, got) ? "whole" : "wrong");
                } else if (allowed[frame.stream] < 100) {
                    allowed[frame.stream] += 7000;
                    connection.windowUpdate(frame.stream, 7000);
                }
            }
        })) {
            run(() -> {
                try (var session = session()) {
                    // The settings of the server are there with the first response.
                    List<Task<String>> all = new ArrayList<>();
                    for (int i = 0; i < 8; i++) {
                        all.add(createTask(post(session, server.url(), body)));
                    }
                    for (var text : await(gather(all))) {
                        assertEquals("whole", text);
                    }
                }
            });
        }
    }

    /** RFC 9113, 6.9.2: a change applies to streams that are open, and their windows may become negative. */
    @Test
    void aServerThatChangesTheInitialWindow() throws Exception {
        var body = body(200_000);
        try (var server = Http2Server.start(connection -> {
            connection.settings(INITIAL_WINDOW_SIZE, 100_000);
            connection.windowUpdate(0, 10_000_000);
            int got = 0;
            while (got < 100_000) {
                got += connection.read(DATA).payload.length;
            }
            assertEquals(100_000, got);
            connection.settings(INITIAL_WINDOW_SIZE, 10);
            // It is 99,990 below zero: this brings it to ten bytes.
            connection.windowUpdate(1, 100_000);
            assertEquals(10, connection.read(DATA).payload.length);
            connection.settings(INITIAL_WINDOW_SIZE, 110_000);
            while (!connection.read(DATA).isEnd()) {
                // The rest.
            }
            var all = connection.request(1).body.toByteArray();
            connection.answer(1, Arrays.equals(body, all) ? "whole" : "wrong");
            connection.awaitClosedByClient();
        })) {
            run(() -> {
                try (var session = session()) {
                    assertEquals("whole", await(post(session, server.url(), body)));
                }
            });
        }
    }

    @Test
    void aBodyThatComesInPortionsWaitsForTheWindow() throws Exception {
        var portions = new AtomicInteger();
        var release = new CountDownLatch(1);
        try (var server = Http2Server.start(connection -> {
            connection.settings();
            int got = 0;
            while (got < 65_535) {
                got += connection.read(DATA).payload.length;
            }
            assertTrue(release.await(30, TimeUnit.SECONDS));
            connection.windowUpdate(0, 10_000_000);
            connection.windowUpdate(1, 10_000_000);
            while (!connection.read(DATA).isEnd()) {
                // The rest.
            }
            connection.answer(1, "" + connection.request(1).body.size());
            connection.awaitClosedByClient();
        })) {
            run(() -> {
                try (var session = session()) {
                    var body = Asyncio.<byte[]>asyncGenerator(out -> {
                        for (int i = 0; i < 100; i++) {
                            portions.incrementAndGet();
                            out.yield(new byte[10_000]);
                        }
                    });
                    var answer = createTask(async(() -> {
                        try (var response = await(session.post(server.url()).stream(body))) {
                            return await(response.text());
                        }
                    }));
                    // As much as the window takes, and a little more that waits here.
                    while (portions.get() < 7) {
                        await(sleep(ofSeconds(0)));
                    }
                    for (int i = 0; i < 1000; i++) {
                        await(sleep(ofSeconds(0)));
                    }
                    assertTrue(portions.get() < 15, portions + " portions");
                    release.countDown();
                    assertEquals("1000000", await(answer));
                }
            });
        }
    }

    /** The server has answered, so it does not need the rest; the connection goes on. */
    @Test
    void anAnswerBeforeTheEndOfTheRequest() throws Exception {
        var reset = new CountDownLatch(1);
        try (var server = Http2Server.start(connection -> {
            connection.settings();
            connection.read(HEADERS);
            connection.headers(1, 0, ":status", "413");
            connection.data(1, END_STREAM, "too much");
            assertEquals(1, connection.read(RST_STREAM).stream);
            reset.countDown();
            var next = connection.readRequest();
            connection.answer(next.stream, "next");
            connection.awaitClosedByClient();
        })) {
            run(() -> {
                try (var session = session()) {
                    var response = await(session.post(server.url()).body(new byte[2 * MIB]));
                    assertEquals(413, response.status());
                    assertEquals("too much", await(response.text()));
                    assertEquals("next", await(await(session.get(server.url())).text()));
                }
            });
            assertTrue(reset.await(30, TimeUnit.SECONDS));
            assertEquals(1, server.connections());
        }
    }
}
