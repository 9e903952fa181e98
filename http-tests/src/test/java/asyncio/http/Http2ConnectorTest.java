package asyncio.http;

import static asyncio.Asyncio.*;
import static asyncio.http.Http2Server.*;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.Coroutine;
import asyncio.Task;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The settings of a connector for HTTP/2. */
@Timeout(240)
class Http2ConnectorTest {

    private static ClientSession session(Connector.Builder connector) {
        return ClientSession.builder()
                .connector(connector.tls(Tls.insecure()).build())
                .timeout(ClientTimeout.ofTotal(ofSeconds(30)))
                .build();
    }

    private static Coroutine<String> version(ClientRequest request) {
        return async(() -> {
            try (var response = await(request)) {
                return response.version() + " " + await(response.text());
            }
        });
    }

    @Test
    void priorKnowledge() throws Exception {
        try (var server = TestServer.start(request -> request.bodyHandler(
                body -> request.response().end(request.version() + " " + request.scheme() + " " + body)))) {
            run(() -> {
                try (var session = session(Connector.builder().http2PriorKnowledge(true))) {
                    List<Task<String>> all = new ArrayList<>();
                    for (int i = 0; i < 50; i++) {
                        all.add(createTask(version(session.post(server.url("/")).body(("" + i).getBytes()))));
                    }
                    var texts = await(gather(all));
                    for (int i = 0; i < 50; i++) {
                        assertEquals("HTTP/2 HTTP_2 http " + i, texts.get(i));
                    }
                }
                assertEquals(1, server.connections());
                // Without it nothing has changed.
                try (var session = session(Connector.builder())) {
                    assertEquals("HTTP/1.1 HTTP_1_1 http ", await(version(session.get(server.url("/")))));
                }
            });
        }
    }

    @Test
    void priorKnowledgeOfAServerThatSpeaksHttp1Only() throws Exception {
        try (var server = RawServer.start(connection -> {
            connection.readRequest();
            connection.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            connection.awaitClosedByClient();
        })) {
            run(() -> {
                try (var session = session(Connector.builder().http2PriorKnowledge(true))) {
                    var error = assertThrows(ClientConnectorException.class, () -> await(session.get(server.url())));
                    assertTrue(error.getMessage().endsWith("the server does not speak HTTP/2"), error.getMessage());
                }
            });
        }
    }

    @Test
    void aWebSocketKeepsToHttp1() throws Exception {
        try (var server = TestServer.start(
                new HttpServerOptions(),
                request -> request.toWebSocket().onSuccess(socket -> {
                    assertEquals(HttpVersion.HTTP_1_1, request.version());
                    socket.writeTextMessage("hello");
                }))) {
            run(() -> {
                try (var session = session(Connector.builder().http2PriorKnowledge(true))) {
                    with(session.wsConnect(server.url("/")), socket -> {
                        assertEquals("hello", await(socket.receiveStr()));
                    });
                }
            });
        }
    }

    @Test
    void settingsThatExcludeEachOther() {
        run(() -> {
            var builder = Connector.builder();
            assertThrows(IllegalArgumentException.class, () -> builder.http2PingInterval(Duration.ZERO));
            assertThrows(IllegalArgumentException.class, () -> builder.http2PingInterval(ofMillis(-1)));
            builder.http2PriorKnowledge(true).http2(false);
            assertThrows(IllegalArgumentException.class, builder::build);
        });
    }

    @Test
    void pingsKeepAConnectionWhoseServerIsSlow() throws Exception {
        var pings = new AtomicInteger();
        try (var server = Http2Server.start(connection -> {
            connection.settings();
            Frame request = null;
            while (pings.get() < 1 || request == null) {
                var frame = connection.read();
                if (frame.type == PING && frame.flags == 0) {
                    pings.incrementAndGet();
                    connection.send(PING, ACK, 0, frame.payload);
                } else if (frame.isEnd()) {
                    request = frame;
                }
            }
            connection.answer(request.stream, "at last");
            connection.awaitClosedByClient();
        })) {
            run(() -> {
                try (var session = session(Connector.builder().http2PingInterval(ofSeconds(4)))) {
                    assertEquals("HTTP/2 at last", await(version(session.get(server.url()))));
                }
            });
            assertEquals(1, server.connections());
        }
    }

    @Test
    void aServerThatDoesNotAnswerAPing() throws Exception {
        try (var server = Http2Server.start(connection -> {
            connection.settings();
            connection.awaitClosedByClient();
        })) {
            run(() -> {
                try (var session = session(Connector.builder().http2PingInterval(ofMillis(200)))) {
                    var error = assertThrows(ClientConnectionException.class, () -> await(session.get(server.url())));
                    assertTrue(
                            error.getMessage().endsWith("the server has not answered a PING for 200 ms"),
                            error.getMessage());
                }
            });
        }
    }
}
