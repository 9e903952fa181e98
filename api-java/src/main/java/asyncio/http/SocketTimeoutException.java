package asyncio.http;

import org.jspecify.annotations.Nullable;

/** No data came in time: {@code sockRead} of {@link ClientTimeout}. Python: {@code aiohttp.SocketTimeoutError}. */
public class SocketTimeoutException extends ServerTimeoutException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message.
     *
     * @param message what happened, and with which host or URL
     */
    public SocketTimeoutException(@Nullable String message) {
        super(message);
    }

    /**
     * With a message and a cause.
     *
     * @param message what happened, and with which host or URL
     * @param cause what it was noticed by
     */
    public SocketTimeoutException(@Nullable String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
