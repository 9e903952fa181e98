package asyncio.http;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The response is to blame: its status, or a head that is not HTTP, which counts as status 400. Python:
 * {@code aiohttp.ClientResponseError}.
 */
public class ClientResponseException extends ClientException {
    private static final long serialVersionUID = 2L;
    private static final int LONGEST_REASON = 300;

    /** The status code. */
    private final int status;
    /** The reason, or what was wrong. */
    private final String reason;
    /** The URL. */
    private final String url;
    /** The headers; lost when serialized. */
    private final transient HttpHeaders headers;
    /** The request; lost when serialized. */
    private final transient @Nullable RequestInfo requestInfo;
    /** The redirects that led here; lost when serialized. */
    private final transient List<ClientResponse> history;

    /**
     * With all there is to say but the request.
     *
     * @param status the status code
     * @param reason the words behind the status code, or what was wrong
     * @param url the URL that was asked for
     * @param headers the headers of the response
     */
    public ClientResponseException(int status, String reason, String url, HttpHeaders headers) {
        this(null, List.of(), status, reason, url, headers);
    }

    /**
     * With all there is to say.
     *
     * @param requestInfo what was asked for
     * @param history the responses that redirected to this one, the first one first
     * @param status the status code
     * @param reason the words behind the status code, or what was wrong
     * @param headers the headers of the response
     */
    public ClientResponseException(
            RequestInfo requestInfo, List<ClientResponse> history, int status, String reason, HttpHeaders headers) {
        this(requestInfo, history, status, reason, requestInfo.realUrl(), headers);
    }

    private ClientResponseException(
            @Nullable RequestInfo requestInfo,
            List<ClientResponse> history,
            int status,
            String reason,
            String url,
            HttpHeaders headers) {
        super(status + (reason.isEmpty() ? "" : ", " + shortened(reason)) + ", url: " + url);
        this.requestInfo = requestInfo;
        this.history = List.copyOf(history);
        this.status = status;
        this.reason = reason;
        this.url = url;
        this.headers = headers;
    }

    private static String shortened(String reason) {
        return reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON) + "…";
    }

    /** The status code. */
    public int status() {
        return status;
    }

    /** The words behind the status code, or what was wrong. Python: {@code message}. */
    public String reason() {
        return reason;
    }

    /** The URL that was asked for. */
    public String url() {
        return url;
    }

    /** The headers of the response; none where its head was malformed. */
    public HttpHeaders headers() {
        return headers;
    }

    /** What was asked for; null where that is not known. Python: {@code request_info}. */
    public @Nullable RequestInfo requestInfo() {
        return requestInfo;
    }

    /** The responses that redirected to this one, the first one first. Python: {@code history}. */
    public List<ClientResponse> history() {
        return history;
    }
}
