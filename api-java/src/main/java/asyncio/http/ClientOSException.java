package asyncio.http;

import org.jspecify.annotations.Nullable;

/** The operating system reported an error of the connection; it is the cause. Python: {@code aiohttp.ClientOSError}. */
public class ClientOSException extends ClientConnectionException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message.
     *
     * @param message what happened, and with which host or URL
     */
    public ClientOSException(@Nullable String message) {
        super(message);
    }

    /**
     * With a message and a cause.
     *
     * @param message what happened, and with which host or URL
     * @param cause what it was noticed by
     */
    public ClientOSException(@Nullable String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
