package asyncio;

import org.jspecify.annotations.Nullable;

/**
 * What can be gone through with {@link Asyncio#each(AsyncIterable)}. Python: an object with {@code __aiter__}.
 *
 * @param <T> the items
 */
public interface AsyncIterable<T extends @Nullable Object> {
    /** Begins. Python: {@code __aiter__}. */
    AsyncIterator<T> aiter();
}
