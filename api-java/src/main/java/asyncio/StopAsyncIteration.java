package asyncio;

/**
 * Raised by {@link AsyncIterator#anext()} when there are no more items. Python: {@code StopAsyncIteration}.
 *
 * <p>It has no stack trace: it is how a loop ends, not that something went wrong.
 */
public class StopAsyncIteration extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Without a message. */
    public StopAsyncIteration() {
        super(null, null, false, false);
    }
}
