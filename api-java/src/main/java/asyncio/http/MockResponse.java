package asyncio.http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a {@link MockTransport} answers. Immutable: the methods give another one. */
public final class MockResponse {
    private final int status;
    private final String reason;
    private final List<Map.Entry<String, String>> headers;
    private final @Nullable Payload body;
    private final Duration delay;

    private MockResponse(
            int status,
            String reason,
            List<Map.Entry<String, String>> headers,
            @Nullable Payload body,
            Duration delay) {
        if (status < 200 || status > 999) {
            throw new IllegalArgumentException("A response has a status from 200 to 999, not " + status);
        }
        if (delay.isNegative()) {
            throw new IllegalArgumentException("A delay cannot be negative: " + delay);
        }
        this.status = status;
        this.reason = Objects.requireNonNull(reason, "reason");
        this.headers = List.copyOf(headers);
        this.body = body;
        this.delay = delay;
    }

    /** 200, without a body. */
    public static MockResponse ok() {
        return status(200);
    }

    /**
     * This status with its usual words, without a body.
     *
     * @throws IllegalArgumentException if it is not one of 200 to 999
     */
    public static MockResponse status(int status) {
        return new MockResponse(status, reasonOf(status), Collections.emptyList(), null, Duration.ZERO);
    }

    /** 200 with this body. */
    public static MockResponse body(Payload body) {
        return ok().withBody(body);
    }

    /** 200 with these bytes. */
    public static MockResponse bytes(byte[] body) {
        return body(Payload.ofBytes(body));
    }

    /** 200 with this text, in UTF-8. */
    public static MockResponse text(String body) {
        return body(Payload.ofText(body));
    }

    /** 200 with this value as JSON. */
    public static MockResponse json(@Nullable Object value) {
        return body(Payload.ofJson(value));
    }

    /**
     * A redirect there.
     *
     * @throws IllegalArgumentException if the status is not one of 200 to 999
     */
    public static MockResponse redirect(int status, String location) {
        return status(status).withHeader("Location", location);
    }

    /**
     * The same with another status and its usual words.
     *
     * @throws IllegalArgumentException if it is not one of 200 to 999
     */
    public MockResponse withStatus(int status) {
        return new MockResponse(status, reasonOf(status), headers, body, delay);
    }

    /** The same with other words behind the status. */
    public MockResponse withReason(String reason) {
        return new MockResponse(status, reason, headers, body, delay);
    }

    /** The same with one more header. */
    public MockResponse withHeader(String name, String value) {
        var more = new ArrayList<>(headers);
        more.add(Map.entry(name, value));
        return new MockResponse(status, reason, more, body, delay);
    }

    /** The same with another body; null for none. */
    public MockResponse withBody(@Nullable Payload body) {
        return new MockResponse(status, reason, headers, body, delay);
    }

    /**
     * The same that takes so long, on the loop's clock.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public MockResponse withDelay(Duration delay) {
        return new MockResponse(status, reason, headers, body, delay);
    }

    /** The status code. */
    public int status() {
        return status;
    }

    /** The words behind the status code. */
    public String reason() {
        return reason;
    }

    /**
     * The headers, a name as often as it comes. {@code Content-Type} and {@code Content-Length} come from the body
     * unless they are here.
     */
    public List<Map.Entry<String, String>> headers() {
        return headers;
    }

    /** The body; null for none. A {@linkplain Payload#replayable() replayable} one can be sent several times. */
    public @Nullable Payload body() {
        return body;
    }

    /** How long the response takes, on the loop's clock. */
    public Duration delay() {
        return delay;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof MockResponse that
                && status == that.status
                && reason.equals(that.reason)
                && headers.equals(that.headers)
                && Objects.equals(body, that.body)
                && delay.equals(that.delay);
    }

    @Override
    public int hashCode() {
        return Objects.hash(status, reason, headers, body, delay);
    }

    @Override
    public String toString() {
        return "MockResponse[status=" + status + ", reason=" + reason + ", headers=" + headers + ", body=" + body
                + ", delay=" + delay + "]";
    }

    private static String reasonOf(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 201 -> "Created";
            case 202 -> "Accepted";
            case 204 -> "No Content";
            case 206 -> "Partial Content";
            case 301 -> "Moved Permanently";
            case 302 -> "Found";
            case 303 -> "See Other";
            case 304 -> "Not Modified";
            case 307 -> "Temporary Redirect";
            case 308 -> "Permanent Redirect";
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 408 -> "Request Timeout";
            case 409 -> "Conflict";
            case 410 -> "Gone";
            case 413 -> "Content Too Large";
            case 422 -> "Unprocessable Content";
            case 429 -> "Too Many Requests";
            case 500 -> "Internal Server Error";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            case 504 -> "Gateway Timeout";
            default -> "";
        };
    }
}
