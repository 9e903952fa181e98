package asyncio;

import org.jspecify.annotations.Nullable;

/**
 * The block of a {@link Asyncio#using(AsyncContextManager, UsingBlock) using}: it has a value.
 *
 * @param <V> what it gets
 * @param <R> what it returns
 * @param <E> the checked exception that it throws; {@link RuntimeException} if it throws none
 */
@FunctionalInterface
public interface UsingBlock<V extends @Nullable Object, R extends @Nullable Object, E extends Exception> {
    /**
     * Runs it.
     *
     * @param value what the entry of the context manager gave
     * @throws E whatever went wrong
     */
    R call(V value) throws E;
}
