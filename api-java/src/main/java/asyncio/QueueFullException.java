package asyncio;

/** Raised by {@link Queue#putNowait} if there is no place. Python: {@code QueueFull}. */
public class QueueFullException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes one.
     *
     * @param message what to do instead
     */
    public QueueFullException(String message) {
        super(message);
    }
}
