package asyncio.http;

import static asyncio.Asyncio.*;
import static asyncio.http.Eventually.eventually;
import static asyncio.http.Http2Server.*;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.Asyncio;
import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.TimeoutException;
import asyncio.internal.http.session.ClientSessionImpl;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Thousands of requests over HTTP/2 to a server that refuses, resets, goes away, closes and breaks rules, some of the
 * requests cancelled at any moment. Each one ends, nothing is left of it, and no POST is processed twice.
 */
@Timeout(300)
class Http2FaultsTest {
    private static final long SEED = Long.getLong("faults.seed", 20_261_121L);
    private static final int REQUESTS =
            Integer.getInteger("faults.requests", 10_000 / Integer.getInteger("asyncio.tests.divisor", 1));
    private static final int WORKERS = 64;

    private enum Kind {
        GOOD,
        ECHO,
        RESET,
        RESET_IN_BODY,
        REFUSED,
        GONE,
        MALFORMED,
        SILENT,
        CLOSED,
        BROKEN
    }

    /** The requests that the server has processed, and the ones that it has refused once. */
    private final Map<Integer, AtomicInteger> processed = new ConcurrentHashMap<>();

    private final Set<Integer> refused = ConcurrentHashMap.newKeySet();
    private final Map<Kind, Integer> answered = new EnumMap<>(Kind.class);
    private int cancelled;
    private int next;
    private int requests = REQUESTS;

    private void serve(Connection connection) throws Exception {
        connection.settings(MAX_CONCURRENT_STREAMS, 30);
        int last = Integer.MAX_VALUE;
        for (Request request; (request = connection.readRequest()) != null; ) {
            if (request.stream > last) {
                continue;
            }
            var path = request.path().split("/");
            int number = Integer.parseInt(path[2]);
            int stream = request.stream;
            var kind = Kind.valueOf(path[1]);
            if (kind == Kind.REFUSED && refused.add(number)) {
                connection.reset(stream, REFUSED_STREAM);
                continue;
            }
            // A server that goes from each connection at once would be given up after a few of them.
            if (kind == Kind.GONE && stream > 1 && refused.add(number)) {
                // This one is the first that is not processed.
                last = stream - 1;
                connection.goAway(last, NO_ERROR);
                continue;
            }
            processed.computeIfAbsent(number, n -> new AtomicInteger()).incrementAndGet();
            switch (kind) {
                case GOOD, REFUSED, GONE -> connection.answer(stream, "x".repeat(number % 10_000));
                case ECHO -> connection.answer(stream, request.text());
                case RESET -> connection.reset(stream, INTERNAL_ERROR);
                case RESET_IN_BODY -> {
                    connection.headers(stream, 0, ":status", "200");
                    connection.data(stream, 0, "begin");
                    connection.reset(stream, INTERNAL_ERROR);
                }
                case MALFORMED -> connection.headers(stream, END_STREAM, ":status", "200", "x-a", "\0");
                case SILENT -> {}
                case CLOSED -> {
                    return;
                }
                case BROKEN -> {
                    connection.headers(2, END_STREAM, ":status", "200");
                    connection.awaitClosedByClient();
                    return;
                }
            }
        }
    }

    /** A proxy that refuses some tunnels, and hangs up in some others before or after they stand. */
    private static RawServer proxy(Http2Server server) throws Exception {
        var tunnels = new AtomicInteger();
        return RawServer.start(connection -> {
            var head = connection.readWhole();
            if (head == null) {
                return;
            }
            int number = tunnels.incrementAndGet();
            switch (number % 8) {
                case 3 -> connection.send("HTTP/1.1 503 Full\r\nContent-Length: 0\r\n\r\n");
                case 5 -> connection.reset();
                case 7 -> connection.send("HTTP/1.1 200 OK\r\n\r\n");
                default -> {
                    try (var target = new Socket("127.0.0.1", server.port())) {
                        connection.send("HTTP/1.1 200 OK\r\n\r\n");
                        connection.relay(target);
                    }
                }
            }
        });
    }

