package asyncio.http;

import asyncio.CheckReturnValue;
import asyncio.spi.HttpProvider;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.function.Function;

/**
 * Sends HTTP requests and keeps the connections for the next ones. A program makes one and uses it for all its
 * requests. Python: {@code aiohttp.ClientSession}.
 *
 * <pre>{@code
 * run(() -> {
 *     try (var session = ClientSession.create();
 *          var response = await(session.get("http://localhost:8080/flags/kr.gif"))) {
 *         var image = await(response.read());
 *         …
 *     }
 * });
 * }</pre>
 *
 * <p>A session belongs to the loop in which it was made: it, its requests and its responses may be used only by code
 * that runs in that loop, or while the loop is not running.
 */
public interface ClientSession extends AutoCloseable {

    /**
     * A session with the default settings.
     *
     * @throws IllegalStateException if no loop runs here
     */
    static ClientSession create() {
        return builder().build();
    }

    /**
     * One request with a session of its own, whose connection is closed behind it. Whoever sends a second one makes a
     * session instead. Python: {@code aiohttp.request(method, url)}.
     *
     * <pre>{@code
     * try (var response = await(ClientSession.requestOnce("GET", "http://localhost:8080/flags/kr.gif"))) {
     *     …
     * }
     * }</pre>
     *
     * @throws IllegalArgumentException if the method is not a token, or is CONNECT
     * @throws IllegalStateException if no loop runs here
     */
    @CheckReturnValue
    static ClientRequest requestOnce(String method, String url) {
        return HttpProvider.get().requestOnce(method, url);
    }

    /** Settings for a session, all of them at their defaults. */
    static Builder builder() {
        return HttpProvider.get().clientSession();
    }

    /**
     * A GET request; nothing is sent before it is awaited. Python: {@code session.get(url)}.
     *
     * @param url an {@code http} or {@code https} URL, or one relative to {@link Builder#baseUrl}. Characters that may
     *     not stand in a URL are percent-encoded; what is encoded already stays as it is. The fragment is not sent
     */
    @CheckReturnValue
    ClientRequest get(String url);

    /** {@link #get} with the method POST. Python: {@code session.post(url)}. */
    @CheckReturnValue
    ClientRequest post(String url);

    /** {@link #get} with the method PUT. Python: {@code session.put(url)}. */
    @CheckReturnValue
    ClientRequest put(String url);

    /** {@link #get} with the method PATCH. Python: {@code session.patch(url)}. */
    @CheckReturnValue
    ClientRequest patch(String url);

    /** {@link #get} with the method DELETE. Python: {@code session.delete(url)}. */
    @CheckReturnValue
    ClientRequest delete(String url);

    /** {@link #get} with the method HEAD; follows no redirects unless told to. Python: {@code session.head(url)}. */
    @CheckReturnValue
    ClientRequest head(String url);

    /** {@link #get} with the method OPTIONS. Python: {@code session.options(url)}. */
    @CheckReturnValue
    ClientRequest options(String url);

    /**
     * {@link #get} with any method, which is put into upper case. Python: {@code session.request(method, url)}.
     *
     * @throws IllegalArgumentException if the method is not a token, or is CONNECT
     */
    @CheckReturnValue
    ClientRequest request(String method, String url);

    /** The cookies of this session. Python: {@code cookie_jar}. */
    CookieJar cookieJar();

    /** What connects for this session. Python: {@code connector}. */
    Connector connector();

    /** How long requests may take. Python: {@code timeout}. */
    ClientTimeout timeout();

    /**
     * The headers that all requests get; changes count for the requests that are made from then on. Python:
     * {@code headers}.
     */
    MutableHttpHeaders headers();

    /**
     * A WebSocket; nothing is sent before it is awaited, or entered with {@code with}. Python:
     * {@code session.ws_connect(url)}.
     *
     * @param url a {@code ws}, {@code wss}, {@code http} or {@code https} URL, or one relative to
     *     {@link Builder#baseUrl}
     */
    @CheckReturnValue
    WebSocketRequest wsConnect(String url);

    /** Whether {@link #close()} was called. Python: {@code session.closed}. */
    boolean closed();

