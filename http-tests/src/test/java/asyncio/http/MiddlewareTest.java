package asyncio.http;

import static asyncio.Asyncio.*;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.TimeoutException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Code around requests. */
@Timeout(240)
class MiddlewareTest {
    private final List<String> log = new ArrayList<>();

    private ClientMiddleware named(String name) {
        return (request, next) -> {
            log.add(name + " " + request.method() + " " + request.url().replaceAll("http://[^/]*", ""));
            var response = await(next.handle(request));
            log.add(name + " " + response.status());
            return response;
        };
    }

    private static RawServer echo() throws Exception {
        return RawServer.start(connection -> {
            for (String request; (request = connection.readWhole()) != null; ) {
                connection.send(RawServer.ok(request));
            }
        });
    }

    @Test
    void theFirstOneIsTheOutermost() throws Exception {
        try (var server = echo()) {
            run(() -> {
                try (var session = ClientSession.builder()
                        .middlewares(named("a"), named("b"))
                        .build()) {
                    await(await(session.get(server.url())).read());
                    assertEquals(List.of("a GET /", "b GET /", "b 200", "a 200"), log);
                    log.clear();
                    await(await(session.get(server.url()).middlewares(named("c")))
                            .read());
                    assertEquals(List.of("c GET /", "c 200"), log);
                    log.clear();
                    await(await(session.get(server.url()).middlewares()).read());
                    assertEquals(List.of(), log);
                }
            });
        }
    }

    @Test
    void eachHopGoesThroughThem() throws Exception {
        try (var server = RawServer.start(connection -> {
            for (String request; (request = connection.readRequest()) != null; ) {
                connection.send(
                        request.contains("/from")
                                ? "HTTP/1.1 302 Found\r\nLocation: /to\r\nContent-Length: 0\r\n\r\n"
                                : RawServer.ok(""));
            }
        })) {
            run(() -> {
                try (var session =
                        ClientSession.builder().middlewares(named("m")).build()) {
                    await(session.get(server.url() + "from"));
                    assertEquals(List.of("m GET /from", "m 302", "m GET /to", "m 200"), log);
                }
            });
        }
    }

    @Test
    void theyChangeHeadersAndBody() throws Exception {
        try (var server = echo()) {
            run(() -> {
                ClientMiddleware change = (request, next) -> {
                    assertEquals("text/plain; charset=utf-8", request.headers().get("content-type"));
                    assertNotNull(request.headers().get("User-Agent"));
                    request.headers().set("X-Token", "t");
                    request.headers().remove("Accept");
                    request.updateBody(Payload.ofBytes("changed".getBytes()).withContentType("text/x-other"));
                    return await(next.handle(request));
                };
                try (var session = ClientSession.builder().middlewares(change).build()) {
                    var sent = await(await(session.post(server.url()).text("x")).text());
                    assertTrue(sent.endsWith("\r\n\r\nchanged"), sent);
                    assertEquals("t", RawServer.header(sent, "x-token"));
                    assertNull(RawServer.header(sent, "accept"));
                    assertEquals("text/x-other", RawServer.header(sent, "content-type"));
                    assertEquals("7", RawServer.header(sent, "content-length"));
                }
            });
        }
    }

    @Test
    void theySendAgain() throws Exception {
        try (var server = RawServer.start(connection -> {
            for (int i = 0; connection.readRequest() != null; i++) {
                connection.send(i < 2 ? "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy" : RawServer.ok("at last"));
            }
        })) {
            run(() -> {
                ClientMiddleware retry = (request, next) -> {
                    while (true) {
                        var response = await(next.handle(request));
                        if (response.ok()) {
                            return response;
                        }
                        response.release();
                    }
                };
                try (var session = ClientSession.builder().middlewares(retry).build()) {
                    assertEquals(
                            "at last", await(await(session.get(server.url())).text()));
                    assertEquals(1, server.connections());
                }
            });
        }
    }

    @Test
    void whatTheyThrowIsWhatTheUserGets() {
        run(() -> {
            ClientMiddleware refuse = (request, next) -> {
                throw new SecurityException("not there");
            };
            try (var session = ClientSession.builder().middlewares(refuse).build()) {
                var raised = assertThrows(SecurityException.class, () -> await(session.get("http://127.0.0.1:1/")));
                assertEquals("not there", raised.getMessage());
            }
        });
    }

    @Test
    void theTotalCoversThem() throws Exception {
        try (var server = echo()) {
            run(() -> {
                ClientMiddleware slow = (request, next) -> {
                    await(sleep(java.time.Duration.ofHours(1)));
                    return await(next.handle(request));
                };
                try (var session = ClientSession.builder().middlewares(slow).build()) {
                    var raised = assertThrows(
                            TimeoutException.class,
                            () -> await(session.get(server.url()).timeout(ofMillis(50))));
                    assertTrue(raised.getMessage().contains("within the total of 50 ms"), raised.getMessage());
                    assertEquals(0, server.connections());
                }
            });
        }
    }
}
