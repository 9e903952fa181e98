package asyncio.http;

import static asyncio.Asyncio.*;
import static asyncio.http.Eventually.eventually;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofNanos;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.Asyncio;
import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.TimeoutException;
import asyncio.internal.http.session.ClientSessionImpl;
import asyncio.internal.loop.Scheduler;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Thousands of requests to a server that fails in every way that there is, some of them cancelled at any moment. Each
 * one ends as it should, and nothing is left of them. {@code -Dfaults.seed=…} repeats a run that failed, as far as
 * threads can be repeated.
 */
// It counts the sockets and the heap of the process.
@Isolated
@Timeout(300)
class FaultsTest {
    private static final long SEED = Long.getLong("faults.seed", 20_261_121L);
    private static final int REQUESTS =
            Integer.getInteger("faults.requests", 10_000 / Integer.getInteger("asyncio.tests.divisor", 1));
    private static final int WORKERS = 64;

    /** Far more than any request needs, even on a busy machine. */
    private static final Duration AMPLE = ofSeconds(200);

    private final Map<FaultServer.Kind, Integer> answered = new EnumMap<>(FaultServer.Kind.class);
    private int cancelled;
    private int next;

    /** The scheme of the proxy; null without one. */
    private String proxy;

    private int requests = REQUESTS;

