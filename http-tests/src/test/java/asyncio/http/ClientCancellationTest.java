package asyncio.http;

import static asyncio.Asyncio.*;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.CancelledError;
import asyncio.Task;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests that are given up, at every point at which they can be. */
@Timeout(240)
class ClientCancellationTest {

    private static void assertCancels(Task<?> task) {
        assertTrue(task.cancel());
        assertThrows(CancelledError.class, () -> await(task));
        assertTrue(task.cancelled());
    }

    @Test
    void beforeItStarts() throws Exception {
        try (var server = RawServer.answering(RawServer.ok("x"))) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    assertCancels(createTask(async(() -> await(session.get(server.url())))));
                    assertEquals(0, server.connections());
                }
            });
        }
    }

    @Test
    void whileItWaitsForAConnection() throws Exception {
        var answer = new CountDownLatch(1);
        try (var server = RawServer.start(connection -> {
            while (connection.readRequest() != null) {
                RawServer.await(answer);
                connection.send(RawServer.ok("x"));
            }
        })) {
            run(() -> {
                try (var session = ClientSession.builder().limit(1).build()) {
                    var first = createTask(
                            async(() -> await(await(session.get(server.url())).text())));
                    var second = createTask(
                            async(() -> await(await(session.get(server.url())).text())));
                    var third = createTask(
                            async(() -> await(await(session.get(server.url())).text())));
                    await(sleep(ofMillis(0)));
                    assertCancels(second);
                    answer.countDown();
                    assertEquals("x", await(first));
                    assertEquals("x", await(third));
                    assertEquals(1, server.connections());
                }
            });
        }
    }

    /** The server's handshake begins when the test says so: until then the client is connecting. */
    @Test
    void whileItConnects() throws Exception {
        var accepted = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var gone = new CountDownLatch(1);
        try (var plain = RawServer.answering(RawServer.ok("x"));
                var server = RawServer.start(connection -> {
                    accepted.countDown();
                    RawServer.await(goOn);
                    // An alert: the handshake ends, and with it the attempt.
                    connection.socket.getOutputStream().write(new byte[] {21, 3, 3, 0, 2, 2, 40});
                    connection.awaitClosedByClient();
                    gone.countDown();
                })) {
            run(() -> {
                try (var session = ClientSession.builder().limit(1).build()) {
                    var url = server.url().replace("http:", "https:");
                    var task = createTask(async(() -> await(session.get(url))));
                    await(toThread(() -> RawServer.await(accepted)));
                    assertCancels(task);
                    // The slot is free at once.
                    assertEquals("x", await(await(session.get(plain.url())).text()));
                    goOn.countDown();
                    await(toThread(() -> RawServer.await(gone)));
                }
            });
        }
    }

    /** Cancelled after more and more turns of the loop, some of them while the connection arrives. */
    @Test
    void aboutWhenTheConnectionArrives() throws Exception {
        for (int i = 0; i < 50; i++) {
            var closed = new AtomicInteger();
            try (var server = RawServer.start(connection -> {
                for (String request; (request = connection.readRequest()) != null; ) {
                    if (request.contains("/last")) {
                        connection.send(RawServer.ok("x"));
                    }
                }
                closed.incrementAndGet();
            })) {
                int turns = i;
                run(() -> {
                    try (var session = ClientSession.builder().limit(1).build()) {
                        var task = createTask(async(() -> await(session.get(server.url()))));
                        for (int turn = 0; turn <= turns; turn++) {
                            await(sleep(ofMillis(0)));
                        }
                        assertCancels(task);
                        // The server accepts connections in their order: the other one, if any, came before this one.
                        await(await(session.get(server.url() + "last")).read());
                        while (closed.get() < server.connections() - 1) {
                            await(sleep(ofMillis(1)));
                        }
                    }
                });
            }
        }
    }

    @Test
    void whileItWaitsForTheHead() throws Exception {
        var asked = new CountDownLatch(1);
        var gone = new CountDownLatch(1);
        try (var server = RawServer.start(connection -> {
            connection.readRequest();
            asked.countDown();
            connection.awaitClosedByClient();
            gone.countDown();
        })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var task = createTask(async(() -> await(session.get(server.url()))));
                    await(toThread(() -> RawServer.await(asked)));
                    assertCancels(task);
                    await(toThread(() -> RawServer.await(gone)));
                }
            });
        }
    }

    /** The response is there, and the task that was to get it is cancelled before its next step. */
    @Test
    void justWhenTheHeadArrives() throws Exception {
        var asked = new CountDownLatch(1);
        var gone = new CountDownLatch(1);
        try (var server = RawServer.start(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
            asked.countDown();
            connection.awaitClosedByClient();
            gone.countDown();
        })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var task = createTask(async(() -> await(session.get(server.url()))));
                    // Cancels from a callback that runs in the same iteration as the task's next step, and before it.
                    var watcher = new AtomicReference<Runnable>();
                    watcher.set(() -> {
                        if (asked.getCount() == 0) {
                            task.cancel();
                        } else {
                            getRunningLoop().callSoon(watcher.get()::run);
                        }
                    });
                    getRunningLoop().callSoon(watcher.get()::run);
                    assertThrows(CancelledError.class, () -> await(task));
                    await(toThread(() -> RawServer.await(gone)));
                }
            });
        }
    }

    @Test
    void whileItReadsTheBody() throws Exception {
        var gone = new CountDownLatch(1);
        try (var server = RawServer.start(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
            connection.awaitClosedByClient();
            gone.countDown();
        })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var response = await(session.get(server.url()));
                    var task = createTask(response.read());
                    await(sleep(ofMillis(20)));
                    assertCancels(task);
                    await(toThread(() -> RawServer.await(gone)));
                    assertThrows(ClientConnectionException.class, () -> await(response.read()));
                }
            });
        }
    }

    @Test
    void theEndOfTheProgramCancelsWhatIsUnderWay() throws Exception {
        var asked = new CountDownLatch(1);
        var gone = new CountDownLatch(1);
        try (var server = RawServer.start(connection -> {
            connection.readRequest();
            asked.countDown();
            connection.awaitClosedByClient();
            gone.countDown();
        })) {
            run(() -> {
                createTask(async(() -> {
                    try (var session = ClientSession.create()) {
                        await(session.get(server.url()));
                    }
                }));
                await(toThread(() -> RawServer.await(asked)));
            });
            RawServer.await(gone);
        }
    }

    @Test
    void closingTheSessionEndsWhatIsUnderWay() throws Exception {
        var asked = new CountDownLatch(2);
        var gone = new CountDownLatch(2);
        try (var server = RawServer.start(connection -> {
            var request = connection.readRequest();
            asked.countDown();
            if (request.contains(" /body ")) {
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
            }
            connection.awaitClosedByClient();
            gone.countDown();
        })) {
            run(() -> {
                var session = ClientSession.builder().limit(2).build();
                var response = await(session.get(server.url() + "body"));
                var reading = createTask(response.read());
                var waitingForHead = createTask(async(() -> await(session.get(server.url()))));
                var waitingForSlot = createTask(async(() -> await(session.get(server.url()))));
                while (asked.getCount() > 0) {
                    await(sleep(ofMillis(5)));
                }
                session.close();
                for (var task : new Task<?>[] {reading, waitingForHead, waitingForSlot}) {
                    var failure = assertThrows(ClientConnectionException.class, () -> await(task));
                    assertTrue(failure.getMessage().contains("the session was closed"), failure.getMessage());
                }
                await(toThread(() -> RawServer.await(gone)));
            });
        }
    }

    @Test
    void aRequestThatIsClosedWithItsSessionWhileConnecting() throws Exception {
        var accepted = new CountDownLatch(1);
        try (var server = RawServer.start(connection -> {
            accepted.countDown();
            connection.awaitClosedByClient();
        })) {
            run(() -> {
                var session = ClientSession.create();
                var task = createTask(async(() -> await(session.get(server.url().replace("http:", "https:")))));
                await(toThread(() -> RawServer.await(accepted)));
                session.close();
                assertThrows(ClientConnectionException.class, () -> await(task));
            });
        }
    }
}
