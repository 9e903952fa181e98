package samples.cookbook;

import static asyncio.Asyncio.*;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.Semaphore;
import asyncio.Task;
import asyncio.TimeoutException;
import asyncio.http.CacheMiddleware;
import asyncio.http.CacheStore;
import asyncio.http.ClientException;
import asyncio.http.ClientSession;
import asyncio.http.ClientTimeout;
import asyncio.http.RateLimitMiddleware;
import asyncio.http.RetryMiddleware;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import samples.LocalServer;

/** How long, how often, how many at once. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LimitsTest {

    // ---- recipes

    static ClientSession patient() {
        return ClientSession.builder()
                .timeout(ClientTimeout.ofTotal(ofSeconds(60))
                        .withSockConnect(ofSeconds(5))
                        .withSockRead(ofSeconds(10))
                        .withPool(ofSeconds(20)))
                .build();
    }

    static Coroutine<String> orExcuse(ClientSession session, String url, Duration limit) {
        return async(() -> {
            try (var response = await(session.get(url).timeout(limit).raiseForStatus(true))) {
                return await(response.text());
            } catch (TimeoutException e) {
                return "too slow";
            } catch (ClientException e) {
                return "failed: " + e.getMessage();
            }
        });
    }

    static Coroutine<List<String>> bothWithin(ClientSession session, String url, Duration limit) {
        return async(() -> using(timeout(limit), t -> {
            return await(gather(fetch(session, url), fetch(session, url)));
        }));
    }

    static ClientSession stubborn() {
        var retry = RetryMiddleware.builder()
                .attempts(4)
                .backoff(ofMillis(200), ofSeconds(5))
                .build();
        return ClientSession.builder().middlewares(retry).build();
    }

    static ClientSession cached(Path folder) {
        var cache = CacheMiddleware.builder()
                .store(CacheStore.disk(folder, 100 << 20))
                .build();
        return ClientSession.builder().middlewares(cache).build();
    }

    static ClientSession polite() {
        var tenASecond = RateLimitMiddleware.builder()
                .rate(10, ofSeconds(1))
                .concurrency(3)
                .perHost(true)
                .build();
        return ClientSession.builder().middlewares(tenASecond).build();
    }

    static Coroutine<List<String>> fetchAll(List<String> urls) {
        return async(() -> {
            try (var session = ClientSession.builder().limit(10).limitPerHost(4).build()) {
                var tasks = new ArrayList<Task<String>>();
                with(taskGroup(), group -> {
                    for (var url : urls) {
                        tasks.add(group.createTask(fetch(session, url)));
                    }
                });
                return tasks.stream().map(Task::result).toList();
            }
        });
    }

    static Coroutine<String> fetch(ClientSession session, String url) {
        return async(() -> {
            try (var response = await(session.get(url))) {
                return await(response.text());
            }
        });
    }

    static Coroutine<String> fetchInTurn(ClientSession session, String url, Semaphore atOnce) {
        return async(() -> {
            try (var permit = await(atOnce.hold());
                    var response = await(session.get(url))) {
                return await(response.text());
            }
        });
    }

    static Coroutine<String> giveUp(ClientSession session, String url, Duration patience) {
        return async(() -> {
            var task = createTask(fetch(session, url));
            await(sleep(patience));
            task.cancel();
            try {
                return await(task);
            } catch (CancelledError cancelled) {
                return "given up";
            }
        });
    }

    static Coroutine<String> fastest(ClientSession session, List<String> urls) {
        return async(() -> {
            var tasks =
                    urls.stream().map(url -> createTask(fetch(session, url))).toList();
            try {
                for (var next : asCompleted(tasks)) {
                    return await(next);
                }
                throw new IllegalArgumentException("no URLs");
            } finally {
                tasks.forEach(Task::cancel);
            }
        });
    }

    // ---- tests

    @Test
    void timeouts() {
        try (var server = LocalServer.start(request -> {
            if (request.path().equals("/fast")) {
                request.response().end("fast");
            } else if (request.path().equals("/broken")) {
                request.response().setStatusCode(500).end();
            }
        })) {
            run(() -> {
                try (var session = patient()) {
                    assertEquals(ofSeconds(60), session.timeout().total());
                    assertEquals("fast", await(orExcuse(session, server.url("/fast"), ofSeconds(30))));
                    assertEquals("too slow", await(orExcuse(session, server.url("/never"), ofMillis(50))));
                    var excuse = await(orExcuse(session, server.url("/broken"), ofSeconds(30)));
                    assertTrue(excuse.startsWith("failed: 500"), excuse);
                    assertThrows(
                            TimeoutException.class,
                            () -> await(bothWithin(session, server.url("/never"), ofMillis(50))));
                    assertEquals(
                            List.of("fast", "fast"), await(bothWithin(session, server.url("/fast"), ofSeconds(30))));
                }
            });
        }
    }

    @Test
    void retries() {
        var asked = new AtomicInteger();
        try (var server = LocalServer.start(request -> {
            int status = asked.incrementAndGet() < 3 ? 503 : 200;
            request.response().setStatusCode(status).end("at last");
        })) {
            run(() -> {
                try (var session = stubborn()) {
                    assertEquals("at last", await(fetch(session, server.url("/"))));
                }
            });
        }
        assertEquals(3, asked.get());
    }

    @Test
    void keepsWhatIsFresh(@TempDir Path folder) {
        var asked = new AtomicInteger();
        try (var server = LocalServer.start(request -> {
            asked.incrementAndGet();
            request.response().putHeader("Cache-Control", "max-age=60").end("fresh");
        })) {
            for (int i = 0; i < 2; i++) {
                run(() -> {
                    try (var session = cached(folder)) {
                        assertEquals("fresh", await(fetch(session, server.url("/"))));
                        assertEquals("fresh", await(fetch(session, server.url("/"))));
                    }
                });
            }
        }
        assertTrue(asked.get() < 3, () -> "asked " + asked);
    }

    @Test
    void ratesAndManyAtOnce() {
        var now = new AtomicInteger();
        var most = new AtomicInteger();
        try (var server = LocalServer.start(request -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            request.response().endHandler(ended -> now.decrementAndGet());
            request.response().end(request.path());
        })) {
            var paths = IntStream.range(0, 40).mapToObj(i -> "/" + i).toList();
            var urls = paths.stream().map(server::url).toList();
            run(() -> {
                assertEquals(paths, await(fetchAll(urls)));
                assertTrue(most.get() <= 4, most.toString());
                try (var session = polite()) {
                    var few = urls.subList(0, 12);
                    assertEquals(
                            paths.subList(0, 12),
                            await(gather(
                                    few.stream().map(url -> fetch(session, url)).toList())));
                    var atOnce = Semaphore.create(2);
                    assertEquals("/0", await(fetchInTurn(session, urls.get(0), atOnce)));
                }
            });
        }
    }

    @Test
    void cancelling() throws InterruptedException {
        var closed = new CountDownLatch(1);
        try (var server = LocalServer.start(request -> {
            if (request.path().equals("/fast")) {
                request.response().end("fast");
            } else {
                request.connection().closeHandler(gone -> closed.countDown());
            }
        })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    assertEquals("fast", await(fastest(session, List.of(server.url("/slow"), server.url("/fast")))));
                    assertEquals("given up", await(giveUp(session, server.url("/slow"), ofMillis(20))));
                }
            });
            closed.await();
        }
    }
}
