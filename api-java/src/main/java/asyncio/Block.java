package asyncio;

/**
 * Code without a value that may throw; the compiler finds out what. It is the block of
 * {@link Asyncio#with(AsyncContextManager, Block) with} and of {@link Asyncio#run(Block) run}.
 *
 * @param <E> the checked exception that it throws; {@link RuntimeException} if it throws none
 */
@FunctionalInterface
public interface Block<E extends Exception> {
    /**
     * Runs it.
     *
     * @throws E whatever went wrong
     */
    void run() throws E;
}
