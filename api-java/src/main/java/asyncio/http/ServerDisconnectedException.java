package asyncio.http;

import org.jspecify.annotations.Nullable;

/**
 * The server closed the connection before it sent a whole response head. Python:
 * {@code aiohttp.ServerDisconnectedError}.
 */
public class ServerDisconnectedException extends ServerConnectionException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message.
     *
     * @param message what happened, and with which host or URL
     */
    public ServerDisconnectedException(@Nullable String message) {
        super(message);
    }

    /**
     * With a message and a cause.
     *
     * @param message what happened, and with which host or URL
     * @param cause what it was noticed by
     */
    public ServerDisconnectedException(@Nullable String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
