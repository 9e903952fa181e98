package asyncio.http;

import static asyncio.Asyncio.*;
import static org.junit.jupiter.api.Assertions.*;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What has come over a kept connection while the loop was blocked: it lies in the socket, unseen, when the next request
 * wants the connection. And connections that may not be kept, because a request is not sent to its end.
 */
@Timeout(240)
class IdleConnectionTest {

    /** Blocks the caller for longer than a connection is taken to be fresh after a response. */
    static void letTimePass() {
        long end = System.nanoTime() + 5_000_000;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aResponseThatNobodyAskedForIsNotThatOfTheNextRequest() throws Exception {
        var sent = new CountDownLatch(1);
        try (var server = RawServer.start(connection -> {
            while (connection.readRequest() != null) {
                connection.send(RawServer.ok("true " + connection.number));
                if (connection.number == 1) {
                    connection.send(RawServer.ok("forged"));
                    sent.countDown();
                }
            }
        })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var first = await(session.get(server.url()));
                    var text = await(first.text());
                    RawServer.await(sent);
                    letTimePass();
                    assertEquals("true 1", text);
                    assertEquals(
                            "true 2", await(await(session.get(server.url())).text()));
                }
            });
        }
    }

    @Test
    void aConnectionThatTheServerHasClosedMeanwhileGetsNoPost() throws Exception {
        var closed = new CountDownLatch(1);
        try (var server = RawServer.start(connection -> {
            while (connection.readWhole() != null) {
                connection.send(RawServer.ok("" + connection.number));
                if (connection.number == 1) {
                    connection.socket.close();
                    closed.countDown();
                    return;
                }
            }
        })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    assertEquals("1", await(await(session.get(server.url())).text()));
                    RawServer.await(closed);
                    letTimePass();
                    assertEquals(
                            "2",
                            await(await(session.post(server.url()).text("x")).text()));
                }
            });
        }
    }

    @Test
    void aConnectionThatIsStillGoodIsUsedAgain() throws Exception {
        try (var server = RawServer.answering(RawServer.ok("x"))) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    for (int i = 0; i < 3; i++) {
                        await(await(session.get(server.url())).text());
                        letTimePass();
                    }
                    assertEquals(1, server.connections());
                }
            });
        }
    }

    @Test
    void aRequestThatIsCancelledDuringTheLookLeavesTheConnection() throws Exception {
        try (var server = RawServer.answering(RawServer.ok("x"))) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    await(await(session.get(server.url())).text());
                    letTimePass();
                    var request = createTask(session.get(server.url()));
                    await(sleep(Duration.ZERO));
                    request.cancel();
                    assertThrows(asyncio.CancelledError.class, () -> await(request));
                    await(await(session.get(server.url())).text());
                    assertEquals(1, server.connections());
                }
            });
        }
    }

    /** The server answers before it has read the body, and never reads the rest of it. */
    @Test
    void anEarlyAnswerToALargeBodyDoesNotHoldTheNextRequestBack() throws Exception {
        var over = new CountDownLatch(1);
        try (var server = RawServer.start(connection -> {
            var head = connection.readRequest();
            if (head.startsWith("POST")) {
                connection.send("HTTP/1.1 413 Too Much\r\nContent-Length: 8\r\n\r\ntoo much");
                RawServer.await(over);
            } else {
                connection.send(RawServer.ok("" + connection.number));
            }
        })) {
            run(() -> {
                try (var session = ClientSession.builder()
                        .connector(Connector.builder().limit(1).build())
                        .build()) {
                    try (var refused = await(session.post(server.url()).body(new byte[16 << 20]))) {
                        assertEquals("too much", await(refused.text()));
                    }
                    try (var next = await(session.get(server.url()).timeout(Duration.ofSeconds(20)))) {
                        assertEquals("2", await(next.text()));
                    }
                    over.countDown();
                }
            });
        }
    }
}
