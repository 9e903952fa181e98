package asyncio.http;

/**
 * The proxy refused to make a tunnel to the server; status and headers are what it answered. Python:
 * {@code aiohttp.ClientHttpProxyError}.
 */
public class ClientHttpProxyException extends ClientResponseException {
    private static final long serialVersionUID = 1L;

    /**
     * With what the proxy answered.
     *
     * @param status the status code
     * @param reason the words behind it
     * @param url the proxy's URL, without user and password
     * @param headers the headers
     */
    public ClientHttpProxyException(int status, String reason, String url, HttpHeaders headers) {
        super(status, reason, url, headers);
    }
}
