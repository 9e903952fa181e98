package asyncio.http;

import static asyncio.Asyncio.*;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.AsyncIterable;
import asyncio.Asyncio;
import asyncio.CancelledError;
import asyncio.ContextVar;
import asyncio.Event;
import asyncio.TimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Trace configs that await: the request waits for them, as aiohttp's does for its signals. */
@Timeout(240)
class AwaitedTraceConfigTest {
    private static final ContextVar<String> WHO = ContextVar.create("who");

    private final List<String> events = Collections.synchronizedList(new ArrayList<>());

    /** Each event begins, lets others run for a while, and ends. */
    private class Slow implements AwaitedTraceConfig {
        void during(String event) {
            events.add("< " + event);
            for (int i = 0; i < 3; i++) {
                await(sleep(Duration.ZERO));
            }
            events.add("> " + event);
        }

        @Override
        public void onRequestStart(Request request) {
            during("start");
        }

        @Override
        public void onRequestHeadersSent(Request request) {
            during("headers");
        }

        @Override
        public void onRequestChunkSent(Request request, int bytes) {
            during("sent " + bytes);
        }

        @Override
        public void onRequestEnd(Request request, ClientResponse response) {
            during("end " + response.status());
        }

        @Override
        public void onRequestException(Request request, Throwable exception) {
            during("exception " + exception.getClass().getSimpleName());
        }

        @Override
        public void onRequestRedirect(Request request, ClientResponse response) {
            during("redirect");
        }

        @Override
        public void onConnectionCreateStart(Request request) {
            during("create");
        }

        @Override
        public void onConnectionCreateEnd(Request request) {
            during("created");
        }

        @Override
        public void onConnectionReuseconn(Request request) {
            during("reuse");
        }
    }

    private static List<String> whole(String... events) {
        var all = new ArrayList<String>();
        for (var event : events) {
            all.add("< " + event);
            all.add("> " + event);
        }
        return all;
    }

    private RawServer server() throws Exception {
        return RawServer.start(connection -> {
            for (String request; (request = connection.readWhole()) != null; ) {
                events.add("= " + request.split(" ")[1]);
                connection.send(
                        request.contains("/from")
                                ? "HTTP/1.1 302 Found\r\nLocation: /to\r\nContent-Length: 0\r\n\r\n"
                                : RawServer.ok("here"));
            }
        });
    }

    @Test
    void theRequestWaitsForEachEvent() throws Exception {
        try (var server = server()) {
            run(() -> {
                try (var session = ClientSession.builder().trace(new Slow()).build()) {
                    var response = await(session.get(server.url() + "from"));
                    events.add("response");
                    assertEquals("here", await(response.text()));
                }
            });
        }
        // What a server sees of a head may come while the event is told.
        var served = new ArrayList<>(List.of("= /from", "= /to"));
        assertTrue(events.indexOf("= /from") > events.indexOf("> created"), events::toString);
        assertTrue(events.indexOf("= /to") > events.indexOf("> reuse"), events::toString);
        events.removeAll(served);
        var expected = whole("start", "create", "created", "headers", "redirect", "reuse", "headers", "end 200");
        expected.add("response");
        assertEquals(expected, events);
    }

    @Test
    void thePortionsOfABodyWaitToo() throws Exception {
        try (var server = server()) {
            run(() -> {
                try (var session = ClientSession.builder().trace(new Slow()).build()) {
                    AsyncIterable<byte[]> chunks = asyncGenerator(generator -> {
                        for (var chunk : List.of("ab", "c")) {
                            events.add("asked");
                            generator.yield(chunk.getBytes());
                        }
                    });
                    try (var response = await(session.post(server.url()).stream(chunks))) {
                        await(response.read());
                    }
                }
            });
        }
        events.removeIf(event -> event.startsWith("= "));
        assertEquals(
                List.of("< headers", "> headers", "asked", "< sent 2", "> sent 2", "asked", "< sent 1", "> sent 1"),
                events.subList(events.indexOf("< headers"), events.indexOf("< end 200")));
    }

