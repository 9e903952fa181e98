package asyncio.http;

import org.jspecify.annotations.Nullable;

/**
 * A server redirected to a URL whose scheme is neither {@code http} nor {@code https}. Python:
 * {@code aiohttp.NonHttpUrlRedirectClientError}.
 */
public class NonHttpUrlRedirectException extends NonHttpUrlException implements RedirectException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message.
     *
     * @param message what happened, and with which host or URL
     */
    public NonHttpUrlRedirectException(@Nullable String message) {
        super(message);
    }

    /**
     * With a message and a cause.
     *
     * @param message what happened, and with which host or URL
     * @param cause what it was noticed by
     */
    public NonHttpUrlRedirectException(@Nullable String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
