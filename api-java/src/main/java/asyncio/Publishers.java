package asyncio;

import asyncio.spi.AsyncioProvider;
import java.util.Objects;
import java.util.concurrent.Flow;

/**
 * Reactive streams of the JDK ({@link Flow}), and so of Reactor, RxJava and Mutiny, which adapt to it; with
 * back-pressure in both directions.
 */
public final class Publishers {
    private static final int WINDOW = 16;

    private Publishers() {}

    /**
     * The items of {@code publisher}, of which 16 at most are asked for in advance. Each {@code aiter()} gives an async
     * generator, which subscribes when its first item is asked for and cancels the subscription when it is closed:
     * leave it early inside {@link Asyncio#aclosing}. The publisher may use any thread. An error of the publisher is
     * raised as it is.
     */
    public static <T> AsyncIterable<T> items(Flow.Publisher<T> publisher) {
        return items(publisher, WINDOW);
    }

    /**
     * The items of {@code publisher}; see {@link #items(Flow.Publisher)}.
     *
     * @param window how many items are asked for in advance at most
     */
    public static <T> AsyncIterable<T> items(Flow.Publisher<T> publisher, int window) {
        Objects.requireNonNull(publisher, "items: publisher is null");
        if (window < 1) {
            throw new IllegalArgumentException("window is how many items may wait, and at least 1: " + window);
        }
        return AsyncioProvider.get().items(publisher, window);
    }

    /**
     * A publisher of {@code items} on the running loop. Each subscription goes through {@code items} in a task of its
     * own, which waits while its subscriber has asked for nothing, and is cancelled with the subscription; so
     * {@code items} has to give a new iterator each time if there is more than one subscriber. It may be subscribed to
     * from any thread; the subscriber is called in the loop, and must not block. If it comes when the loop is closed,
     * or is there when it closes, it gets an error.
     *
     * @throws IllegalStateException if no loop runs the calling code
     */
    public static <T> Flow.Publisher<T> publisher(AsyncIterable<? extends T> items) {
        Objects.requireNonNull(items, "publisher: items is null");
        return AsyncioProvider.get().publisher(items, Asyncio.getRunningLoop());
    }
}
