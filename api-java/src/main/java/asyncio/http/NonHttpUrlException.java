package asyncio.http;

import org.jspecify.annotations.Nullable;

/** The scheme of a URL is neither {@code http} nor {@code https}. Python: {@code aiohttp.NonHttpUrlClientError}. */
public class NonHttpUrlException extends ClientException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message.
     *
     * @param message what happened, and with which host or URL
     */
    public NonHttpUrlException(@Nullable String message) {
        super(message);
    }

    /**
     * With a message and a cause.
     *
     * @param message what happened, and with which host or URL
     * @param cause what it was noticed by
     */
    public NonHttpUrlException(@Nullable String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
