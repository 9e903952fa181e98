package asyncio.http;

import asyncio.CheckReturnValue;
import asyncio.spi.AsyncioProvider;
import java.time.Duration;

/**
 * Sends HTTP requests and keeps the connections for the next ones. A program makes one and uses it for all its
 * requests. Python: {@code aiohttp.ClientSession}.
 *
 * <pre>{@code
 * run(() -> {
 *     try (var session = ClientSession.create();
 *          var response = await(session.get("http://localhost:8080/flags/kr.gif"))) {
 *         var image = await(response.read());
 *         …
 *     }
 * });
 * }</pre>
 *
 * <p>A session belongs to the loop in which it was made: it, its requests and its responses may be used only by code
 * that runs in that loop, or while the loop is not running.
 */
public interface ClientSession extends AutoCloseable {

    /**
     * A session with the default settings.
     *
     * @throws IllegalStateException if no loop runs here
     */
    static ClientSession create() {
        return builder().build();
    }

    /** Settings for a session, all of them at their defaults. */
    static Builder builder() {
        return AsyncioProvider.get().clientSession();
    }

    /**
     * A GET request; nothing is sent before it is awaited. Python: {@code session.get(url)}.
     *
     * @param url an {@code http} or {@code https} URL, or one relative to {@link Builder#baseUrl}. Characters that may
     *     not stand in a URL are percent-encoded; what is encoded already stays as it is. The fragment is not sent
     */
    @CheckReturnValue
    ClientRequest get(String url);

    /** Whether {@link #close()} was called. Python: {@code session.closed}. */
    boolean closed();

    /**
     * Closes all connections. Requests in flight, and bodies that are still being received, end with
     * {@link ClientConnectionException}; bodies that are there already can still be read. May be called again. Python:
     * {@code await session.close()}; here there is nothing to wait for.
     */
    @Override
    void close();

    /** The settings of a session. Python: the arguments of {@code ClientSession} and of its {@code TCPConnector}. */
    interface Builder {

        /**
         * What relative URLs are resolved against, by the rules of RFC 3986; its path must end with {@code /}. Python:
         * {@code base_url}.
         *
         * @param url an absolute {@code http} or {@code https} URL
         * @throws InvalidUrlException if it cannot be parsed, is relative, or if its path ends otherwise
         * @throws NonHttpUrlException if its scheme is another one
         */
        Builder baseUrl(String url);

        /**
         * Adds a header to every request; one of the same name on a request replaces it. Python: {@code headers}.
         *
         * @throws IllegalArgumentException if the name is not a token, or if the value has control characters in it
         */
        Builder header(String name, String value);

        /** How long requests may take; {@link ClientTimeout#DEFAULT} unless set. Python: {@code timeout}. */
        Builder timeout(ClientTimeout timeout);

        /**
         * How many connections may be in use at once; further requests wait, first come, first served. 100 unless set,
         * 0 for any number. Python: {@code limit}.
         *
         * @throws IllegalArgumentException if it is negative
         */
        Builder limit(int connections);

        /**
         * How many connections to the same scheme, host and port may be in use at once; 0, any number, unless set.
         * Python: {@code limit_per_host}.
         *
         * @throws IllegalArgumentException if it is negative
         */
        Builder limitPerHost(int connections);

        /**
         * How long an idle connection is kept for the next request; 15 s unless set, zero to keep none. Python:
         * {@code keepalive_timeout}.
         *
         * @throws IllegalArgumentException if it is negative
         */
        Builder keepAlive(Duration idle);

        /**
         * How many bytes of a body {@link ClientResponse#read()} and {@link ClientResponse#text()} take at most; more
         * is a {@link ClientPayloadException}. 64 MiB unless set, 0 for any number. aiohttp knows no such limit.
         *
         * @throws IllegalArgumentException if it is negative
         */
        Builder maxBodySize(long bytes);

        /**
         * The session, belonging to the running loop.
         *
         * @throws IllegalStateException if no loop runs here
         */
        ClientSession build();
    }
}
