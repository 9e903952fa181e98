package asyncio.io;

/**
 * There is more before the separator than the limit of a {@link StreamReader} allows; it is still there to be read.
 * Python: {@code asyncio.LimitOverrunError}.
 */
public class LimitOverrunException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final long consumed;

    /**
     * Makes one.
     *
     * @param consumed how many bytes of the buffer have no separator in them
     */
    public LimitOverrunException(String message, long consumed) {
        super(message);
        this.consumed = consumed;
    }

    /** How many bytes of the buffer have no separator in them. Python: {@code consumed}. */
    public long consumed() {
        return consumed;
    }
}
