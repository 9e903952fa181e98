package asyncio.http;

import org.jspecify.annotations.Nullable;

/**
 * A server redirected to a URL that cannot be parsed, or that has no host. Python:
 * {@code aiohttp.InvalidUrlRedirectClientError}.
 */
public class InvalidUrlRedirectException extends InvalidUrlException implements RedirectException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message.
     *
     * @param message what happened, and with which host or URL
     */
    public InvalidUrlRedirectException(@Nullable String message) {
        super(message);
    }

    /**
     * With a message and a cause.
     *
     * @param message what happened, and with which host or URL
     * @param cause what it was noticed by
     */
    public InvalidUrlRedirectException(@Nullable String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
