package asyncio.http;

/** What a {@link WSMessage} is. Python: {@code aiohttp.WSMsgType}. */
public enum WSMsgType {
    /** A further fragment of a message. Received messages are whole: it never comes in. */
    CONTINUATION(0x0),
    /** Text, in UTF-8 on the wire. */
    TEXT(0x1),
    /** Bytes. */
    BINARY(0x2),
    /** The other side closes. */
    CLOSE(0x8),
    /** The other side asks for a sign of life. */
    PING(0x9),
    /** A sign of life. */
    PONG(0xA),
    /** Not sent by anybody: another task of this program is closing. */
    CLOSING(0x100),
    /** Not sent by anybody: there is nothing more to come. */
    CLOSED(0x101),
    /** Not sent by anybody: something went wrong, and the connection is closed. */
    ERROR(0x102);

    /** What it is on the wire. */
    private final int value;

    WSMsgType(int value) {
        this.value = value;
    }

    /** The opcode on the wire; from 0x100 on for what is not sent. */
    public int value() {
        return value;
    }
}
