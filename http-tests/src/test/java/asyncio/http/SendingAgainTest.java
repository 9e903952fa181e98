package asyncio.http;

import static asyncio.Asyncio.*;
import static java.time.Duration.*;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.TimeoutException;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The middlewares for Digest, retries and rate limits, with a session and servers. */
@Timeout(240)
class SendingAgainTest {
    private static final String CHALLENGE = "HTTP/1.1 401 Unauthorized\r\n"
            + "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\"\r\nContent-Length: 3\r\n\r\nwho";

    private final List<String> seen = new CopyOnWriteArrayList<>();

    private static ClientSession session(ClientMiddleware... middlewares) {
        return ClientSession.builder().middlewares(middlewares).build();
    }

    private static RetryMiddleware.Builder quickRetry() {
        return RetryMiddleware.builder().backoff(ofMillis(1), ofMillis(1));
    }

    /** Answers 401 to what has no answer to it, and 200 to the rest. */
    private RawServer digestServer() throws Exception {
        return RawServer.start(connection -> {
            for (String request; (request = connection.readWhole()) != null; ) {
                seen.add(request);
                connection.send(request.contains("Authorization: Digest ") ? RawServer.ok("in") : CHALLENGE);
            }
        });
    }

    /** Answers with these, one after the other, on any connection; the last one again and again. */
    private RawServer answering(String... answers) throws Exception {
        var number = new AtomicInteger();
        return RawServer.start(connection -> {
            for (String request; (request = connection.readWhole()) != null; ) {
                seen.add(request);
                var answer = answers[Math.min(number.getAndIncrement(), answers.length - 1)];
                if (answer.isEmpty()) {
                    return;
                }
                connection.send(answer);
            }
        });
    }

    private static String status(int status, String... headers) {
        return "HTTP/1.1 " + status + " x\r\nContent-Length: 0\r\n" + String.join("", headers) + "\r\n";
    }

    @Test
    void digestOnOneConnection() throws Exception {
        try (var server = digestServer()) {
            run(() -> {
                try (var session = session(DigestAuthMiddleware.create("me", "secret"))) {
                    for (int i = 0; i < 2; i++) {
                        var response =
                                await(session.post(server.url() + "p?q=1").text("body"));
                        assertEquals("in", await(response.text()));
                    }
                    assertEquals(3, seen.size());
                    assertFalse(seen.get(0).contains("Authorization"), seen.get(0));
                    assertTrue(seen.get(1).contains("uri=\"/p?q=1\""), seen.get(1));
                    assertTrue(seen.get(2).contains("nc=00000002"), seen.get(2));
                    for (var request : seen) {
                        assertTrue(request.endsWith("\r\n\r\nbody"), request);
                        assertFalse(request.contains("secret"), request);
                    }
                    assertEquals(1, server.connections());
                }
            });
        }
    }

    @Test
    void digestDoesNotFollowARedirectToAnotherOrigin() throws Exception {
        try (var other = digestServer();
                var server = answering(CHALLENGE, status(302, "Location: " + other.url() + "\r\n"))) {
            run(() -> {
                try (var session = session(DigestAuthMiddleware.create("me", "secret"))) {
                    assertEquals(401, await(session.get(server.url())).status());
                    assertEquals(401, await(session.get(other.url())).status());
                    assertEquals(4, seen.size());
                    assertTrue(seen.get(1).contains("Authorization: Digest"), seen.get(1));
                    assertFalse(seen.get(2).contains("Authorization"), seen.get(2));
                    assertFalse(seen.get(3).contains("Authorization"), seen.get(3));
                }
            });
        }
    }

    @Test
    void digestWithABodyThatCanBeSentOnce() throws Exception {
        try (var server = digestServer()) {
            run(() -> {
                try (var session = session(DigestAuthMiddleware.create("me", "secret"))) {
                    var body = Payload.ofInputStream(new ByteArrayInputStream(new byte[5]), 5);
                    assertEquals(
                            401, await(session.post(server.url()).body(body)).status());
                    var again = Payload.ofInputStream(new ByteArrayInputStream(new byte[5]), 5);
                    assertEquals(
                            200, await(session.post(server.url()).body(again)).status());
                }
            });
        }
    }

    @Test
    void retriesUntilItGoesWell() throws Exception {
        try (var server =
                answering(status(503), "", "rubbish\r\n\r\n", status(502, "Retry-After: 0\r\n"), RawServer.ok("x"))) {
            run(() -> {
                var retry = quickRetry()
                        .attempts(5)
                        .exceptions(e -> e instanceof ClientException)
                        .build();
                try (var session = session(retry)) {
                    var response = await(session.put(server.url()).text("body"));
                    assertEquals("x", await(response.text()));
                    for (var request : seen) {
                        assertTrue(request.endsWith("\r\n\r\nbody"), request);
                    }
                }
            });
            assertTrue(seen.size() >= 5, seen::toString);
        }
    }

