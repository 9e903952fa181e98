package asyncio;

import org.jspecify.annotations.Nullable;

/**
 * Gives items that have to be waited for. Python: an object with {@code __anext__}.
 *
 * @param <T> the items
 */
public interface AsyncIterator<T extends @Nullable Object> extends AsyncIterable<T> {

    /**
     * Waits for the next item. Python: {@code __anext__}.
     *
     * @return an awaitable that raises {@link StopAsyncIteration} when there are no more
     */
    @CheckReturnValue
    Awaitable<T> anext();

    @Override
    default AsyncIterator<T> aiter() {
        return this;
    }
}
