package consumer;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.toThread;

import asyncio.Asyncio;
import asyncio.Coroutine;
import asyncio.http.ClientSession;
import asyncio.http.MockResponse;
import asyncio.http.MockTransport;
import asyncio.testing.TestLoop;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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

    public static void main(String[] args) throws IOException {
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
        if (List.of(args).contains("--with-exports")) {
            check("HTTP", "served", served());
        } else {
            try {
                served();
                throw new AssertionError("HTTP needs no flags any more: take the second run out of the pom");
            } catch (IllegalStateException e) {
                System.out.println("HTTP, without flags: " + e.getMessage());
            }
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

    private static String served() throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 6);
            try (var body = exchange.getResponseBody()) {
                body.write("served".getBytes());
            }
        });
        server.start();
        try {
            return run(() -> {
                try (var session = ClientSession.create();
                        var response = await(session.get(
                                "http://127.0.0.1:" + server.getAddress().getPort()))) {
                    return await(response.text());
                }
            });
        } finally {
            server.stop(0);
        }
    }

    private static void check(String what, Object expected, Object actual) {
        if (!expected.equals(actual)) {
            throw new IllegalStateException(what + ": expected " + expected + ", got " + actual);
        }
        System.out.println(what + ": " + actual);
    }
}
