package asyncio.http;

import org.jspecify.annotations.Nullable;

/**
 * The proxy could not be reached, or did not speak its protocol; host and port are the proxy's. Python:
 * {@code aiohttp.ClientProxyConnectionError}.
 */
public class ClientProxyConnectionException extends ClientConnectorException {
    private static final long serialVersionUID = 1L;

    /**
     * With all there is to say.
     *
     * @param host the host that was to be reached
     * @param port its port
     * @param message what happened
     * @param cause what it was noticed by
     */
    public ClientProxyConnectionException(String host, int port, @Nullable String message, @Nullable Throwable cause) {
        super(host, port, message, cause);
    }
}
