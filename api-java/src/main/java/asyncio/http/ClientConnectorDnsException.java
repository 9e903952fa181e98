package asyncio.http;

import org.jspecify.annotations.Nullable;

/** The name of a host could not be resolved. Python: {@code aiohttp.ClientConnectorDNSError}. */
public class ClientConnectorDnsException extends ClientConnectorException {
    private static final long serialVersionUID = 1L;

    /**
     * With all there is to say.
     *
     * @param host the host that was to be reached
     * @param port its port
     * @param message what happened
     * @param cause what it was noticed by
     */
    public ClientConnectorDnsException(String host, int port, @Nullable String message, @Nullable Throwable cause) {
        super(host, port, message, cause);
    }
}
