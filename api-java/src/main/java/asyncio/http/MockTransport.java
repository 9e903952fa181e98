package asyncio.http;

import asyncio.CheckReturnValue;
import asyncio.Coroutine;
import asyncio.spi.HttpProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Answers the requests of a session in the place of servers, for tests. Everything else is as with a real connection:
 * redirects, cookies, middlewares, timeouts, decoding. There is no Vert.x and no socket behind it, so that it also
 * works in virtual time. aiohttp has no such thing; tests in Python use aioresponses.
 *
 * <pre>{@code
 * var mock = MockTransport.create();
 * mock.get("https://api.example/users/{id}").respond(call -> MockResponse.json(Map.of("id", call.pathValue("id"))));
 * mock.post("/login").respond(MockResponse.status(503), MockResponse.ok());
 *
 * try (var session = ClientSession.builder().transport(mock).build()) {
 *     …
 * }
 * mock.assertCalled("GET", "https://api.example/users/7");
 * }</pre>
 *
 * <p><b>URLs.</b> A pattern is a URL, or the path of one ({@code /login}) at any host. In it {@code {name}} stands for
 * one segment of a path, and {@code *} for anything, slashes included. With {@code ?} in it the query has to be the one
 * that is given, in any order; without, it does not matter.
 *
 * <p><b>Routes.</b> The first one that matches answers, in the order in which they were made; one that is
 * {@linkplain Route#times used up} matches no more. A request that no route matches fails with an
 * {@link AssertionError} that names the routes, so that no {@code catch (ClientException e)} hides it.
 *
 * <p>To be used by one loop at a time.
 */
public interface MockTransport {

    /** One without routes. */
    static MockTransport create() {
        return HttpProvider.get().mockTransport();
    }

    /**
     * One that answers what a HAR file has recorded: that of a {@link HarRecorder}, or what a browser has exported.
     *
     * <p>An entry answers requests with its method and its URL, with the parameters of the query in any order; where it
     * has the body of a request also only those with the same body. Entries that are alike answer one after the other,
     * the last of them from then on. Routes that are made besides answer what no entry does. A request that nothing
     * answers fails with an {@link AssertionError} that names the nearest entries, and {@link #assertAllUsed} checks
     * the entries too. An answer has the status, the headers and the decoded body of its entry, without those headers
     * that tell how the body was sent, and without cookies whose values were not recorded. It is there at once. An
     * entry with status 0 raises {@link ClientConnectionException}. WebSockets in the file are passed over.
     *
     * @param har the text of the file, HAR 1.1 or 1.2; what is not known in it is passed over
     * @throws JsonDecodeException if it is not JSON, or not a HAR; the message names the place
     */
    static MockTransport ofHar(String har) {
        return HttpProvider.get().hars().transport(Objects.requireNonNull(har, "ofHar: har is null"));
    }

    /**
     * {@link #ofHar} of a file, which is read in the loop's pool of threads.
     *
     * <p>Awaiting it raises {@link java.io.IOException} if the file cannot be read, and {@link JsonDecodeException} if
     * it is not a HAR.
     */
    @CheckReturnValue
    static Coroutine<MockTransport> loadHar(Path file) {
        return HttpProvider.get().hars().load(Objects.requireNonNull(file, "loadHar: file is null"));
    }

    /** A route for requests with this method to URLs of this pattern; {@code *} for any method. */
    Route on(String method, String url);

    /** A route for GET. */
    default Route get(String url) {
        return on("GET", url);
    }

    /** A route for POST. */
    default Route post(String url) {
        return on("POST", url);
    }

    /** A route for PUT. */
    default Route put(String url) {
        return on("PUT", url);
    }

    /** A route for PATCH. */
    default Route patch(String url) {
        return on("PATCH", url);
    }

    /** A route for DELETE. */
    default Route delete(String url) {
        return on("DELETE", url);
    }

    /** A route for HEAD. */
    default Route head(String url) {
        return on("HEAD", url);
    }

    /** A route for any method. */
    default Route any(String url) {
        return on("*", url);
    }

    /**
     * All requests that came, in their order: each hop of a redirect, each retry, and also those that no route matched.
     */
    List<MockCall> calls();

    /** Those with this method ({@code *} for any) to URLs of this pattern. */
    List<MockCall> calls(String method, String url);

    /**
     * The only request with this method to URLs of this pattern.
     *
     * @throws AssertionError if there was none or more than one, with what came instead
     */
    MockCall assertCalledOnce(String method, String url);

    /**
     * Checks that there was a request with this method to URLs of this pattern.
     *
     * @throws AssertionError if there was none, with what came instead
     */
    void assertCalled(String method, String url);

    /**
     * Checks that there were so many requests with this method to URLs of this pattern.
     *
     * @throws AssertionError if there were not, with what came instead
     */
    void assertCalled(int times, String method, String url);

    /**
     * Checks that there were exactly these requests, in this order.
     *
     * @param calls a method and a pattern each: {@code "GET /users/{id}"}
     * @throws AssertionError if there were not, with what came instead
     */
    void assertCalls(String... calls);

    /**
     * Checks that every route was used, as often as its {@link Route#times} says.
     *
     * @throws AssertionError if one was not, with what came instead
     */
    void assertAllUsed();

    /** Forgets the requests that came, but not the routes. */
    void resetCalls();

    /** What is answered to the requests that match; its methods change it and return it. */
    interface Route {

        /** Matches only requests that have this header with this value. */
        Route header(String name, String value);

        /** Matches so many requests, and then no more. */
        Route times(int times);

        /** {@code times(1)}. */
        default Route once() {
            return times(1);
        }

        /** Waits so long before each answer, on the loop's clock. */
        Route delay(Duration delay);

        /** Answers so: with the first one to the first request, and so on; with the last one from then on. */
        Route respond(MockResponse first, MockResponse... then);

        /** Answers what this code returns. It is a coroutine's body: it may await. */
        Route respond(MockHandler handler);

        /**
         * Raises what this gives, such as {@code () -> new ServerDisconnectedException("gone")}, from the await of the
         * request.
         */
        Route raise(Supplier<? extends Throwable> error);

        /** The requests that it answered. */
        List<MockCall> calls();
    }
}
