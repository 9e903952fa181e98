package asyncio;

import org.jspecify.annotations.Nullable;

/**
 * The block of a {@link Asyncio#with(AsyncContextManager, WithFunction) with} that has a value.
 *
 * @param <V> what it gets
 * @param <R> what it returns
 */
@FunctionalInterface
public interface WithFunction<V extends @Nullable Object, R extends @Nullable Object> {
    /** Runs. */
    R call(V value) throws Exception;
}
