package asyncio.http;

/**
 * A line of a body, what goes up to another separator, or an event of an {@link EventStream} is longer than its reader
 * allows. Python: {@code aiohttp.http_exceptions.LineTooLong}.
 */
public class LineTooLongException extends ClientPayloadException {
    private static final long serialVersionUID = 1L;

    private final int limit;

    /**
     * Makes one.
     *
     * @param message where it happened
     * @param limit how many bytes were allowed
     */
    public LineTooLongException(String message, int limit) {
        super(message);
        this.limit = limit;
    }

    /** How many bytes were allowed, the separator included. */
    public int limit() {
        return limit;
    }
}
