package asyncio.http;

import asyncio.AsyncContextManager;
import asyncio.AsyncIterable;
import asyncio.CancelledError;
import asyncio.CheckReturnValue;
import asyncio.Coroutine;
import asyncio.TimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A request that has not been sent yet. Awaiting it sends it, and gives the response as soon as its head is there; the
 * body is awaited in turn. {@code with(session.get(url), response -> …)} does so too, and closes the response. Python:
 * what {@code session.get(…)} returns.
 *
 * <p>Its methods change this object and return it; once it was awaited they raise {@link IllegalStateException}. Like a
 * coroutine it can be awaited once. What is not said here is as the session has it.
 */
@CheckReturnValue
public interface ClientRequest extends Coroutine<ClientResponse>, AsyncContextManager<ClientResponse> {

    // ---- headers, query, cookies

    /**
     * Adds a header. The first one of a name replaces the session's headers of that name, and the one that would be
     * sent by itself. Python: {@code headers}.
     *
     * @throws IllegalArgumentException if the name is not a token, if the value has control characters in it, or if it
     *     is {@code Content-Length} or {@code Transfer-Encoding}, which follow from the body
     */
    ClientRequest header(String name, String value);

    /** {@link #header(String, String)} for each entry. */
    ClientRequest headers(Map<String, String> headers);

    /** Goes without these of the headers that are sent by themselves. Python: {@code skip_auto_headers}. */
    ClientRequest skipAutoHeaders(String... names);

    /** Adds a parameter to the query of the URL, encoded; not sent again after a redirect. Python: {@code params}. */
    ClientRequest param(String name, String value);

    /** {@link #param(String, String)} for each entry. */
    ClientRequest params(Map<String, String> params);

    /**
     * Adds a cookie for this request; it goes before one of the same name in the jar, and is dropped when a redirect
     * leads to another origin. Python: {@code cookies}.
     *
     * @throws IllegalArgumentException if it could not be sent
     */
    ClientRequest cookie(String name, String value);

    /**
     * Sends user and password with this request, and with the redirects that stay at its origin. Python: {@code auth}.
     *
     * @throws IllegalArgumentException if there is a colon in the user's name
     */
    ClientRequest basicAuth(String user, String password);

    /** Sends {@code Authorization: Bearer …}, and to no other origin. */
    ClientRequest bearerAuth(String token);

    // ---- the body

    /** Sends these bytes; they must not be changed until the response is there. Python: {@code data=bytes}. */
    ClientRequest body(byte[] bytes);

    /** Sends this body, and closes it in the end. Python: {@code data=payload}. */
    ClientRequest body(Payload payload);

    /** Sends text as UTF-8, {@code text/plain}. Python: {@code data=str}. */
    ClientRequest text(String text);

    /**
     * Sends a value as JSON, written by the session's {@link JsonCodec} at once. Python: {@code json}.
     *
     * @throws IllegalArgumentException if it cannot be written
     */
    ClientRequest json(@Nullable Object value);

    /** Sends a form as {@code application/x-www-form-urlencoded}. Python: {@code data=dict}. */
    ClientRequest form(Map<String, String> fields);

    /** {@link #form(Map)} where a name may come more than once. Python: {@code data=[(name, value)]}. */
    ClientRequest form(Collection<? extends Map.Entry<String, String>> fields);

    /**
     * Sends a form as {@code multipart/form-data}.
     *
     * <pre>{@code session.post(url).multipart(form -> form.field("title", "x").file("image", path))}</pre>
     *
     * Python: {@code data=FormData()}.
     */
    ClientRequest multipart(Consumer<FormData> form);

    /** Sends a file, read in the default executor as the connection takes it. Python: {@code data=open(…, "rb")}. */
    ClientRequest file(Path path);

    /**
     * Sends what comes out of an async generator or another async iterable, as the connection takes it, chunked. It can
     * be sent only once: a redirect that would send it again fails. Python: {@code data=generator()}.
     */
    ClientRequest stream(AsyncIterable<byte[]> portions);

    /** Hears how much of the body was sent. Python: {@code response.output_size}. */
    ClientRequest uploadProgress(UploadProgress progress);

    /**
     * Compresses the body: {@code gzip} or {@code deflate}, or {@code br} and {@code zstd} where they are available. An
     * empty body stays as it is. Python: {@code compress}.
     *
     * @throws IllegalArgumentException if the coding is not known here
     */
    ClientRequest compress(String coding);

    /** Sends the body chunked even if its length is known. Python: {@code chunked}. */
    ClientRequest chunked(boolean chunked);

