package asyncio;

import org.jspecify.annotations.Nullable;

/**
 * Raised by {@link Coroutine#send} when the coroutine has returned. Python: {@code StopIteration}.
 *
 * <p>It has no stack trace: it is how a coroutine ends, not that something went wrong.
 */
public class StopIteration extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable Object value;

    /** With what the coroutine returned. */
    public StopIteration(@Nullable Object value) {
        super(null, null, false, false);
        this.value = value;
    }

    /** What the coroutine returned. */
    public @Nullable Object value() {
        return value;
    }
}
