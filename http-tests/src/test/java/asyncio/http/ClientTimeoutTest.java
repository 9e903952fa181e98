package asyncio.http;

import static asyncio.Asyncio.*;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.TimeoutException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** Servers that are too slow. */
@Timeout(240)
class ClientTimeoutTest {
    private static final ClientTimeout NONE = ClientTimeout.NONE;

    /** The server says nothing until the client goes; the latch tells when. */
    private static RawServer silent(String beginning, CountDownLatch gone) throws Exception {
        return RawServer.start(connection -> {
            connection.readRequest();
            connection.send(beginning);
            connection.awaitClosedByClient();
            gone.countDown();
        });
    }

    private static <T extends Throwable> T raisesAfter(long millis, Class<T> type, Executable code) {
        var start = System.nanoTime();
        var raised = assertThrows(type, code);
        assertSame(type, raised.getClass(), raised.toString());
        var took = (System.nanoTime() - start) / 1_000_000;
        assertTrue(took >= millis, "after " + took + " ms");
        assertTrue(took < millis + 10_000, "after " + took + " ms");
        return raised;
    }

    @Test
    void totalCoversTheWaitForTheHead() throws Exception {
        var gone = new CountDownLatch(1);
        try (var server = silent("", gone)) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var raised = raisesAfter(
                            100,
                            TimeoutException.class,
                            () -> await(session.get(server.url()).timeout(ofMillis(100))));
                    assertEquals(
                            "GET " + server.url() + ": no response within the total of 100 ms", raised.getMessage());
                    await(toThread(() -> RawServer.await(gone)));
                }
            });
        }
    }

    @Test
    void totalCoversTheBody() throws Exception {
        var gone = new CountDownLatch(1);
        try (var server = silent("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", gone)) {
            run(() -> {
                try (var session = ClientSession.builder()
                        .timeout(ClientTimeout.ofTotal(ofMillis(2000)))
                        .build()) {
                    var response = await(session.get(server.url()));
                    raisesAfter(0, TimeoutException.class, () -> await(response.read()));
                    await(toThread(() -> RawServer.await(gone)));
                }
            });
        }
    }

    @Test
    void totalEndsABodyThatNobodyReads() throws Exception {
        var gone = new CountDownLatch(1);
        try (var server = silent("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", gone)) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var response = await(session.get(server.url()).timeout(ofMillis(2000)));
                    await(toThread(() -> RawServer.await(gone)));
                    raisesAfter(0, TimeoutException.class, () -> await(response.read()));
                }
            });
        }
    }

    /** Unlike in Python: a request that waits its turn is not late. */
    @Test
    void totalDoesNotCountTheWaitForAConnection() throws Exception {
        var answer = new CountDownLatch(1);
        try (var server = RawServer.start(connection -> {
            connection.readRequest();
            RawServer.await(answer);
            connection.send(RawServer.ok("first"));
            connection.readRequest();
            connection.send(RawServer.ok("second"));
            connection.readRequest();
            connection.awaitClosedByClient();
        })) {
            run(() -> {
                try (var session = ClientSession.builder().limit(1).build()) {
                    var first = createTask(
                            async(() -> await(await(session.get(server.url())).text())));
                    while (server.connections() == 0) {
                        await(sleep(ofMillis(5)));
                    }
                    var second = createTask(async(
                            () -> await(await(session.get(server.url()).timeout(ofMillis(3000)))
                                    .text())));
                    await(sleep(ofMillis(3200)));
                    answer.countDown();
                    assertEquals("first", await(first));
                    assertEquals("second", await(second));
                    // When it has its connection it counts.
                    raisesAfter(
                            100,
                            TimeoutException.class,
                            () -> await(session.get(server.url()).timeout(ofMillis(100))));
                }
            });
        }
    }

    @Test
    void poolCoversTheWaitForAConnection() throws Exception {
        var gone = new CountDownLatch(1);
        try (var server = silent("", gone)) {
            run(() -> {
                try (var session = ClientSession.builder().limit(1).build()) {
                    var holder = createTask(async(() -> await(session.get(server.url()))));
                    while (server.connections() == 0) {
                        await(sleep(ofMillis(5)));
                    }
                    var raised = raisesAfter(
                            100,
                            ConnectionTimeoutException.class,
                            () -> await(session.get(server.url()).timeout(NONE.withPool(ofMillis(100)))));
                    assertEquals(
                            "GET " + server.url() + ": no connection became free within pool, 100 ms",
                            raised.getMessage());
                    holder.cancel();
                    await(gatherOutcomes(holder));
                    assertEquals(1, server.connections());
                }
            });
        }
    }

    @Test
    void connectCoversTheWaitForAConnection() throws Exception {
        var gone = new CountDownLatch(1);
        try (var server = silent("", gone)) {
            run(() -> {
                try (var session = ClientSession.builder().limit(1).build()) {
                    var holder = createTask(async(() -> await(session.get(server.url()))));
                    while (server.connections() == 0) {
                        await(sleep(ofMillis(5)));
                    }
                    var raised = raisesAfter(
                            100,
                            ConnectionTimeoutException.class,
                            () -> await(session.get(server.url()).timeout(NONE.withConnect(ofMillis(100)))));
                    assertInstanceOf(TimeoutException.class, raised);
                    holder.cancel();
                    await(gatherOutcomes(holder));
                    assertEquals(1, server.connections());
                }
            });
        }
    }

    @Test
    void connectDoesNotCoverTheResponse() throws Exception {
        try (var server = RawServer.start(connection -> {
            connection.readRequest();
            Thread.sleep(2300);
            connection.send(RawServer.ok("x"));
        })) {
            run(() -> {
                var timeout = NONE.withConnect(ofMillis(2000)).withSockConnect(ofMillis(2000));
                try (var session = ClientSession.builder().timeout(timeout).build()) {
                    assertEquals("x", await(await(session.get(server.url())).text()));
                }
            });
        }
    }

    /** A server that accepts and never answers the first message of TLS. */
    @Test
    void sockConnectCoversTheConnect() throws Exception {
        try (var server = RawServer.start(RawServer.Connection::awaitClosedByClient)) {
            run(() -> {
                try (var session = ClientSession.builder().limit(1).build()) {
                    var url = server.url().replace("http:", "https:");
                    for (var timeout :
                            new ClientTimeout[] {NONE.withSockConnect(ofMillis(100)), NONE.withConnect(ofMillis(100))
                            }) {
                        raisesAfter(
                                100,
                                ConnectionTimeoutException.class,
                                () -> await(session.get(url).timeout(timeout)));
                    }
                    raisesAfter(
                            100,
                            TimeoutException.class,
                            () -> await(session.get(url).timeout(NONE.withTotal(ofMillis(100)))));
                }
            });
        }
    }

    @Test
    void sockReadCoversTheGapBeforeTheHead() throws Exception {
        var gone = new CountDownLatch(1);
        try (var server = silent("", gone)) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    raisesAfter(
                            100,
                            SocketTimeoutException.class,
                            () -> await(session.get(server.url()).timeout(NONE.withSockRead(ofMillis(100)))));
                    await(toThread(() -> RawServer.await(gone)));
                }
            });
        }
    }

    @Test
    void sockReadCoversTheGapsInTheBody() throws Exception {
        var gone = new CountDownLatch(1);
        try (var server = silent("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", gone)) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var response = await(session.get(server.url()).timeout(NONE.withSockRead(ofMillis(2000))));
                    // While nobody reads, nobody is kept waiting.
                    await(sleep(ofMillis(2300)));
                    raisesAfter(2000, SocketTimeoutException.class, () -> await(response.read()));
                    await(toThread(() -> RawServer.await(gone)));
                }
            });
        }
    }

    @Test
    void aBodyThatDripsSteadilyIsNotSilent() throws Exception {
        try (var server = RawServer.start(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n");
            for (int i = 0; i < 20; i++) {
                Thread.sleep(150);
                connection.send("x");
            }
            connection.readRequest();
        })) {
            run(() -> {
                var timeout = NONE.withSockRead(ofMillis(2000));
                try (var session = ClientSession.builder().timeout(timeout).build()) {
                    assertEquals(
                            "x".repeat(20),
                            await(await(session.get(server.url())).text()));
                }
            });
        }
    }

    @Test
    void aKeptConnectionHasNoTimerLeft() throws Exception {
        try (var server = RawServer.answering(RawServer.ok("x"))) {
            run(() -> {
                var timeout = NONE.withSockRead(ofMillis(2000)).withTotal(ofMillis(2000));
                try (var session = ClientSession.builder().timeout(timeout).build()) {
                    await(await(session.get(server.url())).read());
                    await(sleep(ofMillis(2300)));
                    await(await(session.get(server.url())).read());
                    assertEquals(1, server.connections());
                }
            });
        }
    }

    @Test
    void everyTimeoutIsATimeoutException() {
        assertTrue(TimeoutException.class.isAssignableFrom(ServerTimeoutException.class));
        assertTrue(ServerTimeoutException.class.isAssignableFrom(ConnectionTimeoutException.class));
        assertTrue(ServerTimeoutException.class.isAssignableFrom(SocketTimeoutException.class));
    }

    @Test
    void theDefaultsAreThoseOfAiohttp() {
        assertEquals(
                ClientTimeout.NONE.withTotal(ofSeconds(300)).withSockConnect(ofSeconds(30)), ClientTimeout.DEFAULT);
        assertEquals(ofSeconds(7), ClientTimeout.ofTotal(ofSeconds(7)).total());
        assertEquals(ofSeconds(30), ClientTimeout.ofTotal(ofSeconds(7)).sockConnect());
    }
}
