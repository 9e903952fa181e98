package asyncio.http;

import org.jspecify.annotations.Nullable;

/**
 * The server's certificate was refused: nobody vouches for it, it is out of date, or it was made for another host.
 * Python: {@code aiohttp.ClientConnectorCertificateError}.
 */
public class ClientConnectorCertificateException extends ClientSslException {
    private static final long serialVersionUID = 1L;

    /**
     * With all there is to say.
     *
     * @param host the host that was to be reached
     * @param port its port
     * @param message what happened
     * @param cause what it was noticed by
     */
    public ClientConnectorCertificateException(
            String host, int port, @Nullable String message, @Nullable Throwable cause) {
        super(host, port, message, cause);
    }
}
