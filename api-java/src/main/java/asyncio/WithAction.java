package asyncio;

import org.jspecify.annotations.Nullable;

/**
 * The block of a {@link Asyncio#with(AsyncContextManager, WithAction) with} that has no value.
 *
 * @param <V> what it gets
 */
@FunctionalInterface
public interface WithAction<V extends @Nullable Object> {
    /** Runs. */
    void run(V value) throws Exception;
}
