package asyncio.http;

import static asyncio.Asyncio.*;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.AsyncIterable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kept connections that the server closes when they are used again. */
@Timeout(240)
class DroppedConnectionTest {
    private final AtomicInteger received = new AtomicInteger();

    /** Each connection answers one request, and closes when it has read the second one. */
    private RawServer answeringOnce() throws Exception {
        return RawServer.start(connection -> {
            if (connection.readWhole() != null) {
                connection.send(RawServer.ok("first"));
                if (connection.readWhole() != null) {
                    received.incrementAndGet();
                }
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})
    void whatIsSafeIsSentAgain(String method) throws Exception {
        try (var server = answeringOnce()) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    await(await(session.get(server.url())).read());
                    var request = session.request(method, server.url());
                    if (method.equals("PUT")) {
                        request.text("again");
                    }
                    assertEquals(200, await(request).status());
                    assertEquals(2, server.connections());
                }
            });
            assertEquals(1, received.get());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PATCH"})
    void whatIsNotSafeFails(String method) throws Exception {
        try (var server = answeringOnce()) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    await(await(session.get(server.url())).read());
                    assertThrows(
                            ServerDisconnectedException.class,
                            () -> await(session.request(method, server.url()).text("x")));
                    assertEquals(1, server.connections());
                }
            });
        }
    }

    @Test
    void aBodyThatIsGoneIsNotSentAgain() throws Exception {
        try (var server = answeringOnce()) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    await(await(session.get(server.url())).read());
                    AsyncIterable<byte[]> body = asyncGenerator(out -> out.yield("once".getBytes()));
                    assertThrows(ClientConnectionException.class, () -> await(session.put(server.url()).stream(body)));
                    assertEquals(1, server.connections());
                }
            });
        }
    }

    @Test
    void aNewConnectionIsNotTriedTwice() throws Exception {
        try (var server = RawServer.start(connection -> connection.readRequest())) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    assertThrows(ServerDisconnectedException.class, () -> await(session.get(server.url())));
                    assertEquals(1, server.connections());
                }
            });
        }
    }

    @Test
    void onlyOnceInAll() throws Exception {
        var two = new CountDownLatch(2);
        try (var server = RawServer.start(connection -> {
            connection.readRequest();
            if (connection.number <= 2) {
                two.countDown();
                RawServer.await(two);
                connection.send(RawServer.ok("first"));
                connection.readRequest();
            }
        })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    await(gather(
                            createTask(async(
                                    () -> await(await(session.get(server.url())).read()))),
                            createTask(async(
                                    () -> await(await(session.get(server.url())).read())))));
                    assertThrows(ServerDisconnectedException.class, () -> await(session.get(server.url())));
                    // The second try takes no kept connection, of which there is one more.
                    assertEquals(3, server.connections());
                }
            });
        }
    }
}
