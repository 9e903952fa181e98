package asyncio.http;

import org.jspecify.annotations.Nullable;

/**
 * There was no connection in time: {@code connect} or {@code sockConnect} of {@link ClientTimeout}. Python:
 * {@code aiohttp.ConnectionTimeoutError}.
 */
public class ConnectionTimeoutException extends ServerTimeoutException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message.
     *
     * @param message what happened, and with which host or URL
     */
    public ConnectionTimeoutException(@Nullable String message) {
        super(message);
    }

    /**
     * With a message and a cause.
     *
     * @param message what happened, and with which host or URL
     * @param cause what it was noticed by
     */
    public ConnectionTimeoutException(@Nullable String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
