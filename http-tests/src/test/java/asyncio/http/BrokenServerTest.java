package asyncio.http;

import static asyncio.Asyncio.*;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.Asyncio;
import asyncio.Coroutine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers that are not there, or break off, or do not speak HTTP. */
@Timeout(240)
class BrokenServerTest {

    @Test
    void aRefusedPort() throws Exception {
        int port = RawServer.refusedPort();
        run(() -> {
            try (var session = ClientSession.create()) {
                var refused = assertThrows(
                        ClientConnectorException.class, () -> await(session.get("http://127.0.0.1:" + port + "/")));
                assertEquals("127.0.0.1", refused.host());
                assertEquals(port, refused.port());
                assertTrue(refused.getMessage().contains("127.0.0.1:" + port), refused.getMessage());
                assertInstanceOf(java.io.IOException.class, refused.getCause());
            }
        });
    }

    /** aiohttp: "received 3 of 10 bytes". */
    @Test
    void aCutBodyTellsHowMuchIsMissing() throws Exception {
        for (var each : List.of(
                List.of("Content-Length: 10\r\n\r\nabc", "after 3 of 10 bytes"),
                List.of("Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "after 3 bytes"))) {
            try (var server = RawServer.start(connection -> {
                connection.readRequest();
                connection.send("HTTP/1.1 200 OK\r\n" + each.get(0));
            })) {
                run(() -> {
                    try (var session = ClientSession.create()) {
                        var cut = assertThrows(
                                ClientPayloadException.class,
                                () -> await(await(session.get(server.url())).read()));
                        assertTrue(cut.getMessage().contains(each.get(1)), cut::getMessage);
                    }
                });
            }
        }
    }

    /** aiohttp: test_http_response_parser_notchunked, and test_duplicate_singleton_header_accepted_in_lax_mode. */
    @Test
    void whatAiohttpTakesToo() throws Exception {
        try (var server = RawServer.start(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\nContent-Type: text/html\r\n"
                    + "Content-Type: text/plain; charset=utf-8\r\nETag: \"a\"\r\nETag: W/\"a\"\r\n\r\nhello");
        })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    for (int i = 1; i <= 2; i++) {
                        var response = await(session.get(server.url()));
                        assertEquals("hello", await(response.text()));
                        assertEquals("text/html", response.contentType());
                        assertEquals("\"a\"", response.headers().get("ETag"));
                        assertEquals(
                                List.of("\"a\"", "W/\"a\""), response.headers().getAll("ETag"));
                        assertEquals(i, server.connections());
                    }
                }
            });
        }
    }

    @Test
    void anUnknownHost() {
        run(() -> {
            try (var session = ClientSession.create()) {
                var unknown = assertThrows(
                        ClientConnectorDnsException.class, () -> await(session.get("http://nobody.invalid/")));
                assertEquals("nobody.invalid", unknown.host());
                assertEquals(80, unknown.port());
                assertTrue(unknown.getMessage().contains("nobody.invalid"), unknown.getMessage());
            }
        });
    }

    @Test
    void theSlotOfAFailedConnectIsFree() throws Exception {
        int port = RawServer.refusedPort();
        try (var server = RawServer.answering(RawServer.ok("x"))) {
            run(() -> {
                try (var session = ClientSession.builder().limit(1).build()) {
                    var all = new ArrayList<Coroutine<Object>>();
                    for (int i = 0; i < 5; i++) {
                        all.add(async(() -> await(session.get("http://127.0.0.1:" + port + "/"))));
                    }
                    for (var outcome : await(Asyncio.<Object>gatherOutcomes(all))) {
                        assertInstanceOf(ClientConnectorException.class, outcome.exception());
                    }
                    assertEquals("x", await(await(session.get(server.url())).text()));
                }
            });
        }
    }

    @Test
    void aServerThatClosesBeforeTheResponse() throws Exception {
        try (var server = RawServer.start(RawServer.Connection::readRequest)) {
            var failure = failureOfHead(server);
            assertInstanceOf(ServerDisconnectedException.class, failure);
            assertTrue(failure.getMessage().contains("GET " + server.url()), failure.getMessage());
            // On a fresh connection there is no reason to try again.
            assertEquals(1, server.connections());
        }
    }

    @Test
    void aServerThatClosesInTheMiddleOfTheHead() throws Exception {
        try (var server = RawServer.start(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\nContent-");
        })) {
            assertInstanceOf(ServerDisconnectedException.class, failureOfHead(server));
        }
    }

    @Test
    void aServerThatResetsBeforeTheResponse() throws Exception {
        try (var server = RawServer.start(connection -> {
            connection.readRequest();
            connection.reset();
        })) {
            assertInstanceOf(ClientOSException.class, failureOfHead(server));
        }
    }

    @Test
    void aServerThatDoesNotSpeakHttp() throws Exception {
        for (var head : List.of(
                "SSH-2.0-OpenSSH_9.6\r\n\r\n",
                "HTTP/1.1 abc OK\r\n\r\n",
                "HTTP/3.7 200 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\u0000\r\n\r\nx",
                "HTTP/1.1 200 OK\r\nX: a\u0001b\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\nx",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
                "HTTP/1.1 200 OK\r\nX: " + "a".repeat(70_000) + "\r\n\r\n")) {
            try (var server = RawServer.start(connection -> {
                connection.readRequest();
                connection.send(head);
                connection.awaitClosedByClient();
            })) {
                var failure = assertInstanceOf(ClientResponseException.class, failureOfHead(server), head);
                assertEquals(400, failure.status());
                assertEquals(server.url(), failure.url());
            }
        }
    }

    private static Throwable failureOfHead(RawServer server) {
        var failure = new AtomicReference<Throwable>();
        run(() -> {
            try (var session = ClientSession.create()) {
                failure.set(assertThrows(Throwable.class, () -> await(session.get(server.url()))));
            }
        });
        return failure.get();
    }

    @Test
    void bodiesThatEndTooEarly() throws Exception {
        for (var response : List.of(
                "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n")) {
            try (var server = RawServer.start(connection -> {
                connection.readRequest();
                connection.send(response);
            })) {
                assertTrue(failureOfBody(server).getMessage().contains("GET " + server.url()), response);
            }
        }
    }

    @Test
    void aBodyThatIsReset() throws Exception {
        var headSeen = new CountDownLatch(1);
        try (var server = RawServer.start(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort");
            RawServer.await(headSeen);
            connection.reset();
        })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var response = await(session.get(server.url()));
                    headSeen.countDown();
                    assertThrows(ClientPayloadException.class, () -> await(response.read()));
                    assertThrows(ClientPayloadException.class, () -> await(response.read()));
                }
            });
        }
    }

    @Test
    void malformedChunks() throws Exception {
        for (var chunk : List.of("zz\r\nhello\r\n0\r\n\r\n", "5\r\nhello--0\r\n\r\n", "-5\r\nhello\r\n0\r\n\r\n")) {
            try (var server = RawServer.start(connection -> {
                connection.readRequest();
                connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk);
                connection.awaitClosedByClient();
            })) {
                failureOfBody(server);
            }
        }
    }

    private static ClientPayloadException failureOfBody(RawServer server) {
        var failure = new AtomicReference<ClientPayloadException>();
        run(() -> {
            try (var session = ClientSession.create()) {
                var response = await(session.get(server.url()));
                failure.set(assertThrows(ClientPayloadException.class, () -> await(response.read())));
            }
        });
        return failure.get();
    }

    @Test
    void aBodyThatEndsWithTheConnectionIsWhole() throws Exception {
        try (var server = RawServer.start(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 200 OK\r\n\r\nall there is");
        })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    var response = await(session.get(server.url()));
                    assertNull(response.contentLength());
                    assertEquals("all there is", await(response.text()));
                    assertEquals(
                            "all there is",
                            await(await(session.get(server.url())).text()));
                    assertEquals(2, server.connections());
                }
            });
        }
    }

    @Test
    void oldHttpIsUnderstood() throws Exception {
        try (var server = RawServer.answering("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx")) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    assertEquals("x", await(await(session.get(server.url())).text()));
                    assertEquals("x", await(await(session.get(server.url())).text()));
                    assertEquals(2, server.connections());
                }
            });
        }
    }

    @Test
    void interimResponsesArePassedOver() throws Exception {
        try (var server =
                RawServer.answering("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
                        + RawServer.ok("final"))) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    for (int i = 0; i < 2; i++) {
                        var response = await(session.get(server.url()));
                        assertEquals(200, response.status());
                        assertEquals("final", await(response.text()));
                    }
                    assertEquals(1, server.connections());
                }
            });
        }
    }

    @Test
    void aResponseWithoutABodyHasNone() throws Exception {
        try (var server = RawServer.answering("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n")) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    assertEquals(0, await(await(session.get(server.url())).read()).length);
                    assertEquals(0, await(await(session.get(server.url())).read()).length);
                    assertEquals(1, server.connections());
                }
            });
        }
    }

    @Test
    void whatAServerSendsUnaskedSpoilsNoOtherResponse() throws Exception {
        var sent = new CountDownLatch(1);
        try (var server = RawServer.start(connection -> {
            while (connection.readRequest() != null) {
                connection.send(RawServer.ok("answer") + RawServer.ok("forged"));
                sent.countDown();
            }
        })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    for (int i = 0; i < 5; i++) {
                        assertEquals(
                                "answer", await(await(session.get(server.url())).text()));
                    }
                }
            });
        }
    }

    @Test
    void aKeptConnectionThatDiedIsReplacedOnce() throws Exception {
        for (var reset : List.of(true, false)) {
            var first = new CountDownLatch(1);
            try (var server = RawServer.start(connection -> {
                connection.readRequest();
                connection.send(RawServer.ok("x"));
                if (connection.number > 1) {
                    connection.awaitClosedByClient();
                    return;
                }
                first.countDown();
                // The second request arrives, and gets no answer: as if the connection had been closed before.
                connection.readRequest();
                if (reset) {
                    connection.reset();
                }
            })) {
                run(() -> {
                    try (var session = ClientSession.create()) {
                        assertEquals("x", await(await(session.get(server.url())).text()));
                        await(toThread(() -> RawServer.await(first)));
                        assertEquals("x", await(await(session.get(server.url())).text()));
                        assertEquals(2, server.connections());
                    }
                });
            }
        }
    }

    @Test
    void aServerThatNeverAnswersASecondTimeIsNotAskedForEver() throws Exception {
        var requests = new AtomicInteger();
        try (var server = RawServer.start(connection -> {
            connection.readRequest();
            if (requests.incrementAndGet() == 1) {
                connection.send(RawServer.ok("x"));
                connection.readRequest();
                requests.incrementAndGet();
            }
        })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    await(await(session.get(server.url())).read());
                    assertThrows(ServerDisconnectedException.class, () -> await(session.get(server.url())));
                    assertEquals(3, requests.get());
                    assertEquals(2, server.connections());
                }
            });
        }
    }

    @Test
    void aConnectionThatTheServerClosedWhileIdleIsNotUsed() throws Exception {
        try (var server = RawServer.start(connection -> {
            connection.readRequest();
            connection.send(RawServer.ok("x"));
        })) {
            run(() -> {
                try (var session = ClientSession.create()) {
                    for (int i = 0; i < 20; i++) {
                        assertEquals("x", await(await(session.get(server.url())).text()));
                    }
                    assertEquals(20, server.connections());
                }
            });
        }
    }
}