    @Test
    void everyRequestEndsAndLeavesNothing() throws Exception {
        test();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "socks5h"})
    void everyRequestThroughAProxyEndsAndLeavesNothing(String scheme) throws Exception {
        proxy = scheme;
        requests = REQUESTS / 4;
        test();
    }

    private void test() throws Exception {
        makeWhatIsMadeOnce();
        int refused = RawServer.refusedPort();
        int sockets = openSockets();
        try (var server = FaultServer.start()) {
            run(() -> {
                int tasks = allTasks().size();
                int timers = timers().size();
                var builder = ClientSession.builder().limit(40).keepAlive(ofHours(1));
                if (proxy != null) {
                    builder.proxy(proxy + "://127.0.0.1:" + server.port());
                }
                var session = builder.build();
                // Not at once: first everything has to be there that is made only once.
                work(session, server, refused, requests / 5);
                long before = usedHeap();
                work(session, server, refused, requests);
                var pool = ((ClientSessionImpl) session).getPool();
                eventually("no slot is in use", () -> pool.counts().getSlotsInUse() == 0);
                assertEquals(0, pool.counts().getConnecting());
                assertEquals(0, pool.counts().getQueued());
                long grown = usedHeap() - before;
                assertTrue(grown < 8 << 20, () -> told("the heap has grown by " + grown + " bytes"));
                session.close();
                eventually("all connections are closed", () -> pool.counts().getOpen() == 0);
                eventually("no task is left", () -> allTasks().size() == tasks);
                eventually(() -> "no timer is left: " + timers(), () -> timers().size() <= timers);
                eventually("the server has no connections left", () -> server.connections() == 0);
            });
            assertTrue(cancelled > requests / 20, () -> told(cancelled + " were cancelled"));
            for (var kind : FaultServer.Kind.values()) {
                assertTrue(answered.getOrDefault(kind, 0) > requests / 100, () -> told(kind + ": " + answered));
            }
        }
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(RawServer.PATIENCE_SECONDS);
                openSockets() > sockets; ) {
            assertTrue(System.nanoTime() < end, told("sockets are left"));
            Thread.sleep(10);
        }
    }

    /** Such as a socket that the JDK puts in the place of those that it closes. */
    private static void makeWhatIsMadeOnce() throws Exception {
        try (var server = FaultServer.start()) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var silent = new FaultServer.Plan(FaultServer.Kind.SILENT, 1, 1, 1);
                    var url = "http://127.0.0.1:" + server.port() + silent.path();
                    assertThrows(
                            TimeoutException.class, () -> await(session.get(url).timeout(ofMillis(50))));
                }
            });
        }
    }

    private void work(ClientSession session, FaultServer server, int refused, int end) {
        var workers = new ArrayList<Coroutine<Void>>();
        for (int i = 0; i < WORKERS; i++) {
            workers.add(async(() -> {
                while (next < end) {
                    try {
                        one(next++, session, server, refused);
                    } catch (Throwable failure) {
                        next = end;
                        throw failure;
                    }
                }
            }));
        }
        await(Asyncio.<Void>gather(workers));
    }

    /** One request: what becomes of it is checked against what the server was told to do. */
    private void one(int number, ClientSession session, FaultServer server, int refused) {
        var random = new Random(SEED * 1_000_003 + number);
        var kinds = FaultServer.Kind.values();
        var kind = kinds[random.nextInt(kinds.length)];
        var plan = new FaultServer.Plan(
                kind, random.nextInt(random.nextInt(10) == 0 ? 100_000 : 2_000), number, random.nextInt(1 << 20));
        var task = createTask(async(() -> exchange(plan, random, session, server, refused)));
        boolean cancels = random.nextInt(7) == 0;
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
        String outcome;
        try {
            outcome = await(task);
        } catch (CancelledError gone) {
            if (!cancels) {
                // All is cancelled, since another one has failed.
                throw gone;
            }
            cancelled++;
            return;
        } catch (Exception failure) {
            if (failure instanceof RuntimeException && isExpected(plan, failure)) {
                answered.merge(kind, 1, Integer::sum);
                return;
            }
            throw new AssertionError(told(plan + " ended with " + failure), failure);
        }
        assertTrue(mayBeGood(plan), () -> told(plan + " ended with " + outcome));
        answered.merge(kind, 1, Integer::sum);
    }

    private String exchange(
            FaultServer.Plan plan, Random random, ClientSession session, FaultServer server, int refused) {
        boolean connects = plan.kind() != FaultServer.Kind.REFUSED;
        var place = proxy == null ? "127.0.0.1:" + (connects ? server.port() : refused) : "faults.example";
        var url = "http://" + place + plan.path();
        var request = plan.kind().uploads ? session.post(url).body(plan.body()) : session.get(url);
        if (proxy != null && !connects) {
            request.proxy(proxy + "://127.0.0.1:" + refused);
        }
        switch (plan.kind()) {
            case SILENT -> {
                if (random.nextBoolean()) {
                    request.timeout(ofMillis(random.nextInt(50) + 1));
                } else {
                    request.timeout(ClientTimeout.NONE.withSockRead(ofMillis(random.nextInt(50) + 1)));
                }
            }
            case LATE -> request.timeout(ofMillis(random.nextInt(30) + 1));
            default -> request.timeout(AMPLE);
        }
        try (var response = await(request)) {
            int use = random.nextInt(10);
            if (use == 0 && mayBeGood(plan)) {
                return "left";
            }
            if (use == 1 && mayBeGood(plan)) {
                var part = await(response.content().read(plan.size() / 2 + 1));
                var begin = Arrays.copyOf(plan.expected(), part.length);
                assertArrayEquals(begin, part, () -> told(plan + ": wrong bytes"));
                return "partly read";
            }
            assertArrayEquals(plan.expected(), await(response.read()), () -> told(plan + ": wrong bytes"));
            return "read";
        }
    }

    private static boolean mayBeGood(FaultServer.Plan plan) {
        return switch (plan.kind()) {
            case GOOD,
                    CHUNKED,
                    GOOD_THEN_CLOSED,
                    GOOD_THEN_RESET,
                    DRIPPED,
                    LATE,
                    UNTIL_CLOSE,
                    SURPLUS,
                    CODED,
                    REDIRECT,
                    UPLOAD -> true;
            // All of it was sent before.
            case CLOSED_AT, RESET_AT -> plan.cut() == plan.response().length;
            case SILENT, REFUSED, MALFORMED_HEAD, MALFORMED_BODY, BAD_CODING, UPLOAD_RESET -> false;
        };
    }

    private static boolean isExpected(FaultServer.Plan plan, Exception failure) {
        boolean broke = failure instanceof ServerDisconnectedException || failure instanceof ClientOSException;
        return switch (plan.kind()) {
            case GOOD, CHUNKED, GOOD_THEN_CLOSED, DRIPPED, UNTIL_CLOSE, SURPLUS, CODED, REDIRECT -> false;
            // A reset may overtake what was sent before it.
            case GOOD_THEN_RESET -> broke || failure instanceof ClientPayloadException;
            case LATE -> failure.getClass() == TimeoutException.class;
            case SILENT -> failure instanceof TimeoutException && !(failure instanceof ConnectionTimeoutException);
            case CLOSED_AT ->
                plan.cut() < plan.headSize()
                        ? failure instanceof ServerDisconnectedException
                        : plan.cut() < plan.response().length && failure instanceof ClientPayloadException;
            case RESET_AT -> broke || plan.cut() >= plan.headSize() && failure instanceof ClientPayloadException;
            case REFUSED -> failure instanceof ClientConnectorException;
            case MALFORMED_HEAD -> failure instanceof ClientResponseException bad && bad.status() == 400;
            case MALFORMED_BODY, BAD_CODING -> failure instanceof ClientPayloadException;
            // Who posts is not asked again: the connection may have been one that the server had closed by then.
            case UPLOAD -> broke;
            case UPLOAD_RESET -> broke;
        };
    }

    private static String told(String what) {
        return what + ", with -Dfaults.seed=" + SEED;
    }

    private static long usedHeap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** The timers that the loop has. */
    private static List<Object> timers() {
        try {
            var loop = getRunningLoop();
            var field = Scheduler.class.getDeclaredField("timers");
            field.setAccessible(true);
            var heap = field.get(loop);
            var size = heap.getClass().getField("size");
            size.setAccessible(true);
            var array = heap.getClass().getDeclaredField("heap");
            array.setAccessible(true);
            return List.of(Arrays.copyOf((Object[]) array.get(heap), size.getInt(heap)));
        } catch (ReflectiveOperationException changed) {
            throw new AssertionError(changed);
        }
    }

    /** The sockets of this process; where there is no /proc they are not counted. */
    private static int openSockets() throws IOException {
        var folder = java.nio.file.Path.of("/proc/self/fd");
        if (!java.nio.file.Files.isDirectory(folder)) {
            return 0;
        }
        int count = 0;
        try (var files = java.nio.file.Files.list(folder)) {
            for (var file : (Iterable<java.nio.file.Path>) files::iterator) {
                try {
                    if (java.nio.file.Files.readSymbolicLink(file).toString().startsWith("socket:")) {
                        count++;
                    }
                } catch (IOException gone) {
                    // Closed meanwhile.
                }
            }
        }
        return count;
    }
}
