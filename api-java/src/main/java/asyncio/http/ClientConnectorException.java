package asyncio.http;

import org.jspecify.annotations.Nullable;

/** A connection could not be made. Python: {@code aiohttp.ClientConnectorError}. */
public class ClientConnectorException extends ClientOSException {
    private static final long serialVersionUID = 1L;

    /** The host. */
    private final String host;
    /** The port. */
    private final int port;

    /**
     * With all there is to say.
     *
     * @param host the host that was to be reached
     * @param port its port
     * @param message what happened
     * @param cause what it was noticed by
     */
    public ClientConnectorException(String host, int port, @Nullable String message, @Nullable Throwable cause) {
        super(message, cause);
        this.host = host;
        this.port = port;
    }

    /** The host that was to be reached. */
    public String host() {
        return host;
    }

    /** Its port. */
    public int port() {
        return port;
    }
}
