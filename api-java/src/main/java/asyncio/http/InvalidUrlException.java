package asyncio.http;

import org.jspecify.annotations.Nullable;

/** A URL cannot be parsed, or has no host. Python: {@code aiohttp.InvalidUrlClientError}. */
public class InvalidUrlException extends ClientException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message.
     *
     * @param message what happened, and with which host or URL
     */
    public InvalidUrlException(@Nullable String message) {
        super(message);
    }

    /**
     * With a message and a cause.
     *
     * @param message what happened, and with which host or URL
     * @param cause what it was noticed by
     */
    public InvalidUrlException(@Nullable String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
