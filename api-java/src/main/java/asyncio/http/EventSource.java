package asyncio.http;

import asyncio.AsyncIterator;
import asyncio.Awaitable;
import asyncio.CheckReturnValue;
import asyncio.spi.HttpProvider;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * The events of a server, over as many connections as it takes: when one has ended it makes another, and tells the
 * server which event it saw last. JavaScript: {@code EventSource}; aiohttp has nothing like it.
 *
 * <pre>{@code
 * try (var events = EventSource.of(() -> session.get(url))) {
 *     for (var event : each(events)) {
 *         System.out.println(event.data());
 *     }
 * }
 * }</pre>
 *
 * <p>It connects when the first event is asked for, and again, after {@link #retry}, when a response has ended or
 * broken off, when the server does not answer in time, and when no connection can be made. Each further attempt that
 * fails doubles the wait, up to {@link Builder#maxBackoff}; after several connections that have ended at once it waits
 * for half a second, whatever the server asks for. It goes on until it is closed, or until
 *
 * <ul>
 *   <li>the server answers with 204, with which it says that there will be no more: this is the end of the events;
 *   <li>the server answers with any other status than 200, or with another content type than {@code text/event-stream}:
 *       that is raised, as {@link EventStream#of} says;
 *   <li>connecting can never work: {@link InvalidUrlException}, {@link ClientConnectorCertificateException} and the
 *       like are raised;
 *   <li>more attempts than {@link Builder#maxFailures} have failed in a row: the last failure is raised.
 * </ul>
 */
public interface EventSource extends AsyncIterator<ServerSentEvent>, AutoCloseable {

    /** {@link #builder} with nothing changed. */
    static EventSource of(Supplier<? extends ClientRequest> request) {
        return builder(request).build();
    }

    /**
     * Settings for a new one.
     *
     * @param request makes the request for a connection: a new one each time. {@code Accept}, {@code Cache-Control} and
     *     {@code Last-Event-ID} are added to it, and its total timeout is taken away; the other limits stay
     */
    static Builder builder(Supplier<? extends ClientRequest> request) {
        return HttpProvider.get().events().source(request);
    }

    /** Whether there is a connection. JavaScript: {@code readyState}. */
    enum State {
        /** There is none yet, or none at the moment. */
        CONNECTING,
        /** Events can come. */
        OPEN,
        /** No more will come. */
        CLOSED
    }

    /**
     * Waits for the next event, through as many connections as that takes. At the end, and after {@link #close}, it
     * raises {@link asyncio.StopAsyncIteration}. If the waiting task is cancelled, a later call goes on.
     */
    @Override
    @CheckReturnValue
    Awaitable<ServerSentEvent> anext();

    /** Whether there is a connection. */
    State state();

    /** The last id that the server has set, which the next connection will tell it; empty if it has set none. */
    String lastEventId();

    /** How long it waits before it connects again: what the server has said last, or {@link Builder#retry}. */
    Duration retry();

    /**
     * Ends it and releases the response. Who waits for an event is told that there are no more. May be called again.
     */
    @Override
    void close();

    /** Settings for an {@link EventSource}. */
    interface Builder {

        /**
         * The id of the last event that was seen in an earlier life; empty, the default, for none.
         *
         * @throws IllegalArgumentException if it has a line break or a NUL in it
         */
        Builder lastEventId(String id);

        /**
         * How long to wait before connecting again, unless the server says something else; 3 s by default.
         *
         * @throws IllegalArgumentException if it is negative
         */
        Builder retry(Duration delay);

        /**
         * How long the doubled waits become at most; 1 minute by default. A longer {@link #retry} stays what it is.
         *
         * @throws IllegalArgumentException if it is negative
         */
        Builder maxBackoff(Duration delay);

        /**
         * How many attempts in a row may fail before the failure is raised; 0 for none. By default there is no limit.
         *
         * @throws IllegalArgumentException if it is negative
         */
        Builder maxFailures(int attempts);

        /**
         * How many bytes one event, or one line, may have at most; {@link EventStream#MAX_EVENT_SIZE} by default.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        Builder maxEventSize(int bytes);

        /** One with these settings. */
        EventSource build();
    }
}
