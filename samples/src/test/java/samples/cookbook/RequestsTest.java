package samples.cookbook;

import static asyncio.Asyncio.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import asyncio.Coroutine;
import asyncio.http.ClientResponseException;
import asyncio.http.ClientSession;
import asyncio.http.TypeRef;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import samples.LocalServer;
import samples.http.FirstRequest;

/** First steps. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RequestsTest {

    // ---- recipes

    static Coroutine<String> search(ClientSession session, String words) {
        return async(() -> {
            var request =
                    session.get("search").param("q", words).param("page", "1").header("Accept-Language", "ko");
            try (var response = await(request)) {
                return await(response.text());
            }
        });
    }

    static ClientSession open(String baseUrl) {
        return ClientSession.builder()
                .baseUrl(baseUrl)
                .header("User-Agent", "shop/1.0")
                .raiseForStatus(true)
                .build();
    }

    static Coroutine<User> create(ClientSession session, User user) {
        return async(() -> {
            try (var response = await(session.post("users").json(user))) {
                return await(response.json(User.class));
            }
        });
    }

    static Coroutine<List<User>> all(ClientSession session) {
        return async(() -> {
            try (var response = await(session.get("users"))) {
                return await(response.json(new TypeRef<List<User>>() {}));
            }
        });
    }

    record User(String name, List<String> languages) {}

    static Coroutine<String> home(ClientSession session) {
        return async(() -> {
            try (var response = await(session.get("").maxRedirects(3))) {
                var before = response.history();
                return before.size() + " redirects to " + response.url();
            }
        });
    }

    static Coroutine<String> whereTo(ClientSession session) {
        return async(() -> {
            try (var response = await(session.get("").allowRedirects(false))) {
                return response.status() + " " + response.headers().get("Location");
            }
        });
    }

    // ---- tests

    private static final String MONTY = "{\"name\":\"Monty\",\"languages\":[\"en\"]}";

    private static void answer(HttpServerRequest request) {
        var response = request.response();
        switch (request.method() + " " + request.path()) {
            case "GET /v1/search" ->
                response.end(request.query() + " " + request.getHeader("Accept-Language") + " "
                        + request.getHeader("User-Agent"));
            case "POST /v1/users" ->
                request.body()
                        .onSuccess(body -> response.putHeader("Content-Type", "application/json")
                                .end(body));
            case "GET /v1/users" ->
                response.putHeader("Content-Type", "application/json").end("[" + MONTY + "]");
            case "GET /v1/" ->
                response.setStatusCode(302).putHeader("Location", "/home").end();
            case "GET /home" -> response.end("home");
            default -> response.setStatusCode(404).end();
        }
    }

    @Test
    void firstRequest() {
        var before = System.out;
        var printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true));
        try (var server = LocalServer.start(request ->
                request.response().putHeader("Content-Type", "text/plain").end("Hello"))) {
            FirstRequest.main(new String[] {server.url("/")});
        } finally {
            System.setOut(before);
        }
        assertEquals(
                List.of("200 text/plain", "Hello"), printed.toString().lines().toList());
    }

    @Test
    void queryJsonAndRedirects() {
        try (var server = LocalServer.start(RequestsTest::answer)) {
            run(() -> {
                try (var session = open(server.url("/v1/"))) {
                    assertEquals("q=spam%20%26%20eggs&page=1 ko shop/1.0", await(search(session, "spam & eggs")));
                    var monty = new User("Monty", List.of("en"));
                    assertEquals(monty, await(create(session, monty)));
                    assertEquals(List.of(monty), await(all(session)));
                    assertEquals("1 redirects to " + server.url("/home"), await(home(session)));
                    assertEquals("302 /home", await(whereTo(session)));
                    var missing = assertThrows(ClientResponseException.class, () -> await(session.get("missing")));
                    assertEquals(404, missing.status());
                }
            });
        }
    }
}