    /**
     * Closes all connections, unless they are those of a {@linkplain Builder#connector connector} that was given and is
     * not {@linkplain Builder#connectorOwner owned}. Requests in flight on them, and bodies that are still being
     * received, end with {@link ClientConnectionException}; bodies that are there already can still be read. May be
     * called again. Python: {@code await session.close()}; here there is nothing to wait for.
     *
     * <p>A session that is not closed when its loop ends is reported to the loop's exception handler, and closed.
     */
    @Override
    void close();

    /** The settings of a session. Python: the arguments of {@code ClientSession} and of its {@code TCPConnector}. */
    @CheckReturnValue
    interface Builder {

        /**
         * What relative URLs are resolved against, by the rules of RFC 3986; its path must end with {@code /}. Python:
         * {@code base_url}.
         *
         * @param url an absolute {@code http} or {@code https} URL
         * @throws InvalidUrlException if it cannot be parsed, is relative, or if its path ends otherwise
         * @throws NonHttpUrlException if its scheme is another one
         */
        Builder baseUrl(String url);

        /**
         * Adds a header to every request; one of the same name on a request replaces it. A proxy does not get them.
         * Python: {@code headers}.
         *
         * @throws IllegalArgumentException if the name is not a token, or if the value has control characters in it
         */
        Builder header(String name, String value);

        /** How long requests may take; {@link ClientTimeout#DEFAULT} unless set. Python: {@code timeout}. */
        Builder timeout(ClientTimeout timeout);

        /** Goes without these of the headers that are sent by themselves. Python: {@code skip_auto_headers}. */
        Builder skipAutoHeaders(String... names);

        /**
         * Names headers whose values are secrets: a redirect to another origin drops them, whoever set them.
         * {@code Authorization}, {@code Proxy-Authorization}, {@code Cookie} and what has {@code token},
         * {@code secret}, {@code api-key}, {@code apikey}, {@code password}, {@code credential} or {@code auth} in its
         * name is dropped in any case; aiohttp drops only the first three.
         */
        Builder secretHeaders(String... names);

        /**
         * Sends user and password with all requests to the origin of {@link #baseUrl}; without a base URL, to the
         * origin of each request, but not on to where a redirect leads. Python: {@code auth}, which goes to every
         * origin.
         *
         * @throws IllegalArgumentException if there is a colon in the user's name
         */
        Builder basicAuth(String user, String password);

        /** Where cookies are kept; {@link CookieJar#create()} unless set. Python: {@code cookie_jar}. */
        Builder cookieJar(CookieJar jar);

        /**
         * Adds a cookie that goes to the host of {@link #baseUrl}. Python: {@code cookies}, which go to every host.
         *
         * @throws IllegalStateException from {@link #build} if there is no base URL
         */
        Builder cookie(String name, String value);

        /**
         * What connects, instead of a connector of the session's own; it may be shared by sessions of the same loop.
         * Python: {@code connector}.
         */
        Builder connector(Connector connector);

        /**
         * Whether {@link #close} also closes a connector that was given; false unless set. Python:
         * {@code connector_owner}.
         */
        Builder connectorOwner(boolean connectorOwner);

        /**
         * How many connections may be in use at once; further requests wait, first come, first served. 100 unless set,
         * 0 for any number. For the session's own connector. Python: {@code limit}.
         *
         * @throws IllegalArgumentException if it is negative
         */
        Builder limit(int connections);

        /**
         * How many connections to the same scheme, host and port may be in use at once; 0, any number, unless set. For
         * the session's own connector. Python: {@code limit_per_host}.
         *
         * @throws IllegalArgumentException if it is negative
         */
        Builder limitPerHost(int connections);

        /**
         * How long an idle connection is kept for the next request; 15 s unless set, zero to keep none. For the
         * session's own connector. Python: {@code keepalive_timeout}.
         *
         * @throws IllegalArgumentException if it is negative
         */
        Builder keepAlive(Duration idle);

        /** How TLS is spoken, for the session's own connector. Python: {@code ssl}. */
        Builder tls(Tls tls);

        /** The proxy that all requests go through. Python: {@code proxy}. */
        Builder proxy(Proxy proxy);

