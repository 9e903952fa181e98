package asyncio.http;

import java.util.Objects;

/**
 * What was asked for, as it was sent. Python: {@code aiohttp.RequestInfo}.
 *
 * @param url the URL without a fragment
 * @param method the method, in upper case
 * @param headers the headers of the request; among them may be secrets, which is why {@link #toString()} leaves them
 *     out
 * @param realUrl the URL with its fragment, if it has one. Python: {@code real_url}
 */
public record RequestInfo(String url, String method, HttpHeaders headers, String realUrl) {

    /**
     * What was asked for.
     *
     * @throws NullPointerException if one of them is null
     */
    public RequestInfo {
        Objects.requireNonNull(url, "url");
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(headers, "headers");
        Objects.requireNonNull(realUrl, "realUrl");
    }

    @Override
    public String toString() {
        return "<RequestInfo " + method + " " + realUrl + ">";
    }
}
