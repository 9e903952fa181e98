package asyncio;

/** A future was asked for, or given, a result in a state that does not allow it. Python: {@code InvalidStateError}. */
public class InvalidStateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes one.
     *
     * @param message what was wrong
     */
    public InvalidStateException(String message) {
        super(message);
    }
}
