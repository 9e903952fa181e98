package asyncio.http;

import java.util.List;

/**
 * A server redirected more often than the request allows. {@link #history()} has the responses that did. Python:
 * {@code aiohttp.TooManyRedirects}.
 */
public class TooManyRedirectsException extends ClientResponseException {
    private static final long serialVersionUID = 1L;

    /**
     * With all there is to say.
     *
     * @param requestInfo what was asked for
     * @param history the responses that redirected to this one, the first one first
     * @param status the status code
     * @param reason what was wrong
     * @param headers the headers of the response
     */
    public TooManyRedirectsException(
            RequestInfo requestInfo, List<ClientResponse> history, int status, String reason, HttpHeaders headers) {
        super(requestInfo, history, status, reason, headers);
    }
}
