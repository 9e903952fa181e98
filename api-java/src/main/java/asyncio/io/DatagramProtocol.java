package asyncio.io;

import java.io.IOException;
import java.net.SocketAddress;

/** Hears of datagrams. Python: {@code asyncio.DatagramProtocol}. */
public interface DatagramProtocol extends BaseProtocol<DatagramTransport> {

    /** A datagram has come; it may be empty. Python: {@code datagram_received}. */
    default void datagramReceived(byte[] data, SocketAddress addr) throws Exception {}

    /** Sending or receiving has failed; the transport goes on. Python: {@code error_received}. */
    default void errorReceived(IOException error) throws Exception {}
}
