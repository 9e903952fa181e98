package asyncio;

/** A piece of code without a value that may throw: the void twin of {@link java.util.concurrent.Callable}. */
@FunctionalInterface
public interface Action {
    /**
     * Runs it.
     *
     * @throws Exception whatever went wrong
     */
    void run() throws Exception;
}
