package asyncio.io;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** A transport of datagrams. Python: {@code asyncio.DatagramTransport}. */
public interface DatagramTransport extends BaseTransport {

    /**
     * Sends a datagram, which may be empty; a copy of {@code data} is kept until then. What goes wrong is told to
     * {@link DatagramProtocol#errorReceived}. Python: {@code sendto}.
     *
     * @param addr where to; null for the remote address of the endpoint
     * @throws IllegalArgumentException if there is none, or if it is another one than that of the endpoint
     */
    void sendto(byte[] data, @Nullable SocketAddress addr);

    /** {@link #sendto(byte[], SocketAddress)} to the remote address of the endpoint. */
    default void sendto(byte[] data) {
        sendto(data, null);
    }

    /** Closes at once; what waits to be sent is lost. Python: {@code abort}. */
    void abort();

    /** How many bytes wait to be sent. Python: {@code get_write_buffer_size}. */
    int getWriteBufferSize();

    /** {@link WriteTransport#setWriteBufferLimits(int, int)}. Python: {@code set_write_buffer_limits}. */
    void setWriteBufferLimits(int high, int low);

    /** {@link WriteTransport#getWriteBufferLimits}. Python: {@code get_write_buffer_limits}. */
    WriteBufferLimits getWriteBufferLimits();
}
