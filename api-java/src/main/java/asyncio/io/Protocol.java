package asyncio.io;

/**
 * Hears what a stream of bytes brings. Python: {@code asyncio.Protocol}.
 *
 * <pre>{@code
 * connectionMade  dataReceived*  eofReceived?  connectionLost
 * }</pre>
 */
public interface Protocol extends BaseProtocol<Transport> {

    /**
     * Some bytes have come, which belong to the protocol now; their borders mean nothing. Python:
     * {@code data_received}.
     */
    default void dataReceived(byte[] data) throws Exception {}

    /**
     * The other side sends no more. Python: {@code eof_received}.
     *
     * @return whether the transport stays open, so that this side can still write; otherwise it closes itself. Over TLS
     *     it closes in any case
     */
    default boolean eofReceived() throws Exception {
        return false;
    }
}
