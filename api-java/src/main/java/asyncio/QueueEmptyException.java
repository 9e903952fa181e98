package asyncio;

/** Raised by {@link Queue#getNowait()} if there is no item. Python: {@code QueueEmpty}. */
public class QueueEmptyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes one.
     *
     * @param message what to do instead
     */
    public QueueEmptyException(String message) {
        super(message);
    }
}
