package asyncio.http;

import org.jspecify.annotations.Nullable;

/**
 * A request failed. What takes too long is an {@link asyncio.TimeoutException} instead. Python:
 * {@code aiohttp.ClientError}.
 */
public class ClientException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message.
     *
     * @param message what happened, and with which host or URL
     */
    public ClientException(@Nullable String message) {
        super(message);
    }

    /**
     * With a message and a cause.
     *
     * @param message what happened, and with which host or URL
     * @param cause what it was noticed by
     */
    public ClientException(@Nullable String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
