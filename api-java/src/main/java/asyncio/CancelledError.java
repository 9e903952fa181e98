package asyncio;

import org.jspecify.annotations.Nullable;

/**
 * Raised at an await when the waiting task, or what it waits for, was cancelled. Python: {@code CancelledError}.
 *
 * <p>It is an {@link Error} so that {@code catch (Exception e)} does not swallow a cancellation. Catch it to clean up,
 * and then throw it on.
 */
public class CancelledError extends Error {
    private static final long serialVersionUID = 1L;

    /** Without a message. */
    public CancelledError() {
        super();
    }

    /**
     * With the message that was given to {@link Future#cancel(String)}.
     *
     * @param message the message, or null
     */
    public CancelledError(@Nullable String message) {
        super(message);
    }
}
