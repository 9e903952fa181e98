package asyncio.http;

import java.util.List;

/** The server did not agree to a WebSocket, or not by the rules. Python: {@code aiohttp.WSServerHandshakeError}. */
public class WSServerHandshakeException extends ClientResponseException {
    private static final long serialVersionUID = 1L;

    /**
     * With all there is to say.
     *
     * @param requestInfo the request
     * @param history the redirects before it
     * @param status the status code
     * @param reason what was wrong
     * @param headers the headers of the response
     */
    public WSServerHandshakeException(
            RequestInfo requestInfo, List<ClientResponse> history, int status, String reason, HttpHeaders headers) {
        super(requestInfo, history, status, reason, headers);
    }
}
