package shop;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.run;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.Coroutine;
import asyncio.TimeoutException;
import asyncio.http.ClientConnectorDnsException;
import asyncio.http.ClientConnectorException;
import asyncio.http.ClientPayloadException;
import asyncio.http.ClientResponseException;
import asyncio.http.ClientSession;
import asyncio.http.ClientTimeout;
import asyncio.http.ServerDisconnectedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whose request it was can be read in the stack trace of every error of a request. */
@Timeout(240)
class HttpTracebackTest {
    private static BadServer server;

    @BeforeAll
    static void startServer() throws IOException {
        server = BadServer.start();
    }

    @AfterAll
    static void stopServer() throws IOException {
        server.close();
    }

    private static Coroutine<String> get(ClientSession session, String url) {
        return async(() -> {
            try (var response = await(session.get(url))) {
                response.raiseForStatus();
                return await(response.text());
            }
        });
    }

    private static Coroutine<String> page(ClientSession session, String url) {
        return async(() -> await(createTask(get(session, url))));
    }

    private static ClientSession session() {
        return ClientSession.builder()
                .timeout(ClientTimeout.ofTotal(ofMillis(500)))
                .build();
    }

    private static void fetch(String url) {
        run(() -> {
            try (var session = session()) {
                await(page(session, url));
            }
        });
    }

    private static void fetchInOneCoroutine(String url) {
        run(() -> {
            try (var session = session()) {
                await(get(session, url));
            }
        });
    }

    private static void check(Class<? extends Throwable> type, String url) {
        var error = assertThrows(type, () -> fetch(url));
        assertEquals(
                List.of("get", "page", "fetch", "fetch", "check"), lines(error).subList(0, 5));
        error = assertThrows(type, () -> fetchInOneCoroutine(url));
        assertEquals(
                List.of("get", "fetchInOneCoroutine", "fetchInOneCoroutine", "check"),
                lines(error).subList(0, 4));
        var text = new StringWriter();
        error.printStackTrace(new PrintWriter(text));
        for (var internal :
                List.of("asyncio.internal", "kotlinx.coroutines", "at asyncio.Asyncio", "io.vertx.core.impl")) {
            assertTrue(text.toString().lines().noneMatch(line -> line.contains("at " + internal)), text::toString);
        }
    }

    private static List<String> lines(Throwable error) {
        return Stream.of(error.getStackTrace())
                .filter(frame -> frame.getClassName().startsWith("shop."))
                .map(frame -> frame.getMethodName().replaceAll("lambda\\$(\\w+)\\$\\d+", "$1"))
                .toList();
    }

    @Test
    void aRefusedConnection() {
        check(ClientConnectorException.class, server.refusedUrl());
    }

    @Test
    void anUnknownHost() {
        check(ClientConnectorDnsException.class, "http://no.such.host.invalid/");
    }

    @Test
    void theEndOfTheTotal() {
        check(TimeoutException.class, server.url("never"));
    }

    @Test
    void aStatusThatIsAnError() {
        check(ClientResponseException.class, server.url("missing"));
    }

    @Test
    void aConnectionThatTheServerCloses() {
        check(ServerDisconnectedException.class, server.url("close"));
    }

    @Test
    void aBodyThatTheServerBreaksOff() {
        check(ClientPayloadException.class, server.url("half"));
    }
}