    @Test
    void everyRequestEndsAndLeavesNothing() throws Exception {
        try (var server = Http2Server.start(this::serve)) {
            test(server, null);
        }
    }

    @Test
    void everyRequestThroughAProxyEndsAndLeavesNothing() throws Exception {
        requests = REQUESTS / 4;
        try (var server = Http2Server.start(this::serve);
                var proxy = proxy(server)) {
            test(server, "http://127.0.0.1:" + proxy.port());
        }
    }

    private void test(Http2Server server, String proxy) {
        run(() -> {
            int tasks = allTasks().size();
            var builder = ClientSession.builder().tls(Tls.insecure()).limit(10);
            if (proxy != null) {
                builder.proxy(proxy);
            }
            var session = builder.build();
            var workers = new ArrayList<Coroutine<Void>>();
            for (int i = 0; i < WORKERS; i++) {
                workers.add(async(() -> {
                    while (next < requests) {
                        one(next++, session, server.url());
                    }
                }));
            }
            await(Asyncio.<Void>gather(workers));
            var pool = ((ClientSessionImpl) session).getPool();
            eventually("no slot is in use", () -> pool.counts().getSlotsInUse() == 0);
            assertEquals(0, pool.counts().getConnecting());
            assertEquals(0, pool.counts().getQueued());
            session.close();
            eventually("all connections are closed", () -> pool.counts().getOpen() == 0);
            eventually("no task is left", () -> allTasks().size() == tasks);
        });
        assertTrue(cancelled > requests / 30, () -> cancelled + " were cancelled");
        for (var kind : Kind.values()) {
            assertTrue(answered.getOrDefault(kind, 0) > requests / 200, () -> kind + ": " + answered);
        }
    }

    private static Kind kind(Random random) {
        // What ends a connection hits others as well, so it is rare.
        int last = random.nextInt(10) == 0 ? Kind.values().length : Kind.CLOSED.ordinal();
        return Kind.values()[random.nextInt(last)];
    }

    private void one(int number, ClientSession session, String url) {
        var random = new Random(SEED * 1_000_003 + number);
        var kind = random.nextInt(50) == 0 ? (random.nextBoolean() ? Kind.CLOSED : Kind.BROKEN) : kind(random);
        boolean posts = kind == Kind.ECHO || random.nextBoolean();
        var address = url + kind + "/" + number;
        var request = posts ? session.post(address).body(("" + number).getBytes()) : session.get(address);
        request.timeout(kind == Kind.SILENT ? ofMillis(random.nextInt(50) + 1) : ofSeconds(200));
        var task = createTask(async(() -> {
            try (var response = await(request)) {
                return await(response.text());
            }
        }));
        boolean cancels = random.nextInt(10) == 0;
        if (cancels) {
            if (random.nextBoolean()) {
                for (int steps = random.nextInt(20); steps > 0; steps--) {
                    await(sleep(Duration.ZERO));
                }
            } else {
                await(sleep(ofNanos(random.nextInt(20_000_000))));
            }
            cancels = task.cancel();
        }
        try {
            var text = await(task);
            switch (kind) {
                case GOOD, REFUSED, GONE -> assertEquals("x".repeat(number % 10_000), text);
                case ECHO -> assertEquals("" + number, text);
                default -> fail(kind + " ended with " + text);
            }
        } catch (CancelledError gone) {
            if (!cancels) {
                throw gone;
            }
            cancelled++;
            return;
        } catch (TimeoutException late) {
            assertEquals(Kind.SILENT, kind);
        } catch (ClientConnectionException | ClientPayloadException | ClientResponseException failure) {
            // The connection may have ended because of another request. But what was not processed is sent again.
            var message = failure.getMessage();
            assertFalse(message.contains("(REFUSED_STREAM)"), message);
            assertFalse(message.contains("before it processed the request"), message);
        } finally {
            if (posts) {
                var times = processed.get(number);
                assertTrue(times == null || times.get() == 1, () -> kind + " was processed " + times + " times");
            }
        }
        answered.merge(kind, 1, Integer::sum);
    }
}
