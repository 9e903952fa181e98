package asyncio.vertx;

import asyncio.AsyncIterator;
import asyncio.CheckReturnValue;
import asyncio.Coroutine;
import org.jspecify.annotations.Nullable;

/**
 * The items of a stream of Vert.x's, to be gone through once with {@link asyncio.Asyncio#each}, by one task at a time.
 * The stream is paused while as many items wait as there is room for. Code of the loop only.
 *
 * @param <T> the items
 */
public interface ReadItems<T extends @Nullable Object> extends AsyncIterator<T>, AutoCloseable {
    /**
     * Waits for the next item.
     *
     * @return raises {@link asyncio.StopAsyncIteration} at the end of the stream, and what the stream has failed with
     */
    @Override
    @CheckReturnValue
    Coroutine<T> anext();

    /**
     * Reads no more: what waits, and what the stream still brings, is thrown away; a consumer of the event bus is
     * unregistered. A task that waits for an item gets {@link asyncio.StopAsyncIteration}. Python: {@code aclose}.
     */
    @Override
    void close();
}