        /** {@link #proxy(Proxy)} by its URL, such as {@code http://user:password@proxy.example:3128}. */
        Builder proxy(String url);

        /**
         * Whether the environment is asked for a proxy where neither session nor request name one, and {@code ~/.netrc}
         * for passwords; false unless set. Python: {@code trust_env}.
         *
         * <p>The variables are {@code HTTP_PROXY}, {@code HTTPS_PROXY}, {@code WS_PROXY} and {@code WSS_PROXY}, each
         * for the URLs of its scheme, and {@code ALL_PROXY} for those without one; aiohttp does not know that last one.
         * Their values are URLs as {@link Proxy#of} takes them, or host and port of an HTTP proxy. {@code NO_PROXY}
         * lists what is connected to directly: names, which stand for their subdomains too, IP addresses and networks
         * ({@code 10.0.0.0/8}), each of them perhaps with a port, or {@code *}. In lower case the variables go first. A
         * request ends with {@link IllegalArgumentException} if the value of its variable is malformed.
         */
        Builder trustEnv(boolean trustEnv);

        /** What runs around each sending, the outermost first. Python: {@code middlewares}. */
        Builder middlewares(ClientMiddleware... middlewares);

        /** Hears what happens to requests; may be called several times. Python: {@code trace_configs}. */
        Builder trace(TraceConfig trace);

        /** Whether a status of 400 and above is raised; false unless set. Python: {@code raise_for_status}. */
        Builder raiseForStatus(boolean raiseForStatus);

        /** Has each response looked at before its user gets it. Python: {@code raise_for_status=callable}. */
        Builder raiseForStatus(ResponseCheck check);

        /** Reads and writes JSON; {@link JsonCodec#standard()} unless set. Python: {@code json_serialize}. */
        Builder json(JsonCodec codec);

        /**
         * Has requests answered by this instead of servers, for tests. Such a session has no connector, and needs no
         * loop on Vert.x: it also works in virtual time.
         */
        Builder transport(MockTransport transport);

        /**
         * Whether bodies are decoded as their {@code Content-Encoding} says; true unless set. Python:
         * {@code auto_decompress}.
         */
        Builder autoDecompress(boolean autoDecompress);

        /**
         * The charset of bodies that name none, or one that is not known here; UTF-8 unless set. Python:
         * {@code fallback_charset_resolver}.
         */
        Builder fallbackCharset(Function<? super ClientResponse, ? extends Charset> charset);

        /**
         * How many bytes of a body {@link ClientResponse#read()} and {@link ClientResponse#text()} take at most, after
         * decoding; more is a {@link ClientPayloadException}. 64 MiB unless set, 0 for any number.
         * {@link ClientResponse#content()} has no such limit. aiohttp knows none at all.
         *
         * @throws IllegalArgumentException if it is negative
         */
        Builder maxBodySize(long bytes);

        /**
         * How much of a body is received before somebody reads it; beyond twice as much the connection is not read any
         * more. 256 KiB unless set. Python: {@code read_bufsize}.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        Builder readBufferSize(int bytes);

        /**
         * How long the status line of a response may be; 8190 bytes unless set. Python: {@code max_line_size}.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        Builder maxLineSize(int bytes);

        /**
         * How long a header of a response may be, name and value; 8190 bytes unless set. Python:
         * {@code max_field_size}.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        Builder maxFieldSize(int bytes);

        /**
         * Whether responses of HTTP/1.1 may have lines that end with LF alone, and headers that go on in a second line,
         * which begins with a blank. Off unless set: a proxy on the way may read such a response otherwise, and take a
         * part of it for the next one. For devices and scripts that cannot be changed. aiohttp takes both always.
         */
        Builder lenientParsing(boolean on);

        /**
         * How many headers and trailers a response may have; 128 unless set. Python: {@code max_headers}.
         *
         * @throws IllegalArgumentException if it is not positive
         */
        Builder maxHeaders(int headers);

        /**
         * The session, belonging to the running loop.
         *
         * @throws IllegalStateException if no loop runs here, or if settings of a connector of the session's own go
         *     together with a connector that was given
         */
        ClientSession build();
    }
}
