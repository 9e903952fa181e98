package asyncio.http;

import static asyncio.Asyncio.*;
import static asyncio.http.Http2Server.*;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.Asyncio;
import asyncio.Coroutine;
import asyncio.Outcome;
import asyncio.Task;
import asyncio.TimeoutException;
import asyncio.internal.http.http2.Http2Connection;
import asyncio.internal.http.session.ClientSessionImpl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Requests of HTTP/2 that a server has not processed, and connections that no answer comes from. */
@Timeout(240)
class Http2RefusalTest {
    private static final Duration PATIENCE = Http2Connection.getPatience();

    @AfterEach
    void restorePatience() {
        Http2Connection.setPatience(PATIENCE);
    }

    private static ClientSession session(int limit) {
        return ClientSession.builder()
                .tls(Tls.insecure())
                .limit(limit)
                .timeout(ClientTimeout.ofTotal(ofSeconds(30)))
                .build();
    }

    private interface Use {
        void with(ClientSession session) throws Exception;
    }

    private static void withSession(int limit, Use use) throws Exception {
        run(() -> {
            try (var session = session(limit)) {
                use.with(session);
            }
        });
    }

    /** The request fails with a message that ends so. */
    private static void assertDisconnects(String end, ClientRequest request) {
        var error = assertThrows(ServerDisconnectedException.class, () -> await(request));
        assertTrue(error.getMessage().endsWith(end), error::getMessage);
    }

    private static Coroutine<String> text(ClientRequest request) {
        return async(() -> {
            try (var response = await(request)) {
                return await(response.text());
            }
        });
    }

    private interface OnFirst {
        /** The first connection has got this request. */
        void handle(Connection connection, Request request) throws Exception;
    }

    /**
     * Answers each request with its body and the number of its connection, but on the first connection does something
     * else.
     */
    private static Http2Server serverWith(OnFirst first) throws Exception {
        return Http2Server.start(connection -> {
            connection.settings();
            for (Request request; (request = connection.readRequest()) != null; ) {
                if (connection.number == 1) {
                    first.handle(connection, request);
                } else {
                    connection.answer(request.stream, request.text() + " on " + connection.number);
                }
            }
        });
    }

    /** RFC 9113, 8.7: it may be sent again, whatever the method. */
    @Test
    void aRefusedStreamIsSentAgain(@TempDir Path folder) throws Exception {
        var file = Files.writeString(folder.resolve("body"), "from a file");
        try (var server = serverWith((c, request) -> c.reset(request.stream, REFUSED_STREAM))) {
            withSession(10, session -> {
                assertEquals(" on 2", await(text(session.get(server.url()))));
            });
            withSession(10, session -> {
                assertEquals("bytes on 3", await(text(session.post(server.url()).body("bytes".getBytes()))));
                assertEquals(
                        "from a file on 3",
                        await(text(session.post(server.url()).body(Payload.ofFile(file)))));
            });
        }
        try (var server = serverWith((c, request) -> c.reset(request.stream, REFUSED_STREAM))) {
            withSession(10, session -> {
                assertEquals(
                        "from a file on 2",
                        await(text(session.post(server.url()).body(Payload.ofFile(file)))));
            });
        }
        try (var server = serverWith((c, request) -> c.reset(request.stream, REFUSED_STREAM))) {
            withSession(10, session -> {
                assertEquals("bytes on 2", await(text(session.post(server.url()).body("bytes".getBytes()))));
            });
        }
    }

    /** However old the connection is. */
    @Test
    void aRefusedStreamOfAConnectionThatHasServedIsSentAgain() throws Exception {
        try (var server = serverWith((c, request) -> {
            if (request.stream < 5) {
                c.answer(request.stream, "first");
            } else {
                c.reset(request.stream, REFUSED_STREAM);
            }
        })) {
            withSession(10, session -> {
                assertEquals("first", await(text(session.get(server.url()))));
                assertEquals("first", await(text(session.get(server.url()))));
                assertEquals("again on 2", await(text(session.post(server.url()).body("again".getBytes()))));
            });
        }
    }

    @Test
    void aBodyThatHasBegunAndCannotBeRepeatedIsNotSentAgain() throws Exception {
        try (var server = serverWith((c, request) -> c.reset(request.stream, REFUSED_STREAM))) {
            withSession(10, session -> {
                var body = Asyncio.<byte[]>asyncGenerator(out -> out.yield("once".getBytes()));
                assertDisconnects(
                        ": the server refused the stream (REFUSED_STREAM)", session.post(server.url()).stream(body));
            });
            assertEquals(1, server.connections());
        }
    }

