package asyncio.http;

import static asyncio.Asyncio.*;
import static asyncio.http.Http2Server.*;
import static org.junit.jupiter.api.Assertions.*;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers that choose HTTP/2 and then want HTTP/1.1: RFC 9113, 7, HTTP_1_1_REQUIRED. */
@Timeout(240)
class Http1RequiredTest {
    private static final String DONE = "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s";

    /** Over HTTP/1.1 a request gets its method, its path and its body. */
    private static void echo(RawServer.Connection connection) throws Exception {
        for (String request; (request = connection.readWhole()) != null; ) {
            var line = request.split(" ");
            var text = line[0] + " " + line[1] + " " + request.substring(request.indexOf("\r\n\r\n") + 4);
            connection.send(DONE.formatted(text.length(), text));
        }
    }

    private static ClientSession session() {
        return ClientSession.builder().tls(Tls.insecure()).build();
    }

    private static String ask(ClientRequest request) {
        try (var response = await(request)) {
            return response.version() + " " + await(response.text());
        }
    }

    @Test
    void aStream() throws Exception {
        try (var server = Http2Server.start(
                connection -> {
                    connection.settings();
                    for (Request request; (request = connection.readRequest()) != null; ) {
                        connection.reset(request.stream, HTTP_1_1_REQUIRED);
                    }
                },
                Http1RequiredTest::echo)) {
            run(() -> {
                try (var session = session()) {
                    assertEquals(
                            "HTTP/1.1 POST / body",
                            ask(session.post(server.url()).text("body")));
                    // The connector knows it now.
                    assertEquals("HTTP/1.1 GET /again ", ask(session.get(server.url() + "again")));
                }
            });
            assertEquals(2, server.connections());
        }
    }

    @Test
    void theConnection() throws Exception {
        try (var server = Http2Server.start(
                connection -> {
                    connection.settings();
                    while (connection.readRequest() != null) {
                        connection.goAway(0, HTTP_1_1_REQUIRED);
                    }
                },
                Http1RequiredTest::echo)) {
            run(() -> {
                try (var session = session()) {
                    var answers = await(gather(
                            async(() -> ask(session.get(server.url() + "a"))),
                            async(() -> ask(session.post(server.url() + "b").text("c")))));
                    assertEquals(List.of("HTTP/1.1 GET /a ", "HTTP/1.1 POST /b c"), new ArrayList<>(answers));
                }
            });
        }
    }

    /** An answer had begun: the request was processed. */
    @Test
    void afterTheHead() throws Exception {
        try (var server = Http2Server.start(
                connection -> {
                    connection.settings();
                    for (Request request; (request = connection.readRequest()) != null; ) {
                        connection.headers(request.stream, 0, ":status", "200");
                        connection.reset(request.stream, HTTP_1_1_REQUIRED);
                    }
                },
                Http1RequiredTest::echo)) {
            run(() -> {
                try (var session = session()) {
                    assertThrows(ClientPayloadException.class, () -> ask(session.get(server.url())));
                }
            });
            assertEquals(1, server.connections());
        }
    }

    @Test
    void aBodyThatCanBeSentOnce() throws Exception {
        try (var server = Http2Server.start(
                connection -> {
                    connection.settings();
                    for (Request request; (request = connection.readRequest()) != null; ) {
                        connection.reset(request.stream, HTTP_1_1_REQUIRED);
                    }
                },
                Http1RequiredTest::echo)) {
            run(() -> {
                try (var session = session()) {
                    var once = session.post(server.url()).stream(
                            asyncGenerator(out -> out.yield("once".getBytes(StandardCharsets.UTF_8))));
                    var refused = assertThrows(ServerDisconnectedException.class, () -> ask(once));
                    assertTrue(refused.getMessage().contains("HTTP_1_1_REQUIRED"), refused::getMessage);
                }
            });
        }
    }
}
