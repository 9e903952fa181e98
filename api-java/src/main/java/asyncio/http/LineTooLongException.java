package asyncio.http;

/**
 * A line of a body, or what goes up to another separator, is longer than its reader allows. Nothing was taken from the
 * body: it can be read on, by other means or with another limit. Python: {@code aiohttp.http_exceptions.LineTooLong}.
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
