package asyncio;

import org.jspecify.annotations.Nullable;

/**
 * Code with a value that may throw; the compiler finds out what. It is the block of
 * {@link Asyncio#using(AsyncContextManager, ValueBlock) using} and of {@link Asyncio#run(ValueBlock) run}.
 *
 * @param <R> what it returns
 * @param <E> the checked exception that it throws; {@link RuntimeException} if it throws none
 */
@FunctionalInterface
public interface ValueBlock<R extends @Nullable Object, E extends Exception> {
    /**
     * Runs it.
     *
     * @throws E whatever went wrong
     */
    R call() throws E;
}
