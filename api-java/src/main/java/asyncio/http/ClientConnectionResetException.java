package asyncio.http;

import org.jspecify.annotations.Nullable;

/**
 * Something was to be sent on a connection that is closed, or about to be. Python:
 * {@code aiohttp.ClientConnectionResetError}.
 */
public class ClientConnectionResetException extends ClientConnectionException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message.
     *
     * @param message what happened, and with which host or URL
     */
    public ClientConnectionResetException(@Nullable String message) {
        super(message);
    }

    /**
     * With a message and a cause.
     *
     * @param message what happened, and with which host or URL
     * @param cause what it was noticed by
     */
    public ClientConnectionResetException(@Nullable String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
