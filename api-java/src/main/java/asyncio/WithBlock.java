package asyncio;

import org.jspecify.annotations.Nullable;

/**
 * The block of a {@link Asyncio#with(AsyncContextManager, WithBlock) with}: it has no value.
 *
 * @param <V> what it gets
 * @param <E> the checked exception that it throws; {@link RuntimeException} if it throws none
 */
@FunctionalInterface
public interface WithBlock<V extends @Nullable Object, E extends Exception> {
    /**
     * Runs it.
     *
     * @param value what the entry of the context manager gave
     * @throws E whatever went wrong
     */
    void run(V value) throws E;
}
