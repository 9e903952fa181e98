package asyncio.http;

/**
 * Why a WebSocket is closed, by RFC 6455. Codes from 3000 to 3999 are registered by libraries, those from 4000 to 4999
 * are free for programs of one's own. Python: {@code aiohttp.WSCloseCode}.
 */
public final class WSCloseCode {
    /** All is done. */
    public static final int OK = 1000;
    /** A server goes down, or a user leaves. */
    public static final int GOING_AWAY = 1001;
    /** The other side breaks the rules of the protocol. */
    public static final int PROTOCOL_ERROR = 1002;
    /** Text was sent where bytes are expected, or the like. */
    public static final int UNSUPPORTED_DATA = 1003;
    /** The other side gave no code. Never sent. aiohttp has a 0 there. */
    public static final int NO_STATUS = 1005;
    /** The connection broke. Never sent. */
    public static final int ABNORMAL_CLOSURE = 1006;
    /** Text that is not UTF-8, or the like. */
    public static final int INVALID_TEXT = 1007;
    /** A rule of the application was broken, and there is no better code for it. */
    public static final int POLICY_VIOLATION = 1008;
    /** A message is too large. */
    public static final int MESSAGE_TOO_BIG = 1009;
    /** The client needs an extension that the server does not have. */
    public static final int MANDATORY_EXTENSION = 1010;
    /** The server ran into something unexpected. */
    public static final int INTERNAL_ERROR = 1011;
    /** The server restarts: come again, but not all at once. */
    public static final int SERVICE_RESTART = 1012;
    /** The server has too much to do: come again later, or go elsewhere. */
    public static final int TRY_AGAIN_LATER = 1013;
    /** What the server itself asked answered badly. */
    public static final int BAD_GATEWAY = 1014;

    private WSCloseCode() {}
}
