package asyncio.http;

import asyncio.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The server took longer than one of the limits in {@link ClientTimeout}. Python: {@code aiohttp.ServerTimeoutError}.
 *
 * <p>In Python it is both a connection error and a {@code TimeoutError}; here every timeout is a
 * {@link TimeoutException} and nothing else, so that one {@code catch} gets them all, and {@code catch (ClientException
 * | TimeoutException e)} gets every failure of a request.
 */
public class ServerTimeoutException extends TimeoutException {
    private static final long serialVersionUID = 1L;

    /**
     * With a message.
     *
     * @param message what took too long, and with which host or URL
     */
    public ServerTimeoutException(@Nullable String message) {
        super(message);
    }

    /**
     * With a message and a cause.
     *
     * @param message what took too long, and with which host or URL
     * @param cause what it was noticed by
     */
    public ServerTimeoutException(@Nullable String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