    @Test
    void aServerThatRefusesForEver() throws Exception {
        try (var server = Http2Server.start(connection -> {
            connection.settings();
            for (Request request; (request = connection.readRequest()) != null; ) {
                connection.reset(request.stream, REFUSED_STREAM);
            }
        })) {
            withSession(10, session -> {
                assertDisconnects(": the server refused the stream (REFUSED_STREAM)", session.get(server.url()));
            });
            assertEquals(5, server.connections());
        }
    }

    @Test
    void aServerThatGoesAwayFromEachConnectionAtOnce() throws Exception {
        try (var server = Http2Server.start(connection -> {
            connection.settings();
            connection.goAway(0, NO_ERROR);
            connection.awaitClosedByClient();
        })) {
            withSession(10, session -> {
                assertDisconnects(
                        ": the server closed the connection before it processed the request (GOAWAY, NO_ERROR)",
                        session.get(server.url()));
            });
            assertEquals(5, server.connections());
        }
    }

    @Test
    void aConnectionThatIsGivenUpBeforeTheFirstRequest() throws Exception {
        try (var server = Http2Server.start(connection -> {
            connection.settings();
            if (connection.number == 1) {
                connection.goAway(0, NO_ERROR);
                connection.awaitClosedByClient();
                return;
            }
            for (Request request; (request = connection.readRequest()) != null; ) {
                connection.answer(request.stream, request.text());
            }
        })) {
            withSession(10, session -> {
                assertEquals("a post", await(text(session.post(server.url()).body("a post".getBytes()))));
            });
            assertEquals(2, server.connections());
        }
    }

    /** RFC 9113, 6.8: streams above the last one were not processed, the others go on to their end. */
    @Test
    void goAwayTellsWhichStreamsAreSentAgain() throws Exception {
        var streams = new CopyOnWriteArrayList<Integer>();
        try (var server = serverWith((c, request) -> {
            streams.add(request.stream);
            if (streams.size() == 4) {
                c.goAway(3, NO_ERROR);
                c.answer(3, "two");
                c.answer(1, "one");
            }
        })) {
            withSession(1, session -> {
                List<Task<String>> all = new ArrayList<>();
                for (var body : List.of("1", "2", "3", "4")) {
                    all.add(createTask(text(session.post(server.url()).body(body.getBytes()))));
                }
                assertEquals(List.of("one", "two", "3 on 2", "4 on 2"), await(gather(all)));
            });
            assertEquals(2, server.connections());
        }
    }

    /** A graceful end: first a GOAWAY that includes everything, then one that says where the end is. */
    @Test
    void goAwayInTwoSteps() throws Exception {
        var streams = new CopyOnWriteArrayList<Integer>();
        try (var server = serverWith((c, request) -> {
            streams.add(request.stream);
            if (streams.size() == 2) {
                c.goAway(Integer.MAX_VALUE, NO_ERROR);
                c.goAway(1, NO_ERROR);
                c.answer(1, "one");
            }
        })) {
            withSession(1, session -> {
                var one = createTask(text(session.post(server.url()).body("1".getBytes())));
                var two = createTask(text(session.post(server.url()).body("2".getBytes())));
                assertEquals(List.of("one", "2 on 2"), await(gather(one, two)));
            });
        }
    }

    /** The server said that it would process it. */
    @Test
    void aStreamThatGoAwayIncludesIsNeverSentAgain() throws Exception {
        try (var server = serverWith((c, request) -> {
            if (request.stream == 1) {
                c.answer(1, "one");
            } else {
                c.goAway(3, ENHANCE_YOUR_CALM);
                c.socket.close();
            }
        })) {
            withSession(10, session -> {
                assertEquals("one", await(text(session.get(server.url()))));
                assertDisconnects(
                        ": the server closed the connection (GOAWAY, ENHANCE_YOUR_CALM)", session.get(server.url()));
            });
            assertEquals(1, server.connections());
        }
    }

    /** A kept connection that ends without a word may have been closed before the request came. */
    @Test
    void aGetOnAConnectionThatEndsWithoutAWordIsSentAgain() throws Exception {
        try (var server = serverWith((c, request) -> {
            if (request.stream == 1) {
                c.answer(1, "one");
            } else {
                c.socket.close();
            }
        })) {
            withSession(10, session -> {
                assertEquals("one", await(text(session.get(server.url()))));
                assertEquals(" on 2", await(text(session.get(server.url()))));
            });
        }
    }

