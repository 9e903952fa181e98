package asyncio;

import org.jspecify.annotations.Nullable;

/** Something took longer than it was given. Python: {@code TimeoutError}. */
public class TimeoutException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Without a message. */
    public TimeoutException() {
        super();
    }

    /**
     * With a message.
     *
     * @param message what took too long
     */
    public TimeoutException(@Nullable String message) {
        super(message);
    }

    /**
     * With a message and a cause.
     *
     * @param message what took too long
     * @param cause what it was noticed by
     */
    public TimeoutException(@Nullable String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
