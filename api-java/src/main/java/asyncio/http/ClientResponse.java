package asyncio.http;

import asyncio.CheckReturnValue;
import asyncio.Coroutine;
import java.nio.charset.Charset;
import java.util.OptionalLong;

/**
 * The response to a request: its head is there, its body comes when awaited. Python: {@code aiohttp.ClientResponse}.
 *
 * <p>A body that was received to its end gives the connection back by itself. One that nobody reads holds it: close the
 * response, best with try-with-resources.
 */
public interface ClientResponse extends AutoCloseable {

    /** The method of the request. */
    String method();

    /** The URL that was asked for, encoded as it was sent, without a fragment. Python: {@code url}. */
    String url();

    /** The status code, such as 200. */
    int status();

    /** The words behind the status code; possibly empty. Python: {@code reason}. */
    String reason();

    /** Whether the status is below 400. */
    boolean ok();

    /** The headers. */
    HttpHeaders headers();

    /**
     * The media type in {@code Content-Type}, in lower case and without parameters; {@code application/octet-stream}
     * where there is none. Python: {@code content_type}.
     */
    String contentType();

    /**
     * What {@code Content-Length} says; empty where the length is not known beforehand. Python: {@code content_length}.
     */
    OptionalLong contentLength();

    /**
     * The whole body; a body that was read before is given again, as the same array. If the waiting task is cancelled,
     * the connection is closed. Python: {@code await response.read()}.
     *
     * <p>Awaiting it raises {@link ClientPayloadException} if the body ended too early, was malformed or is larger than
     * {@link ClientSession.Builder#maxBodySize}; {@link ClientConnectionException} if the connection broke, or if the
     * response or the session was closed; {@link asyncio.TimeoutException} and {@link SocketTimeoutException} as
     * {@link ClientTimeout} says; {@link IllegalStateException} if another task is reading this body.
     */
    @CheckReturnValue
    Coroutine<byte[]> read();

    /**
     * {@link #read()} as text, in the charset that {@code Content-Type} names; UTF-8 where it names none, or one that
     * is not known here. Malformed input becomes U+FFFD. Python: {@code await response.text()}.
     */
    @CheckReturnValue
    Coroutine<String> text();

    /** {@link #text()} in this charset, whatever the headers say. Python: {@code response.text(encoding)}. */
    @CheckReturnValue
    Coroutine<String> text(Charset charset);

    /**
     * Refuses a status of 400 and above. A response that is refused is also {@linkplain #release() released}: what was
     * not read before cannot be read afterwards. Python: {@code raise_for_status}.
     *
     * @return this response
     * @throws ClientResponseException if the status is 400 or above
     */
    ClientResponse raiseForStatus();

    /**
     * Ends the use of the response. A connection that has received the whole body is kept for the next request; one
     * that has not is closed. May be called again. Python: {@code release}.
     */
    void release();

    /** {@link #release()}. */
    @Override
    default void close() {
        release();
    }
}
