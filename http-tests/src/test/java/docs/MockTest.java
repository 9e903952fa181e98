package docs;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.getRunningLoop;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;

import asyncio.Coroutine;
import asyncio.http.ClientSession;
import asyncio.http.MockResponse;
import asyncio.http.MockTransport;
import asyncio.http.RetryMiddleware;
import asyncio.testing.AsyncioTest;
import java.util.Map;

class MockTest {

    record User(String name) {}

    static Coroutine<String> nameOf(ClientSession session, int id) {
        return async(() -> {
            try (var response = await(session.get("https://shop.example/users/" + id))) {
                return response.ok() ? await(response.json(User.class)).name() : "nobody";
            }
        });
    }

    @AsyncioTest
    void asksForTheName() {
        var shop = MockTransport.create();
        shop.get("https://shop.example/users/1").respond(MockResponse.json(Map.of("name", "Monty")));
        shop.get("https://shop.example/users/{id}").respond(MockResponse.status(404));
        try (var session = ClientSession.builder().transport(shop).build()) {
            assertEquals("Monty", await(nameOf(session, 1)));
            assertEquals("nobody", await(nameOf(session, 2)));
        }
        shop.assertCalls("GET https://shop.example/users/1", "GET https://shop.example/users/2");
    }

    @AsyncioTest
    void comesBackWhenTheShopIsOpen() {
        var closed = MockResponse.status(503).withHeader("Retry-After", "20");
        var shop = MockTransport.create();
        shop.get("/users/1").respond(closed, MockResponse.json(Map.of("name", "Monty")));
        try (var session = ClientSession.builder()
                .transport(shop)
                .middlewares(RetryMiddleware.create())
                .build()) {
            assertEquals("Monty", await(nameOf(session, 1)));
            assertEquals(ofSeconds(20), getRunningLoop().time());
        }
    }
}
