package asyncio.http;

import asyncio.Awaitable;
import asyncio.CancelledError;
import asyncio.TimeoutException;
import java.time.Duration;

/**
 * A request that has not been sent yet. Awaiting it sends it, and gives the response as soon as its head is there; the
 * body is awaited in turn. Python: what {@code session.get(…)} returns.
 *
 * <p>Its methods change this object and return it. Like a coroutine it can be awaited once.
 */
public interface ClientRequest extends Awaitable<ClientResponse> {

    /**
     * Adds a header. The first one of a name replaces the session's headers of that name. Python: {@code headers}.
     *
     * @throws IllegalArgumentException if the name is not a token, or if the value has control characters in it
     * @throws IllegalStateException if the request was awaited
     */
    ClientRequest header(String name, String value);

    /**
     * Adds a parameter to the query of the URL, encoded. Python: {@code params}.
     *
     * @throws IllegalStateException if the request was awaited
     */
    ClientRequest param(String name, String value);

    /**
     * How long it may take from the await to the end of the body; zero for any time. The other limits stay those of the
     * session. Python: {@code timeout=seconds}.
     *
     * @throws IllegalArgumentException if it is negative
     * @throws IllegalStateException if the request was awaited
     */
    ClientRequest timeout(Duration total);

    /**
     * How long it may take, instead of what the session says. Python: {@code timeout=ClientTimeout(…)}.
     *
     * @throws IllegalStateException if the request was awaited
     */
    ClientRequest timeout(ClientTimeout timeout);

    /**
     * Sends the request and waits for the head of the response. If the waiting task is cancelled, the connection is
     * closed. A GET whose kept connection turns out to have been closed by the server is sent once more, on a new one.
     *
     * @throws InvalidUrlException if the URL cannot be parsed or has no host
     * @throws NonHttpUrlException if its scheme is neither {@code http} nor {@code https}
     * @throws ClientConnectorException if no connection could be made
     * @throws ClientConnectionException if the connection broke, or if the session was closed meanwhile
     * @throws ClientResponseException if what the server sent is not HTTP
     * @throws ServerTimeoutException if one of the limits in {@link ClientTimeout} but {@code total} was reached
     * @throws TimeoutException if {@code total} was reached
     * @throws CancelledError if the waiting task was cancelled
     * @throws IllegalStateException if the session is closed, if the request was awaited before, if the session belongs
     *     to another loop, or if called outside a coroutine
     */
    @Override
    ClientResponse await();
}
