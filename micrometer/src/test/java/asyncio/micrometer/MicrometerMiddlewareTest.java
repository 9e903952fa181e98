package asyncio.micrometer;

import static asyncio.Asyncio.*;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.CancelledError;
import asyncio.Event;
import asyncio.http.ClientConnectionException;
import asyncio.http.ClientRequest;
import asyncio.http.ClientSession;
import asyncio.http.MockResponse;
import asyncio.http.MockTransport;
import asyncio.http.ServerDisconnectedException;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The timer of the HTTP client, its tags and its times. */
@Timeout(60)
class MicrometerMiddlewareTest {
    private final MockClock clock = new MockClock();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);
    private final MockTransport mock = MockTransport.create();

    private static void ask(ClientRequest request) {
        try (var response = await(request)) {
            await(response.read());
        }
    }

    private static String tags(Timer timer) {
        return timer.getId().getTags().stream()
                .collect(Collectors.toMap(Tag::getKey, Tag::getValue, (a, b) -> a, TreeMap::new))
                .toString();
    }

    private TreeSet<String> timers(String name) {
        var timers = new TreeSet<String>();
        for (var timer : registry.find(name).timers()) {
            timers.add(tags(timer) + " " + timer.count());
        }
        return timers;
    }

    @Test
    void eachSendingIsTimed() {
        mock.get("/old").respond(MockResponse.redirect(302, "/new"));
        mock.get("/new").respond(call -> {
            clock.add(250, TimeUnit.MILLISECONDS);
            return MockResponse.ok();
        });
        mock.any("/missing").respond(MockResponse.status(404));
        mock.any("/broken").respond(MockResponse.status(500));
        mock.any("/gone").raise(() -> new ServerDisconnectedException("gone"));
        run(() -> {
            try (var session = ClientSession.builder()
                    .baseUrl("https://shop.example:8443/")
                    .transport(mock)
                    .middlewares(MicrometerMiddleware.create(registry))
                    .build()) {
                ask(session.get("old"));
                ask(session.get("new"));
                ask(session.post("missing"));
                ask(session.request("PURGE", "broken"));
                assertThrows(ClientConnectionException.class, () -> ask(session.get("gone")));
            }
        });
        var host = ", host=shop.example:8443, method=";
        assertEquals(
                new TreeSet<>(List.of(
                        "{exception=none" + host + "GET, outcome=REDIRECTION, status=302} 1",
                        "{exception=none" + host + "GET, outcome=SUCCESS, status=200} 2",
                        "{exception=none" + host + "POST, outcome=CLIENT_ERROR, status=404} 1",
                        "{exception=none" + host + "OTHER, outcome=SERVER_ERROR, status=500} 1",
                        "{exception=ServerDisconnectedException" + host + "GET, outcome=UNKNOWN, status=NONE} 1")),
                timers("http.client.requests"));
        var successes =
                registry.get("http.client.requests").tag("status", "200").timer();
        assertEquals(500, successes.totalTime(TimeUnit.MILLISECONDS), 0.001);
        assertEquals(250, successes.max(TimeUnit.MILLISECONDS), 0.001);
    }

    @Test
    void hostsAreFewAndTagsCanBeAdded() {
        mock.any("*").respond(MockResponse.ok());
        run(() -> {
            var middleware = MicrometerMiddleware.builder(registry)
                    .name("shop.requests")
                    .tag("team", "eggs")
                    .maxHosts(1)
                    .build();
            try (var session = ClientSession.builder()
                    .transport(mock)
                    .middlewares(middleware)
                    .build()) {
                for (var host : List.of("a.example", "b.example", "a.example", "c.example")) {
                    ask(session.get("http://" + host));
                }
            }
        });
        assertEquals(
                new TreeSet<>(List.of(
                        "{exception=none, host=a.example, method=GET, outcome=SUCCESS, status=200, team=eggs} 2",
                        "{exception=none, host=other, method=GET, outcome=SUCCESS, status=200, team=eggs} 2")),
                timers("shop.requests"));
        assertThrows(
                IllegalArgumentException.class,
                () -> MicrometerMiddleware.builder(registry).maxHosts(-1));
    }

    @Test
    void aCancelledRequestIsTimedToo() {
        var asked = new Event[1];
        mock.any("*").respond(call -> {
            asked[0].set();
            await(sleep(Duration.ofDays(1)));
            return MockResponse.ok();
        });
        run(() -> {
            asked[0] = Event.create();
            try (var session = ClientSession.builder()
                    .transport(mock)
                    .middlewares(MicrometerMiddleware.create(registry))
                    .build()) {
                var task = createTask(session.get("http://shop.example"));
                await(asked[0].waitSet());
                task.cancel();
                assertThrows(CancelledError.class, () -> await(task));
            }
        });
        assertEquals(
                1,
                registry.get("http.client.requests")
                        .tag("exception", "CancelledError")
                        .timer()
                        .count());
    }
}