    @Test
    void retriesWhatCannotBeReached() throws Exception {
        int port = RawServer.refusedPort();
        run(() -> {
            try (var session = session(quickRetry().build())) {
                var failure = assertThrows(
                        ClientConnectorException.class, () -> await(session.get("http://127.0.0.1:" + port + "/")));
                assertEquals(2, failure.getSuppressed().length);
            }
        });
    }

    @Test
    void retriesNoPost() throws Exception {
        try (var server = answering(status(503), RawServer.ok("x"))) {
            run(() -> {
                try (var session = session(quickRetry().build())) {
                    assertEquals(
                            503, await(session.post(server.url()).text("x")).status());
                    assertEquals(1, seen.size());
                }
            });
        }
    }

    @Test
    void aRetryHasTheCookiesOfTheFailure() throws Exception {
        try (var server = answering(
                status(503, "Set-Cookie: a=new\r\nSet-Cookie: gone=; Max-Age=0\r\nSet-Cookie: b=1; Path=/other\r\n"),
                RawServer.ok("x"))) {
            run(() -> {
                try (var session = session(quickRetry().build())) {
                    var url = "http://localhost:" + server.port() + "/";
                    session.cookieJar()
                            .updateCookiesFromHeaders(List.of("a=old", "gone=1", "kept=1"), java.net.URI.create(url));
                    await(session.get(url));
                    assertTrue(seen.get(0).contains("Cookie: a=old; gone=1; kept=1\r\n"), seen.get(0));
                    assertTrue(seen.get(1).contains("Cookie: kept=1; a=new\r\n"), seen.get(1));
                }
            });
        }
    }

    @Test
    void theTotalEndsThePauses() throws Exception {
        try (var server = answering(status(503, "Retry-After: 30\r\n"))) {
            run(() -> {
                try (var session = session(RetryMiddleware.create())) {
                    assertThrows(
                            TimeoutException.class,
                            () -> await(session.get(server.url()).timeout(ofMillis(100))));
                    assertEquals(1, seen.size());
                }
            });
        }
    }

    @Test
    void closingTheSessionEndsTheRetries() throws Exception {
        var asked = new CountDownLatch(1);
        try (var server = RawServer.start(connection -> {
            connection.readRequest();
            asked.countDown();
            connection.awaitClosedByClient();
        })) {
            run(() -> {
                var session = session(quickRetry().attempts(100).build());
                var task = createTask(async(() -> await(session.get(server.url()))));
                await(toThread(() -> {
                    RawServer.await(asked);
                    return null;
                }));
                session.close();
                assertThrows(ClientConnectionException.class, () -> await(task));
            });
        }
    }

    @Test
    void limitsWhatIsUnderWay() throws Exception {
        var atOnce = new AtomicInteger();
        var most = new AtomicInteger();
        try (var server = RawServer.start(connection -> {
            while (connection.readRequest() != null) {
                most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
                Thread.sleep(5);
                atOnce.decrementAndGet();
                connection.send(RawServer.ok("x"));
            }
        })) {
            run(() -> {
                var limit = RateLimitMiddleware.builder().concurrency(3).build();
                try (var session = session(limit)) {
                    var requests = new ArrayList<Coroutine<String>>();
                    for (int i = 0; i < 30; i++) {
                        requests.add(async(
                                () -> await(await(session.get(server.url())).text())));
                    }
                    await(gather(requests));
                    assertEquals(3, most.get());
                    assertEquals(0, limit.underWay());
                    assertEquals(0, limit.waiting());
                }
            });
        }
    }

    @Test
    void limitsTheRate() throws Exception {
        try (var server = RawServer.answering(RawServer.ok("x"))) {
            run(() -> {
                var limit = RateLimitMiddleware.builder().rate(5, ofMillis(100)).build();
                try (var session = session(limit)) {
                    Duration start = getRunningLoop().time();
                    for (int i = 0; i < 15; i++) {
                        await(await(session.get(server.url())).text());
                    }
                    var took = getRunningLoop().time().minus(start);
                    assertTrue(took.compareTo(ofMillis(200)) >= 0, took::toString);
                }
            });
        }
    }

    @Test
    void cancelledWhileWaitingForItsTurn() throws Exception {
        try (var server = RawServer.answering(RawServer.ok("x"))) {
            run(() -> {
                var limit = RateLimitMiddleware.builder().rate(1, ofHours(1)).build();
                try (var session = session(limit)) {
                    await(await(session.get(server.url())).text());
                    var task = createTask(async(() -> await(session.get(server.url()))));
                    await(sleep(ofMillis(1)));
                    assertEquals(1, limit.waiting());
                    task.cancel();
                    assertThrows(CancelledError.class, () -> await(task));
                    assertEquals(0, limit.waiting());
                    assertThrows(
                            TimeoutException.class,
                            () -> await(session.get(server.url()).timeout(ofMillis(20))));
                    assertEquals(0, limit.waiting());
                }
            });
        }
    }
}
