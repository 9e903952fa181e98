package asyncio;

/**
 * Thrown by {@link Asyncio#run(Coroutine)} after Ctrl-C ended the main task. It leaves the loop at once, as every fatal
 * error does, and has no stack trace: nothing in the program is to blame. Python: {@code KeyboardInterrupt}.
 */
public class KeyboardInterrupt extends Error {
    private static final long serialVersionUID = 1L;

    /** Makes one. */
    public KeyboardInterrupt() {
        super("Ctrl-C", null, false, false);
    }
}