    /** It sends nothing more, though its socket is open. */
    @Test
    void aServerThatEndsTlsOnly() throws Exception {
        try (var server = serverWith((c, request) -> {
            c.answer(request.stream, "one");
            c.socket.shutdownOutput();
        })) {
            withSession(10, session -> {
                assertEquals("one", await(text(session.post(server.url()).body("x".getBytes()))));
                var pool = ((ClientSessionImpl) session).getPool();
                while (pool.counts().getOpen() > 0) {
                    await(sleep(ofMillis(1)));
                }
                assertEquals("y on 2", await(text(session.post(server.url()).body("y".getBytes()))));
            });
        }
    }

    @Test
    void aStreamThatIsResetIsNotSentAgain() throws Exception {
        var requests = new AtomicInteger();
        try (var server = Http2Server.start(connection -> {
            connection.settings();
            for (Request request; (request = connection.readRequest()) != null; ) {
                if (requests.incrementAndGet() % 2 == 0) {
                    connection.reset(request.stream, INTERNAL_ERROR);
                } else {
                    connection.answer(request.stream, "good");
                }
            }
        })) {
            withSession(10, session -> {
                for (int i = 0; i < 50; i++) {
                    assertEquals("good", await(text(session.get(server.url()))));
                    var error = assertThrows(ServerDisconnectedException.class, () -> await(session.get(server.url())));
                    assertTrue(
                            error.getMessage().endsWith(": the server reset the stream (INTERNAL_ERROR)"),
                            error.getMessage());
                }
            });
            assertEquals(1, server.connections());
            assertEquals(100, requests.get());
        }
    }

    @Test
    void aStreamThatIsResetInItsBody() throws Exception {
        try (var server = Http2Server.start(connection -> {
            connection.settings();
            var request = connection.readRequest();
            connection.headers(request.stream, 0, ":status", "200");
            connection.data(request.stream, 0, "hello");
            connection.reset(request.stream, INTERNAL_ERROR);
            connection.awaitClosedByClient();
        })) {
            withSession(10, session -> {
                var response = await(session.get(server.url()));
                var error = assertThrows(ClientPayloadException.class, () -> await(response.text()));
                assertTrue(
                        error.getMessage().contains("after 5 bytes: the server reset the stream (INTERNAL_ERROR)"),
                        error.getMessage());
            });
        }
    }

    // ---- a server that does not answer

    private interface Silencing {
        ClientRequest of(ClientRequest request);
    }

    private static void aSilentConnectionIsLeft(Silencing silencing) throws Exception {
        Http2Connection.setPatience(ofMillis(300));
        try (var server = Http2Server.start(connection -> {
            connection.settings();
            if (connection.number == 1) {
                connection.answer(connection.readRequest().stream, "first");
                // It reads on, but it says nothing, not even to a PING.
                connection.awaitClosedByClient();
                return;
            }
            for (Request request; (request = connection.readRequest()) != null; ) {
                connection.answer(request.stream, "answered");
            }
        })) {
            withSession(1, session -> {
                assertEquals("first", await(text(session.get(server.url()))));
                var first = createTask(text(silencing.of(session.get(server.url()))));
                assertFalse(await(gatherOutcomes(first)).get(0).succeeded());
                assertEquals("answered", await(text(session.get(server.url()))));
                assertEquals("answered", await(text(session.post(server.url()).body("x".getBytes()))));
            });
            assertEquals(2, server.connections());
        }
    }

    @Test
    void aSilentConnectionIsLeftAfterATimeout() throws Exception {
        aSilentConnectionIsLeft(request -> request.timeout(ofMillis(300)));
        aSilentConnectionIsLeft(request -> request.timeout(ClientTimeout.NONE.withSockRead(ofMillis(300))));
    }

    /** That a server has got the settings does not mean that it answers. */
    @Test
    void aConnectionThatOnlyAcknowledgesIsLeft() throws Exception {
        Http2Connection.setPatience(ofMillis(300));
        var acknowledged = new CountDownLatch(1);
        try (var server = Http2Server.start(connection -> {
            connection.settings();
            if (connection.number == 1) {
                connection.readRequest();
                connection.send(SETTINGS, ACK, 0, new byte[0]);
                connection.send(PING, 0, 0, new byte[8]);
                connection.read(PING);
                acknowledged.countDown();
                connection.awaitClosedByClient();
                return;
            }
            for (Request request; (request = connection.readRequest()) != null; ) {
                connection.answer(request.stream, "answered");
            }
        })) {
            withSession(1, session -> {
                var first = createTask(text(session.get(server.url())));
                await(toThread(() -> RawServer.await(acknowledged)));
                first.cancel();
                assertFalse(await(gatherOutcomes(first)).get(0).succeeded());
                assertEquals("answered", await(text(session.get(server.url()))));
            });
            assertEquals(2, server.connections());
        }
    }

