package asyncio;

/**
 * Raised by puts into a {@link Queue} that is shut down, and by gets once it is empty. Python: {@code QueueShutDown}.
 */
public class QueueShutDownException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes one.
     *
     * @param message what to do instead
     */
    public QueueShutDownException(String message) {
        super(message);
    }
}
