package asyncio.http;

import org.jspecify.annotations.Nullable;

/** There was no agreement about TLS. Python: {@code aiohttp.ClientConnectorSSLError}. */
public class ClientConnectorSslException extends ClientSslException {
    private static final long serialVersionUID = 1L;

    /**
     * With all there is to say.
     *
     * @param host the host that was to be reached
     * @param port its port
     * @param message what happened
     * @param cause what it was noticed by
     */
    public ClientConnectorSslException(String host, int port, @Nullable String message, @Nullable Throwable cause) {
        super(host, port, message, cause);
    }
}