    /** The others fail as well, but only after a while: the PING may be late. */
    @Test
    void requestsOnASilentConnectionFail() throws Exception {
        Http2Connection.setPatience(ofMillis(200));
        try (var server = Http2Server.start(connection -> {
            connection.settings();
            connection.answer(connection.readRequest().stream, "first");
            connection.awaitClosedByClient();
        })) {
            withSession(1, session -> {
                assertEquals("first", await(text(session.get(server.url()))));
                var other = createTask(text(session.post(server.url()).body("x".getBytes())));
                var first = createTask(text(session.get(server.url()).timeout(ofMillis(300))));
                var outcomes = await(gatherOutcomes(first, other));
                assertInstanceOf(TimeoutException.class, ((Outcome.Failure<?>) outcomes.get(0)).exception());
                var error = ((Outcome.Failure<?>) outcomes.get(1)).exception();
                assertInstanceOf(ClientOSException.class, error);
                assertTrue(
                        error.getMessage().endsWith("the server has not answered a PING for 2 s"), error.getMessage());
            });
        }
    }

    /** An answer to the PING keeps the connection, and requests wait for it instead of connecting. */
    @Test
    void aConnectionWhoseServerAnswersThePingIsKept() throws Exception {
        Http2Connection.setPatience(ofSeconds(30));
        var pings = new AtomicInteger();
        var asked = new CountDownLatch(1);
        var waiting = new CountDownLatch(1);
        try (var server = Http2Server.start(connection -> {
            connection.settings();
            for (Frame frame; (frame = connection.read()) != null; ) {
                if (frame.type == PING) {
                    pings.incrementAndGet();
                    RawServer.await(waiting);
                    connection.send(PING, ACK, 0, frame.payload);
                } else if (frame.isEnd() && frame.stream == 1) {
                    asked.countDown();
                } else if (frame.isEnd()) {
                    connection.answer(frame.stream, "answered");
                }
            }
        })) {
            withSession(10, session -> {
                var first = createTask(text(session.get(server.url())));
                await(toThread(() -> RawServer.await(asked)));
                first.cancel();
                assertFalse(await(gatherOutcomes(first)).get(0).succeeded());
                List<Task<String>> all = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                    all.add(createTask(text(session.get(server.url()))));
                }
                var pool = ((ClientSessionImpl) session).getPool();
                while (pool.counts().getQueued() < 10) {
                    await(sleep(Duration.ZERO));
                }
                waiting.countDown();
                for (var text : await(gather(all))) {
                    assertEquals("answered", text);
                }
            });
            assertEquals(1, pings.get());
            assertEquals(1, server.connections());
        }
    }

    // ---- how many streams

    @Test
    void aServerThatAllowsNoStreamAtFirst() throws Exception {
        try (var server = Http2Server.start(connection -> {
            connection.settings(MAX_CONCURRENT_STREAMS, 0);
            // The client has got them.
            connection.read(SETTINGS);
            while (connection.read(SETTINGS).flags != ACK) {
                // Its own ones.
            }
            connection.settings(MAX_CONCURRENT_STREAMS, -1);
            for (Request request; (request = connection.readRequest()) != null; ) {
                connection.answer(request.stream, "answered");
            }
        })) {
            withSession(1, session -> {
                List<Task<String>> all = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    all.add(createTask(text(session.get(server.url()))));
                }
                for (var text : await(gather(all))) {
                    assertEquals("answered", text);
                }
            });
            assertEquals(1, server.connections());
        }
    }

    @Test
    void aServerThatAllowsNoStream() throws Exception {
        try (var server = Http2Server.start(connection -> {
            connection.settings(MAX_CONCURRENT_STREAMS, 0);
            connection.awaitClosedByClient();
        })) {
            withSession(1, session -> {
                var error = assertThrows(
                        TimeoutException.class,
                        () -> await(session.get(server.url()).timeout(ofSeconds(5))));
                assertTrue(
                        error.getMessage()
                                .contains("allowed no more requests on the connection (MAX_CONCURRENT_STREAMS)"),
                        error.getMessage());
            });
        }
    }
}
