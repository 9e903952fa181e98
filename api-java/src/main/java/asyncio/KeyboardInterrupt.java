package asyncio;

import org.jspecify.annotations.Nullable;

/**
 * Thrown by {@link Asyncio#run(Coroutine)} after Ctrl-C ended the main task. It leaves the loop at once, as every fatal
 * error does. Python: {@code KeyboardInterrupt}.
 *
 * <p>It has no stack trace of its own, because nothing in the program is to blame. Its cause is the
 * {@link CancelledError} that ended the main task, and tells where the task stood. If it leaves {@code run} and nothing
 * catches it, the program ends with the exit code 130, as a shell expects it after Ctrl-C.
 */
public class KeyboardInterrupt extends Error {
    private static final long serialVersionUID = 1L;

    /** Makes one. */
    public KeyboardInterrupt() {
        this("Ctrl-C", null);
    }

    /**
     * Makes one.
     *
     * @param message says why the program ends
     * @param cause where the program stood; null if that is not known
     */
    public KeyboardInterrupt(String message, @Nullable Throwable cause) {
        super(message, cause, true, false);
    }
}
