package asyncio.http;

import asyncio.AsyncIterator;
import asyncio.Awaitable;
import asyncio.CheckReturnValue;
import asyncio.spi.HttpProvider;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The events that a server sends in one response, as they come (<em>server-sent events</em> of the HTML standard).
 * aiohttp has nothing like it.
 *
 * <pre>{@code
 * try (var events = EventStream.of(await(session.get(url).timeout(Duration.ZERO)))) {
 *     for (var event : each(events)) {
 *         System.out.println(event.data());
 *     }
 * }
 * }</pre>
 *
 * <p>An event that the response breaks off in is dropped, as the standard wants it. {@link EventSource} connects again
 * by itself where a stream has ended.
 */
public interface EventStream extends AsyncIterator<ServerSentEvent>, AutoCloseable {

    /** How many bytes one event may have unless something else is said: 1 MiB. */
    int MAX_EVENT_SIZE = 1024 * 1024;

    /** {@link #of(ClientResponse, int)} with {@link #MAX_EVENT_SIZE}. */
    static EventStream of(ClientResponse response) {
        return of(response, MAX_EVENT_SIZE);
    }

    /**
     * The events of this response, whose body nobody may read besides. A response that is refused is
     * {@linkplain ClientResponse#release() released} as well.
     *
     * @param maxEventSize how many bytes one event, or one line, may have at most
     * @throws ClientResponseException if the status is not 200
     * @throws ContentTypeException if the content type is not {@code text/event-stream}
     * @throws IllegalArgumentException if {@code maxEventSize} is not positive
     */
    static EventStream of(ClientResponse response, int maxEventSize) {
        return HttpProvider.get().events().stream(response, maxEventSize);
    }

    /**
     * Waits for the next event. At the end of the response, and after {@link #close}, it raises
     * {@link asyncio.StopAsyncIteration}; besides it raises what {@link StreamReader} says, and
     * {@link ClientPayloadException} if an event is too large.
     */
    @Override
    @CheckReturnValue
    Awaitable<ServerSentEvent> anext();

    /** The last id that the server has set, which {@code Last-Event-ID} gives back to it; empty if it has set none. */
    String lastEventId();

    /** How long the server wants clients to wait before they connect again; null if it has not said. */
    @Nullable
    Duration retry();

    /** Ends it and releases the response. May be called again. */
    @Override
    void close();
}
