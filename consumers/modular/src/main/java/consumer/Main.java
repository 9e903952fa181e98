package consumer;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.toThread;
import static asyncio.Asyncio.using;

import asyncio.Asyncio;
import asyncio.Coroutine;
import asyncio.http.ClientSession;
import asyncio.http.Connector;
import asyncio.http.MockResponse;
import asyncio.http.MockTransport;
import asyncio.http.Tls;
import asyncio.testing.TestLoop;
import java.time.Duration;
import java.util.List;

/** Shows that the packaged jars work as modules: tasks, Kotlin, HTTP, virtual time. */
public class Main {
    private static Coroutine<Integer> twice(int number) {
        return async(() -> {
            await(sleep(Duration.ofMillis(1)));
            return 2 * number;
        });
    }

    public static void main(String[] args) throws Exception {
        for (var type : List.of(Main.class, Asyncio.class, ClientSession.class, TestLoop.class)) {
            if (!type.getModule().isNamed()) {
                throw new IllegalStateException(type + " is not on the module path");
            }
        }
        check("tasks", List.of(2, 4, 6), run(() -> await(gather(List.of(twice(1), twice(2), twice(3))))));
        check("executor", "done", run(() -> await(toThread(() -> "done"))));
        check("Kotlin", List.of(1, 4, 9), Suspending.squares());
        check("mock transport", "mocked", run(Main::mocked));
        check("virtual time", Duration.ofHours(1), anHour());
        try (var server = Server.start(false)) {
            check("HTTP/1.1", "served over HTTP/1.1", get(server, Tls.system(), false));
            check("WebSocket", "echo", echo(server, Tls.system()));
        }
        try (var server = Server.start(true)) {
            check("TLS", "served over HTTP/1.1", get(server, Tls.insecure(), false));
            check("HTTP/2", "served over HTTP/2", get(server, Tls.insecure(), true));
            check("WebSocket, TLS", "echo", echo(server, Tls.insecure()));
        }
        System.out.println("modular consumer: ok");
    }

    private static String mocked() {
        var transport = MockTransport.create();
        transport.get("http://localhost/").respond(MockResponse.text("mocked"));
        try (var session = ClientSession.builder().transport(transport).build();
                var response = await(session.get("http://localhost/"))) {
            return await(response.text());
        }
    }

    private static Duration anHour() {
        try (var loop = TestLoop.create()) {
            var begin = loop.time();
            loop.runUntilComplete(sleep(Duration.ofHours(1)));
            return loop.time().minus(begin);
        }
    }

    private static String get(Server server, Tls tls, boolean http2) {
        return run(() -> {
            var connector = Connector.builder().http2(http2).tls(tls).build();
            try (var session = ClientSession.builder().connector(connector).build();
                    var response = await(session.get(server.url("http")))) {
                return await(response.text()) + " over " + response.version();
            }
        });
    }

    private static String echo(Server server, Tls tls) {
        return run(() -> {
            try (var session = ClientSession.builder().tls(tls).build()) {
                return using(session.wsConnect(server.url("ws")), webSocket -> {
                    await(webSocket.sendStr("echo"));
                    return await(webSocket.receiveStr());
                });
            }
        });
    }

    private static void check(String what, Object expected, Object actual) {
        if (!expected.equals(actual)) {
            throw new IllegalStateException(what + ": expected " + expected + ", got " + actual);
        }
        System.out.println(what + ": " + actual);
    }
}
