package asyncio.http;

import static asyncio.Asyncio.*;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.*;

import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How sessions, connectors and responses end, and what is said of those that nobody ended. */
@Timeout(240)
class SessionLifeTest {

    @Test
    void aSessionThatIsLeftOpenIsReported() throws Exception {
        try (var server = RawServer.answering(RawServer.ok("x"))) {
            var reports = new ArrayList<String>();
            run(() -> {
                getRunningLoop().setExceptionHandler((loop, context) -> reports.add(context.message()));
                var session = ClientSession.create();
                await(await(session.get(server.url())).read());
            });
            assertEquals(1, reports.size(), reports.toString());
            assertTrue(reports.get(0).startsWith("Unclosed client session"), reports.get(0));
        }
    }

    @Test
    void aClosedSessionRefusesRequests() {
        run(() -> {
            var session = ClientSession.create();
            var request = session.get("http://127.0.0.1/");
            session.close();
            session.close();
            assertTrue(session.closed());
            var raised = assertThrows(IllegalStateException.class, () -> await(request));
            assertEquals("Session is closed", raised.getMessage());
        });
    }

    @Test
    void sessionsShareAConnector() throws Exception {
        try (var server = RawServer.answering(RawServer.ok("x"))) {
            run(() -> {
                try (var connector = Connector.builder().limit(1).build()) {
                    try (var one = ClientSession.builder().connector(connector).build();
                            var two =
                                    ClientSession.builder().connector(connector).build()) {
                        await(await(one.get(server.url())).read());
                        await(await(two.get(server.url())).read());
                        assertSame(connector, two.connector());
                    }
                    assertFalse(connector.closed());
                    try (var owner = ClientSession.builder()
                            .connector(connector)
                            .connectorOwner(true)
                            .build()) {
                        await(await(owner.get(server.url())).read());
                    }
                    assertTrue(connector.closed());
                    assertEquals(1, server.connections());
                    var late = ClientSession.builder().connector(connector).build();
                    assertThrows(ClientConnectionException.class, () -> await(late.get(server.url())));
                    late.close();
                }
                var mixed =
                        ClientSession.builder().connector(Connector.create()).limit(3);
                assertThrows(IllegalStateException.class, mixed::build);
            });
        }
    }

    @Test
    void oneRequestWithoutASession() throws Exception {
        try (var server = RawServer.start(connection -> {
            var request = connection.readRequest();
            connection.send(RawServer.ok(RawServer.header(request, "connection")));
            connection.awaitClosedByClient();
        })) {
            run(() -> {
                try (var response = await(ClientSession.requestOnce("GET", server.url()))) {
                    assertEquals("close", await(response.text()));
                }
                with(ClientSession.requestOnce("GET", server.url()), response -> {
                    assertEquals(200, response.status());
                });
                assertThrows(InvalidUrlException.class, () -> await(ClientSession.requestOnce("GET", "http://")));
                assertEquals(2, server.connections());
            });
        }
    }

    @Test
    void withHoldsAResponseAndClosesIt() throws Exception {
        var gone = new CountDownLatch(1);
        try (var server = RawServer.start(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 404 Not here\r\nContent-Length: 100\r\n\r\nsorry");
            connection.awaitClosedByClient();
            gone.countDown();
        })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    with(session.get(server.url()), response -> {
                        assertThrows(ClientResponseException.class, response::raiseForStatus);
                        // Still there to be read.
                        assertEquals(
                                "sorry", new String(await(response.content().readexactly(5))));
                    });
                    await(toThread(() -> RawServer.await(gone)));
                }
            });
        }
    }

    @Test
    void raisesTheStatusByItself() throws Exception {
        try (var server = RawServer.answering("HTTP/1.1 404 Not here\r\nContent-Length: 5\r\n\r\nsorry")) {
            run(() -> {
                try (var session = ClientSession.builder().raiseForStatus(true).build()) {
                    var raised = assertThrows(ClientResponseException.class, () -> await(session.get(server.url())));
                    assertEquals(404, raised.status());
                    assertEquals("GET", raised.requestInfo().method());
                    assertEquals(
                            404,
                            await(session.get(server.url()).raiseForStatus(false))
                                    .status());
                    var own = assertThrows(
                            UnsupportedOperationException.class,
                            () -> await(session.get(server.url()).raiseForStatus(response -> {
                                throw new UnsupportedOperationException(await(response.text()));
                            })));
                    assertEquals("sorry", own.getMessage());
                    assertEquals(1, server.connections());
                }
            });
        }
    }

    /** Nobody has the response any more: its connection is closed, and another request gets its place. */
    @Test
    void aForgottenResponseGivesItsConnectionBack() throws Exception {
        try (var server = RawServer.start(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
            connection.awaitClosedByClient();
        })) {
            run(() -> {
                try (var session = ClientSession.builder().limit(1).build()) {
                    forget(session, server.url());
                    var second = createTask(async(() -> await(session.get(server.url()))));
                    while (!second.done()) {
                        System.gc();
                        await(sleep(ofMillis(10)));
                    }
                    await(second).close();
                    assertEquals(2, server.connections());
                }
            });
        }
    }

    private static void forget(ClientSession session, String url) {
        await(createTask(async(() -> {
            var unused = await(session.get(url));
        })));
    }

    /** Who reads the body has not lost the response, though nobody names it any more. */
    @Test
    void aResponseWhoseBodyIsReadIsNotForgotten() throws Exception {
        var collected = new CountDownLatch(1);
        try (var server = RawServer.start(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\none\n");
            RawServer.await(collected);
            connection.send("two\n");
            connection.readRequest();
        })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var lines = new ArrayList<String>();
                    for (var line :
                            each(await(session.get(server.url())).content().lines())) {
                        lines.add(new String(line));
                        for (int i = 0; i < 5 && lines.size() == 1; i++) {
                            System.gc();
                            await(sleep(ofMillis(20)));
                        }
                        collected.countDown();
                    }
                    assertEquals(java.util.List.of("one\n", "two\n"), lines);
                }
            });
        }
    }

    /** A middleware that throws leaves no connection behind. */
    @Test
    void aResponseThatAMiddlewareDroppedGivesItsConnectionBack() throws Exception {
        try (var server = RawServer.start(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
            connection.awaitClosedByClient();
        })) {
            run(() -> {
                ClientMiddleware dropping = (request, next) -> {
                    var unused = await(next.handle(request));
                    throw new IllegalArgumentException("not this one");
                };
                try (var session = ClientSession.builder().limit(1).build()) {
                    assertThrows(
                            IllegalArgumentException.class,
                            () -> await(session.get(server.url()).middlewares(dropping)));
                    await(session.get(server.url())).close();
                    assertEquals(2, server.connections());
                }
            });
        }
    }
}
