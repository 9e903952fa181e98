package asyncio.http;

import org.jspecify.annotations.Nullable;

/**
 * The connection is to blame: it could not be made, or broke, or was closed. Python:
 * {@code aiohttp.ClientConnectionError}.
 */
public class ClientConnectionException extends ClientException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message.
     *
     * @param message what happened, and with which host or URL
     */
    public ClientConnectionException(@Nullable String message) {
        super(message);
    }

    /**
     * With a message and a cause.
     *
     * @param message what happened, and with which host or URL
     * @param cause what it was noticed by
     */
    public ClientConnectionException(@Nullable String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