    @Test
    void aFailureIsToldBeforeItIsRaised() throws Exception {
        int port = RawServer.refusedPort();
        run(() -> {
            try (var session = ClientSession.builder().trace(new Slow()).build()) {
                assertThrows(
                        ClientConnectorException.class, () -> await(session.get("http://127.0.0.1:" + port + "/")));
            }
        });
        assertEquals(whole("start", "create", "exception ClientConnectorException"), events);
    }

    /** As in aiohttp: the signal is a part of the request. */
    @Test
    void aCancellationReachesTheEvent() throws Exception {
        try (var server = server()) {
            run(() -> {
                var started = Event.create();
                var waiting = new Slow() {
                    @Override
                    public void onRequestStart(Request request) {
                        events.add("< start");
                        started.set();
                        try {
                            await(sleep(Duration.ofDays(1)));
                        } finally {
                            events.add("cancelled");
                        }
                    }
                };
                try (var session = ClientSession.builder().trace(waiting).build()) {
                    var task = createTask(session.get(server.url()));
                    await(started.waitSet());
                    task.cancel();
                    assertThrows(CancelledError.class, () -> await(task));
                }
            });
        }
        var expected = new ArrayList<>(List.of("< start", "cancelled"));
        expected.addAll(whole("exception CancelledError"));
        assertEquals(expected, events);
    }

    /** What hangs there does not keep the request from ending. */
    @Test
    void anEventOfAConnectionEndsWithTheRequest() throws Exception {
        try (var server = server()) {
            run(() -> {
                var connected = Event.create();
                var hanging = new Slow() {
                    @Override
                    public void onConnectionCreateEnd(Request request) {
                        connected.set();
                        try {
                            await(sleep(Duration.ofDays(1)));
                        } finally {
                            events.add("ended");
                        }
                    }
                };
                try (var session = ClientSession.builder().trace(hanging).build()) {
                    var request = session.get(server.url()).timeout(Duration.ofMillis(50));
                    assertThrows(TimeoutException.class, () -> await(request));
                    connected.clear();
                    var task = createTask(session.get(server.url()));
                    await(connected.waitSet());
                    task.cancel();
                    assertThrows(CancelledError.class, () -> await(task));
                }
            });
        }
        var expected = new ArrayList<String>();
        for (var error : List.of("TimeoutException", "CancelledError")) {
            expected.addAll(whole("start", "create"));
            expected.add("ended");
            expected.addAll(whole("exception " + error));
        }
        assertEquals(expected, events);
    }

    @Test
    void aCancellationAtTheEndReleasesTheResponse() throws Exception {
        try (var server = server()) {
            run(() -> {
                var ended = Event.create();
                var waiting = new AwaitedTraceConfig() {
                    @Override
                    public void onRequestEnd(Request request, ClientResponse response) {
                        ended.set();
                        await(sleep(Duration.ofDays(1)));
                    }
                };
                try (var session =
                        ClientSession.builder().limit(1).trace(waiting).build()) {
                    var task = createTask(session.get(server.url()));
                    await(ended.waitSet());
                    task.cancel();
                    assertThrows(CancelledError.class, () -> await(task));
                    ended.clear();
                    // The only connection is free.
                    var second = createTask(session.get(server.url()));
                    await(ended.waitSet());
                    second.cancel();
                    assertThrows(CancelledError.class, () -> await(second));
                }
            });
        }
    }

