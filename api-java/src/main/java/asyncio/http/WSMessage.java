package asyncio.http;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What {@link ClientWebSocket#receive()} gives. Python: {@code aiohttp.WSMessage}. */
public final class WSMessage {
    private final WSMsgType type;
    private final @Nullable Object data;
    private final @Nullable String extra;

    private WSMessage(WSMsgType type, @Nullable Object data, @Nullable String extra) {
        this.type = Objects.requireNonNull(type, "type");
        this.data = data;
        this.extra = extra;
    }

    /**
     * A message. WebSockets make them; this is for tests that compare with one.
     *
     * @param type what it is
     * @param data see {@link #data()}; it is not checked that it fits to the type
     * @param extra the reason, possibly empty, for {@code CLOSE}; null for everything else
     */
    public static WSMessage of(WSMsgType type, @Nullable Object data, @Nullable String extra) {
        return new WSMessage(type, data, extra);
    }

    /** What it is. */
    public WSMsgType type() {
        return type;
    }

    /**
     * A String for {@code TEXT} (a {@code byte[]} with {@link WebSocketRequest#decodeText} off), a {@code byte[]} for
     * {@code BINARY}, {@code PING} and {@code PONG}, the Integer code for {@code CLOSE}, the exception for
     * {@code ERROR}, null for {@code CLOSING} and {@code CLOSED}.
     */
    public @Nullable Object data() {
        return data;
    }

    /** The reason, possibly empty, for {@code CLOSE}; null for everything else. */
    public @Nullable String extra() {
        return extra;
    }

    /**
     * The text of a {@code TEXT} message. Python: {@code message.data}.
     *
     * @throws WSMessageTypeException if it is something else, or if it was not decoded
     *     ({@link WebSocketRequest#decodeText})
     */
    public String text() {
        if (data instanceof String text) {
            return text;
        }
        if (type == WSMsgType.TEXT) {
            throw new WSMessageTypeException(
                    "Received message " + this + " was not decoded, as decodeText(false) wants it: bytes() gives it");
        }
        throw new WSMessageTypeException("Received message " + this + " is not text");
    }

    /**
     * The bytes of a {@code BINARY}, {@code PING} or {@code PONG} message, or of a {@code TEXT} that was not decoded;
     * not a copy. Python: {@code message.data}.
     *
     * @throws WSMessageTypeException if it is something else
     */
    public byte[] bytes() {
        if (data instanceof byte[] bytes) {
            return bytes;
        }
        throw new WSMessageTypeException("Received message " + this + " is not bytes");
    }

    /**
     * Why the other side closes: one of {@link WSCloseCode}, or a code from 3000 to 4999; {@link WSCloseCode#NO_STATUS}
     * if it gave none. Python: {@code message.data} of a {@code CLOSE}.
     *
     * @throws WSMessageTypeException if it is something else
     */
    public int closeCode() {
        if (data instanceof Integer code) {
            return code;
        }
        throw new WSMessageTypeException("Received message " + this + " is not CLOSE");
    }

    /**
     * What went wrong. Python: {@code message.data} of an {@code ERROR}.
     *
     * @throws WSMessageTypeException if it is something else
     */
    public Throwable exception() {
        if (data instanceof Throwable exception) {
            return exception;
        }
        throw new WSMessageTypeException("Received message " + this + " is not ERROR");
    }

    /** Compares bytes by what they are, too. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof WSMessage message
                && type == message.type
                && Objects.deepEquals(data, message.data)
                && Objects.equals(extra, message.extra);
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(new @Nullable Object[] {type, data, extra});
    }

    /** Its type and, but for content that may be long or secret, its data. */
    @Override
    public String toString() {
        if (data instanceof String text) {
            return type + "[" + text.length() + " chars]";
        }
        if (data instanceof byte[] bytes) {
            return type + "[" + bytes.length + " bytes]";
        }
        return type + (data == null ? "" : "[" + data + (extra == null ? "" : ", \"" + extra + "\"") + "]");
    }
}