    /**
     * Sends the body only when the server asks for it with status 100. If it answers something else the body is not
     * sent, and the connection is closed. Python: {@code expect100}.
     */
    ClientRequest expect100(boolean expect100);

    // ---- how it is sent

    /** Whether redirects are followed; true but for HEAD. Python: {@code allow_redirects}. */
    ClientRequest allowRedirects(boolean allowRedirects);

    /**
     * How many redirects are followed before {@link TooManyRedirectsException}; 10 unless set. Python:
     * {@code max_redirects}, which follows one less, and takes 0 for any number.
     *
     * @throws IllegalArgumentException if it is negative
     */
    ClientRequest maxRedirects(int redirects);

    /**
     * How long it may take from the await to the end of the body; zero for any time. The other limits stay those of the
     * session. Python: {@code timeout=seconds}.
     *
     * @throws IllegalArgumentException if it is negative
     */
    ClientRequest timeout(Duration total);

    /** How long it may take, instead of what the session says. Python: {@code timeout=ClientTimeout(…)}. */
    ClientRequest timeout(ClientTimeout timeout);

    /**
     * Whether a status of 400 and above is raised when the response is there. Python: {@code raise_for_status}.
     *
     * @see ClientResponse#raiseForStatus()
     */
    ClientRequest raiseForStatus(boolean raiseForStatus);

    /** Has each response looked at before its user gets it. Python: {@code raise_for_status=callable}. */
    ClientRequest raiseForStatus(ResponseCheck check);

    /** Goes through this proxy, such as {@code http://user:password@proxy.example:3128}. Python: {@code proxy}. */
    ClientRequest proxy(String url);

    /** Goes through this proxy; null for none, whatever the session says. Python: {@code proxy}. */
    ClientRequest proxy(@Nullable Proxy proxy);

    /** How TLS is spoken, instead of what the connector says. Python: {@code ssl}. */
    ClientRequest tls(Tls tls);

    /**
     * The name that the server is asked for, and has to prove, instead of the URL's. Python: {@code server_hostname}.
     */
    ClientRequest serverHostname(String name);

    /**
     * Which middlewares handle it, instead of those of the session; none if there are none. Python:
     * {@code middlewares}.
     */
    ClientRequest middlewares(ClientMiddleware... middlewares);

    /** What {@link TraceConfig#newContext} gets. Python: {@code trace_request_ctx}. */
    ClientRequest traceContext(Object context);

    // ---- how the response is read

    /**
     * Whether a body is decoded as its {@code Content-Encoding} says; true unless set. Python: {@code auto_decompress}.
     */
    ClientRequest autoDecompress(boolean autoDecompress);

    /** See {@link ClientSession.Builder#maxBodySize}. */
    ClientRequest maxBodySize(long bytes);

    /** See {@link ClientSession.Builder#readBufferSize}. Python: {@code read_bufsize}. */
    ClientRequest readBufferSize(int bytes);

    /** See {@link ClientSession.Builder#maxLineSize}. Python: {@code max_line_size}. */
    ClientRequest maxLineSize(int bytes);

    /** See {@link ClientSession.Builder#maxFieldSize}. Python: {@code max_field_size}. */
    ClientRequest maxFieldSize(int bytes);

    /** See {@link ClientSession.Builder#maxHeaders}. Python: {@code max_headers}. */
    ClientRequest maxHeaders(int headers);

    /**
     * Sends the request and waits for the head of the response. If the waiting task is cancelled, the connection is
     * closed. A request whose kept connection turns out to have been closed by the server is sent once more, on a new
     * one, if that is safe: if the method is GET, HEAD, OPTIONS, TRACE, PUT or DELETE, and the body can be sent again.
     *
     * @throws InvalidUrlException if the URL cannot be parsed or has no host
     * @throws NonHttpUrlException if its scheme is neither {@code http} nor {@code https}
     * @throws ClientConnectorException if no connection could be made
     * @throws ClientConnectionException if the connection broke, if the body could not be sent, or if the session was
     *     closed meanwhile
     * @throws ClientPayloadException if a redirect wants a body again that can be sent only once
     * @throws ClientResponseException if what the server sent is not HTTP, if there were too many redirects, or if the
     *     status is to be raised
     * @throws ServerTimeoutException if one of the limits in {@link ClientTimeout} but {@code total} was reached
     * @throws TimeoutException if {@code total} was reached
     * @throws CancelledError if the waiting task was cancelled
     * @throws IllegalStateException if the session is closed, if the request was awaited before, if the session belongs
     *     to another loop, or if called outside a coroutine
     */
    @Override
    ClientResponse doAwait();
}
