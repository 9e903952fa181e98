package asyncio.http;

import java.util.List;

/**
 * The body is of another type than what it was to be read as, such as an HTML page where JSON was expected. Python:
 * {@code aiohttp.ContentTypeError}.
 */
public class ContentTypeException extends ClientResponseException {
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
    public ContentTypeException(
            RequestInfo requestInfo, List<ClientResponse> history, int status, String reason, HttpHeaders headers) {
        super(requestInfo, history, status, reason, headers);
    }
}
