package asyncio;

import org.jspecify.annotations.Nullable;

/**
 * Thrown by {@link Asyncio#run(Coroutine)} after Ctrl-C ended the main task. Python: {@code KeyboardInterrupt}.
 *
 * <p>It has no stack trace of its own, because nothing in the program is to blame. Its cause is the
 * {@link CancelledError} that ended the main task, and tells where the task stood. If it leaves {@code run} and nothing
 * catches it, the program ends with the exit code 130, as a shell expects it after Ctrl-C.
 *
 * <p>It is a fatal error. What is fatal leaves the loop at once when a task or a callback throws it: it comes out of
 * {@code run}, {@link EventLoop#runForever} or {@link EventLoop#runUntilComplete}, is not reported to the
 * {@link EventLoop#setExceptionHandler exception handler}, and leaves queued what was queued. A task that threw it has
 * it as its exception besides, and a {@link TaskGroup} throws it alone.
 *
 * <p>Fatal are this class with its subclasses, and {@link InternalError}. Any other {@link Error}, such as
 * {@link StackOverflowError} and {@link OutOfMemoryError}, is the exception of its task, or is reported, as an
 * {@link Exception} is; it ends the loop only where it comes from the loop's own code. A subclass takes the place of
 * Python's {@code SystemExit}.
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
