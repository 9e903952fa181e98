package asyncio.http;

import org.jspecify.annotations.Nullable;

/** The connection was there, but the server made no good use of it. Python: {@code aiohttp.ServerConnectionError}. */
public class ServerConnectionException extends ClientConnectionException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message.
     *
     * @param message what happened, and with which host or URL
     */
    public ServerConnectionException(@Nullable String message) {
        super(message);
    }

    /**
     * With a message and a cause.
     *
     * @param message what happened, and with which host or URL
     * @param cause what it was noticed by
     */
    public ServerConnectionException(@Nullable String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
