package asyncio.http;

import org.jspecify.annotations.Nullable;

/** A Unix domain socket could not be connected to. Python: {@code aiohttp.UnixClientConnectorError}. */
public class UnixClientConnectorException extends ClientConnectorException {
    private static final long serialVersionUID = 1L;

    /** The path. */
    private final String path;

    /**
     * With all there is to say.
     *
     * @param path the path of the socket
     * @param host the host of the URL
     * @param port its port
     * @param message what happened
     * @param cause what it was noticed by
     */
    public UnixClientConnectorException(
            String path, String host, int port, @Nullable String message, @Nullable Throwable cause) {
        super(host, port, message, cause);
        this.path = path;
    }

    /** The path of the socket. */
    public String path() {
        return path;
    }
}
