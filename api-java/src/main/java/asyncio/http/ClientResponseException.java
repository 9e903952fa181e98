package asyncio.http;

/**
 * The response is to blame: its status, or a head that is not HTTP, which counts as status 400. Python:
 * {@code aiohttp.ClientResponseError}.
 */
public class ClientResponseException extends ClientException {
    private static final long serialVersionUID = 1L;

    /** The status code. */
    private final int status;
    /** The reason, or what was wrong. */
    private final String reason;
    /** The URL. */
    private final String url;
    /** The headers; lost when serialized. */
    private final transient HttpHeaders headers;

    /**
     * With all there is to say.
     *
     * @param status the status code
     * @param reason the words behind the status code, or what was wrong
     * @param url the URL that was asked for
     * @param headers the headers of the response
     */
    public ClientResponseException(int status, String reason, String url, HttpHeaders headers) {
        super(status + (reason.isEmpty() ? "" : ", " + reason) + ", url: " + url);
        this.status = status;
        this.reason = reason;
        this.url = url;
        this.headers = headers;
    }

    /** The status code. */
    public int status() {
        return status;
    }

    /** The words behind the status code, or what was wrong. Python: {@code message}. */
    public String reason() {
        return reason;
    }

    /** The URL that was asked for, without a fragment. */
    public String url() {
        return url;
    }

    /** The headers of the response; none where its head was malformed. */
    public HttpHeaders headers() {
        return headers;
    }
}
