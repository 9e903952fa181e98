package asyncio.http;

import asyncio.AsyncContextManager;
import asyncio.CancelledError;
import asyncio.CheckReturnValue;
import asyncio.Coroutine;
import asyncio.TimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket that is not open yet. Awaiting it opens it; as an {@code async with} block it is opened before the block
 * and closed after it. Python: what {@code session.ws_connect(…)} returns.
 *
 * <pre>{@code
 * with(session.wsConnect("wss://example.com/chat").heartbeat(ofSeconds(30)), ws -> {
 *     await(ws.sendStr("Hello"));
 *     for (var message : each(ws)) {
 *         System.out.println(message.text());
 *     }
 * });
 * }</pre>
 *
 * <p>Its methods change this object and return it; they raise {@link IllegalStateException} if it was awaited. Like a
 * coroutine it can be awaited once.
 */
@CheckReturnValue
public interface WebSocketRequest extends Coroutine<ClientWebSocket>, AsyncContextManager<ClientWebSocket> {

    /**
     * What may be spoken on the WebSocket, the best first; {@link ClientWebSocket#protocol()} tells what the server
     * chose. One that was not asked for is a {@link WSServerHandshakeException} (RFC 6455, 4.1). Python:
     * {@code protocols}.
     *
     * @throws IllegalArgumentException if one is not a token, or there twice
     */
    WebSocketRequest protocols(String... protocols);

    /**
     * Adds a header to the handshake. The first one of a name replaces the session's headers of that name. Python:
     * {@code headers}.
     *
     * @throws IllegalArgumentException if the name is not a token, or belongs to the handshake, or if the value has
     *     control characters in it
     */
    WebSocketRequest header(String name, String value);

    /** Adds a parameter to the query of the URL, encoded. Python: {@code params}. */
    WebSocketRequest param(String name, String value);

    /**
     * Sends a cookie with the handshake, besides those of the session's jar. Python: a {@code Cookie} header.
     *
     * @throws IllegalArgumentException if it cannot be sent
     */
    WebSocketRequest cookie(String name, String value);

    /** Says who asks: {@link ClientRequest#basicAuth}. Python: {@code auth}. */
    WebSocketRequest basicAuth(String user, String password);

    /** Says who asks: {@link ClientRequest#bearerAuth}. Python: the header {@code Authorization}. */
    WebSocketRequest bearerAuth(String token);

    /** The web page, so to speak, that asks for the WebSocket: the header {@code Origin}. Python: {@code origin}. */
    WebSocketRequest origin(String origin);

    /**
     * Offers to compress messages, with permessage-deflate (RFC 7692); off unless set. Python: {@code compress}.
     *
     * @param windowBits how much memory the server may use for it, from 9 to 15, the exponent of a power of two; 0 for
     *     no compression
     * @throws IllegalArgumentException if it is another number
     */
    WebSocketRequest compress(int windowBits);

    /** {@link #compress(int)} with 15, or 0. Python: {@code compress=15}. */
    default WebSocketRequest compress(boolean compress) {
        return compress(compress ? 15 : 0);
    }

    /**
     * How many bytes a message may have, inflated; a larger one is an {@code ERROR} message, with the code
     * {@link WSCloseCode#MESSAGE_TOO_BIG}. 4 MiB unless set, 0 for what an array can hold. Python:
     * {@code max_msg_size}.
     *
     * @throws IllegalArgumentException if it is negative
     */
    WebSocketRequest maxMessageSize(int bytes);

    /**
     * After how long a silence the server is pinged; if nothing comes for half that time, the connection is closed, and
     * an {@code ERROR} message with a {@link ServerTimeoutException} says so. Never, unless set; zero for never.
     * Python: {@code heartbeat}.
     *
     * @throws IllegalArgumentException if it is negative
     */
    WebSocketRequest heartbeat(Duration silence);

    /**
     * How long {@link ClientWebSocket#receive()} waits for a message; any time unless set, or if it is zero. Python:
     * {@code timeout=ClientWSTimeout(ws_receive=…)}.
     *
     * @throws IllegalArgumentException if it is negative
     */
    WebSocketRequest receiveTimeout(Duration limit);

    /**
     * How long {@link ClientWebSocket#close()} waits for the server's answer; 10 s unless set, zero for any time.
     * Python: {@code timeout=ClientWSTimeout(ws_close=…)}.
     *
     * @throws IllegalArgumentException if it is negative
     */
    WebSocketRequest closeTimeout(Duration limit);

    /** Whether receiving a {@code CLOSE} answers it, and closes; true unless set. Python: {@code autoclose}. */
    WebSocketRequest autoClose(boolean autoClose);

    /**
     * Whether pings are answered, and neither they nor pongs are received as messages; true unless set. They are
     * answered when they come in, whether or not the program is receiving. Python: {@code autoping}.
     */
    WebSocketRequest autoPing(boolean autoPing);

    /**
     * Whether {@code TEXT} messages are decoded, and refused if they are not UTF-8; true unless set. Otherwise their
     * bytes are received as they are. Python: {@code decode_text}.
     */
    WebSocketRequest decodeText(boolean decodeText);

    /**
     * How long the handshake may take, redirects included; zero for any time. The session's {@code total} unless set.
     * Python: the session's {@code timeout}.
     *
     * @throws IllegalArgumentException if it is negative
     */
    WebSocketRequest timeout(Duration total);

    /**
     * How long the parts of the handshake may take, instead of what the session says. Python: the session's
     * {@code timeout}.
     */
    WebSocketRequest timeout(ClientTimeout timeout);

    /** Goes through this proxy: {@link ClientRequest#proxy(String)}. Python: {@code proxy}. */
    WebSocketRequest proxy(String url);

    /** Goes through this proxy: {@link ClientRequest#proxy(Proxy)}. Python: {@code proxy}. */
    WebSocketRequest proxy(@Nullable Proxy proxy);

    /** Whom to trust: {@link ClientRequest#tls}. Python: {@code ssl}. */
    WebSocketRequest tls(Tls tls);

    /**
     * The name that the certificate must have: {@link ClientRequest#serverHostname}. Python: {@code server_hostname}.
     */
    WebSocketRequest serverHostname(String name);

    /** What stands around the handshake: {@link ClientRequest#middlewares}. aiohttp uses those of the session. */
    WebSocketRequest middlewares(ClientMiddleware... middlewares);

    /**
     * Opens the WebSocket. If the waiting task is cancelled, the connection is closed.
     *
     * @throws InvalidUrlException if the URL cannot be parsed or has no host
     * @throws NonHttpUrlException if its scheme is none of {@code ws}, {@code wss}, {@code http} and {@code https}
     * @throws ClientConnectorException if no connection could be made
     * @throws ClientConnectionException if the connection broke, or if the session was closed meanwhile
     * @throws WSServerHandshakeException if the server did not agree, or not by the rules
     * @throws ClientResponseException if what the server sent is not HTTP
     * @throws ServerTimeoutException if one of the limits in {@link ClientTimeout} but {@code total} was reached
     * @throws TimeoutException if {@code total} was reached
     * @throws CancelledError if the waiting task was cancelled
     * @throws IllegalStateException if the session is closed, if the request was awaited before, if the session belongs
     *     to another loop, or if called outside a coroutine
     */
    @Override
    ClientWebSocket doAwait();
}
