package asyncio.http;

import asyncio.AsyncContextManager;
import asyncio.AsyncIterable;
import asyncio.CheckReturnValue;
import asyncio.Coroutine;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An open WebSocket. Python: {@code aiohttp.ClientWebSocketResponse}.
 *
 * <p>Going through it gives its messages until it is closed:
 *
 * <pre>{@code
 * with(session.wsConnect("wss://example.com/chat"), ws -> {
 *     for (var message : each(ws)) {
 *         await(ws.sendStr("You said " + message.text()));
 *     }
 * });
 * }</pre>
 *
 * <p>Any number of tasks may send, one at a time may receive. It belongs to the loop of its session. Messages that
 * nobody receives are kept, up to 128 KiB; then the connection is not read until somebody does. Closing the session
 * closes it too: the server is told {@link WSCloseCode#GOING_AWAY}, but its answer is not waited for.
 *
 * <p>As an {@code async with} block it is closed after the block.
 */
public interface ClientWebSocket extends AsyncIterable<WSMessage>, AsyncContextManager<ClientWebSocket> {

    /** Whether it is closed, and there is no more to receive. Python: {@code closed}. */
    boolean closed();

    /**
     * Why it was closed: the code of the server's {@code CLOSE}, the code that the server was told after an error, or
     * {@link WSCloseCode#ABNORMAL_CLOSURE} if the connection was lost or the server did not answer a close. Null while
     * it is open. Python: {@code close_code}.
     */
    @Nullable
    Integer closeCode();

    /** The one of the {@linkplain WebSocketRequest#protocols protocols} that the server chose; null for none. */
    @Nullable
    String protocol();

    /** The window bits of the compression that was agreed upon; 0 for none. Python: {@code compress}. */
    int compress();

    /**
     * Whether each message is compressed for itself, without regard to the ones before. Python:
     * {@code client_notakeover}.
     */
    boolean clientNotakeover();

    /** What went wrong; null if nothing did. Python: {@code exception()}. */
    @Nullable
    Throwable exception();

    /** {@link #ping(byte[])} with nothing in it. */
    @CheckReturnValue
    Coroutine<@Nullable Void> ping();

    /**
     * Sends a ping; what the server answers is not waited for. Python: {@code await ws.ping(message)}.
     *
     * @param message what the server has to send back, at most 125 bytes, or else awaiting it raises
     *     {@link IllegalArgumentException}; for more see {@link #sendStr(String)}
     */
    @CheckReturnValue
    Coroutine<@Nullable Void> ping(byte[] message);

    /** {@link #pong(byte[])} with nothing in it. */
    @CheckReturnValue
    Coroutine<@Nullable Void> pong();

    /**
     * Sends a pong, which nobody has to have asked for. Python: {@code await ws.pong(message)}.
     *
     * @param message what the ping said, at most 125 bytes, or else awaiting it raises
     *     {@link IllegalArgumentException}; for more see {@link #sendStr(String)}
     */
    @CheckReturnValue
    Coroutine<@Nullable Void> pong(byte[] message);

    /**
     * Sends text. Where much has been sent and the server is slow to take it, the task waits until some of it is gone;
     * a cancellation then does not take the message back. Python: {@code await ws.send_str(data)}.
     *
     * <p>Awaiting it raises {@link ClientConnectionResetException} if the WebSocket is closed, or if the connection
     * breaks meanwhile, and {@link IllegalArgumentException} if half of a surrogate pair is missing.
     */
    @CheckReturnValue
    Coroutine<@Nullable Void> sendStr(String data);

    /**
     * {@link #sendStr(String)}, compressed or not; aiohttp takes window bits there.
     *
     * @param compress false to send this message as it is; true changes nothing where no compression was agreed upon
     */
    @CheckReturnValue
    Coroutine<@Nullable Void> sendStr(String data, boolean compress);

    /**
     * Sends bytes, which may not be changed before it has been awaited; for more see {@link #sendStr(String)}. Python:
     * {@code await ws.send_bytes(data)}.
     */
    @CheckReturnValue
    Coroutine<@Nullable Void> sendBytes(byte[] data);

    /**
     * {@link #sendBytes(byte[])}, compressed or not.
     *
     * @param compress false to send this message as it is; true changes nothing where no compression was agreed upon
     */
    @CheckReturnValue
    Coroutine<@Nullable Void> sendBytes(byte[] data, boolean compress);

    /**
     * Sends a value as JSON, in a {@code TEXT} message; see {@link JsonCodec} and {@link #sendStr(String)}. Python:
     * {@code await ws.send_json(data)}.
     *
     * <p>Awaiting it raises {@link IllegalArgumentException} if it cannot be written as JSON.
     */
    @CheckReturnValue
    Coroutine<@Nullable Void> sendJson(@Nullable Object value);

    /** {@link #sendJson}, in a {@code BINARY} message. Python: {@code await ws.send_json_bytes(data)}. */
    @CheckReturnValue
    Coroutine<@Nullable Void> sendJsonBytes(@Nullable Object value);

    /**
     * Sends a frame of any kind, except {@code CLOSE}, {@code CONTINUATION} and what is not sent: those raise
     * {@link IllegalArgumentException}. Python: {@code await ws.send_frame(message, opcode)}.
     *
     * @param message its payload; UTF-8 for {@code TEXT}, which is not checked
     */
    @CheckReturnValue
    Coroutine<@Nullable Void> sendFrame(byte[] message, WSMsgType opcode);

    /** {@link #close(int, String)} with {@link WSCloseCode#OK} and no reason. */
    @CheckReturnValue
    Coroutine<Boolean> close();

    /**
     * Closes: tells the server, and waits for its answer as long as {@link WebSocketRequest#closeTimeout} allows.
     * Messages that come meanwhile, or were not received yet, are lost. A task that is receiving gets a {@code CLOSING}
     * message. However it ends, the connection is closed then. Python: {@code await ws.close(code=…, message=…)}.
     *
     * @param code one of {@link WSCloseCode} that may be sent, or from 3000 to 4999
     * @param message the reason, at most 123 bytes in UTF-8; with another code or a longer reason awaiting it raises
     *     {@link IllegalArgumentException}
     * @return whether this call closed it; false if it was closed before
     */
    @CheckReturnValue
    Coroutine<Boolean> close(int code, String message);

    /** {@link #receive(Duration)} with the limit of {@link WebSocketRequest#receiveTimeout}. */
    @CheckReturnValue
    Coroutine<WSMessage> receive();

    /**
     * The next message. Python: {@code await ws.receive(timeout)}.
     *
     * <p>{@code CLOSE} is the last message of the server; {@code ERROR} tells that the server broke the rules, or is
     * not heard of any more; {@code CLOSING} that another task is closing. After them, and after the connection was
     * lost, every call gives {@code CLOSED}.
     *
     * <p>Awaiting it raises {@link asyncio.TimeoutException} if none came in time, and {@link IllegalStateException} if
     * another task is receiving. Neither these nor a cancellation loses a message or closes the WebSocket.
     *
     * @param timeout how long to wait; zero for any time
     */
    @CheckReturnValue
    Coroutine<WSMessage> receive(Duration timeout);

    /**
     * The next message, which has to be text. Python: {@code await ws.receive_str()}.
     *
     * <p>Awaiting it raises {@link WSMessageTypeException} if it is something else, a {@code CLOSE} included; apart
     * from that it is {@link #receive()}.
     */
    @CheckReturnValue
    Coroutine<String> receiveStr();

    /** {@link #receiveStr()} with a limit as in {@link #receive(Duration)}. */
    @CheckReturnValue
    Coroutine<String> receiveStr(Duration timeout);

    /**
     * The next message, which has to be bytes. Python: {@code await ws.receive_bytes()}.
     *
     * <p>Awaiting it raises {@link WSMessageTypeException} if it is something else, a {@code CLOSE} included; apart
     * from that it is {@link #receive()}.
     */
    @CheckReturnValue
    Coroutine<byte[]> receiveBytes();

    /** {@link #receiveBytes()} with a limit as in {@link #receive(Duration)}. */
    @CheckReturnValue
    Coroutine<byte[]> receiveBytes(Duration timeout);

    /**
     * The next message, which has to be text, and JSON; see {@link JsonCodec}. Python: {@code await ws.receive_json()}.
     *
     * <p>Awaiting it raises what {@link #receiveStr()} raises, and {@link JsonDecodeException} if the text is not JSON,
     * or not of this type.
     */
    @CheckReturnValue
    <T> Coroutine<T> receiveJson(Class<T> type);

    /** {@link #receiveJson(Class)} for a type with type arguments. */
    @CheckReturnValue
    <T extends @Nullable Object> Coroutine<T> receiveJson(TypeRef<T> type);

    /** {@link #receiveJson(Class)} with a limit as in {@link #receive(Duration)}. */
    @CheckReturnValue
    <T> Coroutine<T> receiveJson(Class<T> type, Duration timeout);

    /** {@link #receiveJson(TypeRef)} with a limit as in {@link #receive(Duration)}. */
    @CheckReturnValue
    <T extends @Nullable Object> Coroutine<T> receiveJson(TypeRef<T> type, Duration timeout);
}
