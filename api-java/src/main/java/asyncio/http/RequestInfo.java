package asyncio.http;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What was asked for, as it was sent. Python: {@code aiohttp.RequestInfo}. */
public final class RequestInfo {
    private final String url;
    private final String method;
    private final HttpHeaders headers;
    private final String realUrl;

    private RequestInfo(String url, String method, HttpHeaders headers, String realUrl) {
        this.url = Objects.requireNonNull(url, "url");
        this.method = Objects.requireNonNull(method, "method");
        this.headers = Objects.requireNonNull(headers, "headers");
        this.realUrl = Objects.requireNonNull(realUrl, "realUrl");
    }

    /**
     * What was asked for. {@link ClientResponse#requestInfo()} gives it; this is for tests that make a response
     * themselves.
     *
     * @param url the URL without a fragment
     * @param method the method, in upper case
     * @param headers the headers of the request
     * @param realUrl the URL with its fragment, if it has one
     * @throws NullPointerException if one of them is null
     */
    public static RequestInfo of(String url, String method, HttpHeaders headers, String realUrl) {
        return new RequestInfo(url, method, headers, realUrl);
    }

    /** The URL without a fragment. */
    public String url() {
        return url;
    }

    /** The method, in upper case. */
    public String method() {
        return method;
    }

    /** The headers of the request; among them may be secrets, which is why {@link #toString()} leaves them out. */
    public HttpHeaders headers() {
        return headers;
    }

    /** The URL with its fragment, if it has one. Python: {@code real_url}. */
    public String realUrl() {
        return realUrl;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RequestInfo that
                && url.equals(that.url)
                && method.equals(that.method)
                && headers.equals(that.headers)
                && realUrl.equals(that.realUrl);
    }

    @Override
    public int hashCode() {
        return Objects.hash(url, method, headers, realUrl);
    }

    @Override
    public String toString() {
        return "<RequestInfo " + method + " " + realUrl + ">";
    }
}