    @Test
    void anErrorIsReportedAndTheRequestGoesOn() throws Exception {
        try (var server = server()) {
            var reported = new ArrayList<String>();
            run(() -> {
                getRunningLoop()
                        .setExceptionHandler((loop, context) ->
                                reported.add(context.exception().getMessage()));
                var failing = new AwaitedTraceConfig() {
                    @Override
                    public void onRequestStart(Request request) {
                        await(sleep(Duration.ZERO));
                        throw new IllegalStateException("start");
                    }

                    @Override
                    public void onConnectionCreateEnd(Request request) {
                        throw new IllegalStateException("created");
                    }
                };
                try (var session =
                        ClientSession.builder().trace(failing).trace(new Slow()).build()) {
                    assertEquals("here", await(await(session.get(server.url())).text()));
                }
            });
            assertEquals(List.of("start", "created"), reported);
            assertTrue(events.contains("> end 200"));
        }
    }

    /** All events see the context of the request, the ones of the task see what the code before them has set. */
    @Test
    void theContextIsThatOfTheRequest() throws Exception {
        try (var server = server()) {
            run(() -> {
                var seen = new ArrayList<String>();
                var config = new AwaitedTraceConfig() {
                    @Override
                    public void onRequestStart(Request request) {
                        seen.add("start " + WHO.get());
                        WHO.set("eric");
                    }

                    @Override
                    public void onConnectionCreateEnd(Request request) {
                        seen.add("created " + WHO.get());
                    }

                    @Override
                    public void onRequestEnd(Request request, ClientResponse response) {
                        seen.add("end " + WHO.get());
                    }
                };
                WHO.set("monty");
                try (var session = ClientSession.builder().trace(config).build()) {
                    await(await(session.get(server.url())).read());
                }
                assertEquals(List.of("start monty", "created monty", "end eric"), seen);
            });
        }
    }

    /** While an event of a portion is told, no other portion is taken; nothing is lost, and the connection is kept. */
    @Test
    void aLargeResponse() throws Exception {
        var body = "0123456789".repeat(100_000);
        try (var server = RawServer.answering(RawServer.ok(body))) {
            run(() -> {
                var counts = new long[3];
                var config = new AwaitedTraceConfig() {
                    @Override
                    public void onResponseChunkReceived(Request request, int bytes) {
                        counts[1] = Math.max(counts[1], ++counts[2]);
                        await(sleep(Duration.ZERO));
                        counts[2]--;
                        counts[0] += bytes;
                    }
                };
                try (var session = ClientSession.builder().trace(config).build()) {
                    for (int turn = 1; turn <= 2; turn++) {
                        assertEquals(
                                body, await(await(session.get(server.url())).text()));
                        while (counts[0] < turn * (long) body.length()) {
                            await(sleep(Duration.ZERO));
                        }
                    }
                    assertEquals(2 * body.length(), counts[0]);
                    assertEquals(1, counts[1]);
                    assertEquals(1, server.connections());
                }
            });
        }
    }

    /** Its last events begin in a task that is cancelled before its first step. */
    @Test
    void aRequestThatWaitsForItsResponseCanBeCancelled() throws Exception {
        var told = new ArrayList<String>();
        var trace = new AwaitedTraceConfig() {
            @Override
            public void onRequestException(Request request, Throwable exception) {
                told.add(exception instanceof CancelledError ? "cancelled" : "too late");
            }
        };
        try (var server = RawServer.start(RawServer.Connection::awaitClosedByClient)) {
            run(() -> {
                var session = ClientSession.builder().trace(trace).build();
                var cancelled = createTask(session.get(server.url()));
                var late = createTask(session.get(server.url()).timeout(Duration.ofMillis(60)));
                await(sleep(Duration.ofMillis(30)));
                cancelled.cancel();
                var ended = await(Asyncio.wait(List.of(cancelled, late), Duration.ofSeconds(20)));
                assertEquals(Set.of(), ended.pending());
                assertTrue(cancelled.cancelled());
                assertInstanceOf(TimeoutException.class, late.exception());
                assertEquals(Set.of("cancelled", "too late"), Set.copyOf(told));
                assertEquals(2, told.size());
                // Nor is the end of the loop held up.
                createTask(session.get(server.url()));
                await(sleep(Duration.ofMillis(30)));
                session.close();
            });
        }
    }
}
