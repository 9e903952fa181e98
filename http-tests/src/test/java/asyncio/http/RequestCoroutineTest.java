package asyncio.http;

import static asyncio.Asyncio.asCompleted;
import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.taskGroup;
import static asyncio.Asyncio.waitFor;
import static asyncio.Asyncio.with;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.CancelledError;
import asyncio.Task;
import asyncio.TimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a method of a session gives is a coroutine, as in aiohttp. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RequestCoroutineTest {
    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(request -> {
            if (!request.path().equals("/never")) {
                request.response().end(request.path());
            }
        });
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private interface Body {
        void run(ClientSession session) throws Exception;
    }

    /** Gives what was reported. */
    private static List<String> withSession(Body body) {
        var reports = new ArrayList<String>();
        run(async(() -> {
            getRunningLoop().setExceptionHandler((loop, context) -> reports.add(context.message()));
            try (var session = ClientSession.create()) {
                body.run(session);
            }
        }));
        return reports;
    }

    @Test
    void aTaskCanBeMadeOfIt() {
        var reports = withSession(session -> {
            Task<ClientResponse> task = createTask(session.get(server.url("/a")), "a");
            assertEquals("/a", await(await(task).text()));
            var both = await(gather(session.get(server.url("/b")), session.get(server.url("/c"))));
            assertEquals(
                    "/b/c", await(both.first().text()) + await(both.second().text()));
            assertEquals(
                    "/d",
                    await(await(waitFor(session.get(server.url("/d")), ofSeconds(30)))
                            .text()));
            var seen = new TreeSet<String>();
            for (var next : asCompleted(List.of(session.get(server.url("/e")), session.get(server.url("/f"))))) {
                seen.add(await(await(next).text()));
            }
            with(taskGroup(), group -> {
                var inGroup = group.createTask(session.get(server.url("/g")));
                seen.add(await(await(inGroup).text()));
            });
            assertEquals(List.of("/e", "/f", "/g"), List.copyOf(seen));
        });
        assertEquals(List.of(), reports);
    }

    @Test
    void itHasANameAndRunsOnce() {
        withSession(session -> {
            var request = session.get(server.url("/"));
            assertEquals("ClientSession.get", request.name());
            assertEquals(
                    "ClientSession.request",
                    session.request("PURGE", server.url("/")).name());
            await(await(request).text());
            var refused = assertThrows(IllegalStateException.class, () -> await(request));
            assertTrue(refused.getMessage().contains("a request is sent once"), refused::getMessage);
            assertThrows(IllegalStateException.class, () -> createTask(request));
            assertThrows(IllegalStateException.class, () -> request.header("a", "b"));
        });
    }

    @Test
    void whatIsClosedIsNeverSent() {
        int before = server.connections();
        var reports = withSession(session -> {
            var request = session.get(server.url("/"));
            request.close();
            request.close();
            var refused = assertThrows(IllegalStateException.class, () -> await(request));
            assertTrue(refused.getMessage().contains("was closed"), refused::getMessage);
            var socket = session.wsConnect(server.url("/"));
            socket.close();
            assertThrows(IllegalStateException.class, () -> await(socket));
        });
        assertEquals(List.of(), reports);
        assertEquals(before, server.connections());
    }

    @Test
    void oneWhoseTaskIsCancelledBeforeItBeginsIsClosed() {
        int before = server.connections();
        var reports = withSession(session -> {
            var request = session.get(server.url("/"));
            var task = createTask(request);
            task.cancel();
            assertThrows(CancelledError.class, () -> await(task));
            assertThrows(IllegalStateException.class, () -> createTask(request));
            assertThrows(TimeoutException.class, () -> await(waitFor(session.get(server.url("/")), ZERO)));
        });
        assertEquals(List.of(), reports);
        assertEquals(before, server.connections());
    }

    @Test
    void itCanBeDrivenByHandFromTheStart() {
        var reports = withSession(session -> {
            var request = session.get(server.url("/"));
            var refused = assertThrows(IllegalStateException.class, () -> request.send("value"));
            assertEquals("can't send a value to a just-started coroutine", refused.getMessage());
            assertEquals("/", await(await(request).text()));
            var ended = session.get(server.url("/"));
            var error = new IllegalArgumentException("no");
            assertSame(error, assertThrows(IllegalArgumentException.class, () -> ended.raise(error)));
            assertThrows(IllegalStateException.class, () -> await(ended));
        });
        assertEquals(List.of(), reports);
    }

    @Test
    void aTimeoutSaysItsName() {
        withSession(session -> {
            var raised = assertThrows(
                    TimeoutException.class, () -> await(waitFor(session.get(server.url("/never")), ofMillis(20))));
            assertEquals("ClientSession.get did not end within 20 ms", raised.getMessage());
        });
    }

    @Test
    void oneThatIsForgottenIsReported() {
        var reports = withSession(session -> {
            session.post(server.url("/")).header("a", "b");
            session.wsConnect(server.url("/"));
        });
        assertEquals(
                List.of(
                        "Coroutine 'ClientSession.post' was never awaited, and so never ran",
                        "Coroutine 'ClientSession.wsConnect' was never awaited, and so never ran"),
                reports);
    }

    @Test
    void oneThatWasRefusedIsNotReportedAsWell() {
        var reports = withSession(session -> {
            var thread = new Thread(
                    () -> assertThrows(IllegalStateException.class, () -> await(session.get(server.url("/")))));
            thread.start();
            thread.join();
            session.close();
            assertThrows(IllegalStateException.class, () -> await(session.get(server.url("/"))));
        });
        assertEquals(List.of(), reports);
    }
}
