package asyncio.http;

import org.jspecify.annotations.Nullable;

/**
 * There was no agreement about TLS, or the server's certificate was refused. Python: {@code aiohttp.ClientSSLError}.
 */
public class ClientSslException extends ClientConnectorException {
    private static final long serialVersionUID = 1L;

    /**
     * With all there is to say.
     *
     * @param host the host that was to be reached
     * @param port its port
     * @param message what happened
     * @param cause what it was noticed by
     */
    public ClientSslException(String host, int port, @Nullable String message, @Nullable Throwable cause) {
        super(host, port, message, cause);
    }
}
