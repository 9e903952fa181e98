package asyncio.http;

import org.jspecify.annotations.Nullable;

/**
 * The other side of a WebSocket broke the rules, or sent too much; it was told so, and the connection is closed. Comes
 * in a message of the type {@link WSMsgType#ERROR}. Python: {@code aiohttp.WebSocketError}.
 */
public class WebSocketException extends ClientException {
    private static final long serialVersionUID = 1L;

    /** The close code. */
    private final int code;

    /**
     * With what the other side is told.
     *
     * @param code the close code, such as {@link WSCloseCode#PROTOCOL_ERROR}
     * @param message what was wrong
     */
    public WebSocketException(int code, String message) {
        this(code, message, null);
    }

    /**
     * With a cause.
     *
     * @param code the close code, such as {@link WSCloseCode#PROTOCOL_ERROR}
     * @param message what was wrong
     * @param cause what it was noticed by
     */
    public WebSocketException(int code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    /** The close code that the other side was told. */
    public int code() {
        return code;
    }
}
