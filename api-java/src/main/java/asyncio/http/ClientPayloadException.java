package asyncio.http;

import org.jspecify.annotations.Nullable;

/**
 * The body of a response ended too early, was malformed, or was larger than allowed. Python:
 * {@code aiohttp.ClientPayloadError}.
 */
public class ClientPayloadException extends ClientException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message.
     *
     * @param message what happened, and with which host or URL
     */
    public ClientPayloadException(@Nullable String message) {
        super(message);
    }

    /**
     * With a message and a cause.
     *
     * @param message what happened, and with which host or URL
     * @param cause what it was noticed by
     */
    public ClientPayloadException(@Nullable String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
