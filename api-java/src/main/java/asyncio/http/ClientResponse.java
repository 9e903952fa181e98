package asyncio.http;

import asyncio.CheckReturnValue;
import asyncio.Coroutine;
import java.lang.reflect.Type;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The response to a request: its head is there, its body comes when awaited. Python: {@code aiohttp.ClientResponse}.
 *
 * <p>A body that was received to its end gives the connection back by itself. One that nobody reads holds it: close the
 * response, best with try-with-resources.
 */
public interface ClientResponse extends AutoCloseable {

    /** The method of the request that it answers, which a redirect may have changed. */
    String method();

    /** The URL that was asked for, the last one of all redirects, without a fragment. Python: {@code url}. */
    String url();

    /** {@link #url()} with the fragment that the user gave. Python: {@code real_url}. */
    String realUrl();

    /** The host of the URL. */
    String host();

    /** The protocol: {@code HTTP/1.0}, {@code HTTP/1.1} or {@code HTTP/2}. Python: {@code version}. */
    String version();

    /** The status code, such as 200. */
    int status();

    /** The words behind the status code; possibly empty. Python: {@code reason}. */
    String reason();

    /** Whether the status is below 400. */
    boolean ok();

    /** The headers. */
    HttpHeaders headers();

    /** What came behind the body; none before its end, and usually. aiohttp does not show it. */
    HttpHeaders trailers();

    /**
     * The media type in {@code Content-Type}, in lower case and without parameters; {@code application/octet-stream}
     * where there is none. Python: {@code content_type}.
     */
    String contentType();

    /** The charset that {@code Content-Type} names; null where it names none. Python: {@code charset}. */
    @Nullable
    String charset();

    /**
     * The charset in which {@link #text()} reads the body: what {@code Content-Type} names, if it is known here; else
     * UTF-8, or what the session's {@code fallbackCharset} says. Python: {@code get_encoding()}.
     */
    Charset getEncoding();

    /**
     * What {@code Content-Length} says; null where the length is not known beforehand. Python: {@code content_length}.
     */
    @Nullable
    Long contentLength();

    /** What {@code Content-Disposition} says; null if there is none. Python: {@code content_disposition}. */
    default @Nullable ContentDisposition contentDisposition() {
        return ContentDisposition.parse(headers().get("Content-Disposition"));
    }

    /** The cookies that this very response sets. Python: {@code cookies}. */
    List<Cookie> cookies();

    /**
     * What the {@code Link} headers say: absolute URLs by their {@code rel}, or by themselves where they have none.
     * Python: {@code links}.
     */
    Map<String, List<Link>> links();

    /** The responses that led here by redirects, the first one first; they are released. Python: {@code history}. */
    List<ClientResponse> history();

    /** The request that it answers. Python: {@code request_info}. */
    RequestInfo requestInfo();

    /**
     * The body as a stream, for what is large or never ends. Reading from it and {@link #read()} do not go together.
     * Python: {@code content}.
     */
    StreamReader content();

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
     * {@link #read()} as text, in the {@link #getEncoding()}. Malformed input becomes U+FFFD. Python: {@code await
     * response.text()}, which raises then.
     */
    @CheckReturnValue
    Coroutine<String> text();

    /** {@link #text()} in this charset, whatever the headers say. Python: {@code response.text(encoding)}. */
    @CheckReturnValue
    Coroutine<String> text(Charset charset);

    /**
     * {@link #read()} as what its JSON says: Map, List, String, number, Boolean or null; null also for an empty body.
     * The type of the response has to be {@code application/json} or {@code application/…+json}. Python: {@code await
     * response.json()}.
     *
     * <p>Awaiting it raises {@link ContentTypeException} if the type is another one, and {@link JsonDecodeException} if
     * the body is not JSON.
     */
    @CheckReturnValue
    Coroutine<@Nullable Object> json();

    /** {@link #json()} as an object of this class. */
    @CheckReturnValue
    <T> Coroutine<T> json(Class<T> type);

    /** {@link #json()} as an object of a type with type arguments: {@code new TypeRef<List<User>>() {}}. */
    @CheckReturnValue
    <T extends @Nullable Object> Coroutine<T> json(TypeRef<T> type);

    /**
     * {@link #json()} as an object of this type, if the response is of this content type. Python:
     * {@code response.json(content_type=…)}.
     *
     * @param contentType null for any
     */
    @CheckReturnValue
    <T extends @Nullable Object> Coroutine<T> json(Type type, @Nullable String contentType);

    /**
     * Refuses a status of 400 and above. A response that is refused is also {@linkplain #release() released}, unless it
     * is in the hands of {@code with(request, response -> …)}: what was not read before cannot be read afterwards.
     * Python: {@code raise_for_status}.
     *
     * @return this response
     * @throws ClientResponseException if the status is 400 or above
     */
    ClientResponse raiseForStatus();

    /** How many bytes of the request's body were handed to the connection. Python: {@code output_size}. */
    long outputSize();

    /**
     * Waits until the request's body is sent, or given up; a server may answer before it has all of it. Python:
     * {@code await response.upload_complete}.
     *
     * @return whether all of it was sent
     */
    @CheckReturnValue
    Coroutine<Boolean> uploadComplete();

    /** Whether the response holds no connection any more. Python: {@code closed}. */
    boolean closed();

    /**
     * Ends the use of the response. A connection that has received the whole body is kept for the next request; one
     * that has not is closed. May be called again. Python: {@code release}.
     */
    void release();

    /** Waits until nothing of this response is on its way any more. Python: {@code wait_for_close}. */
    @CheckReturnValue
    Coroutine<@Nullable Void> waitForClose();

    /** {@link #release()}. */
    @Override
    default void close() {
        release();
    }

    /**
     * One link of a {@code Link} header.
     *
     * @param url absolute
     * @param parameters all of them, {@code rel} included, names in lower case
     */
    record Link(String url, Map<String, String> parameters) {

        /** Copies. */
        public Link {
            parameters = Map.copyOf(parameters);
        }
    }
}
