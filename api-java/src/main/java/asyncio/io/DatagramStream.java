package asyncio.io;

import asyncio.AsyncContextManager;
import asyncio.AsyncIterable;
import asyncio.CheckReturnValue;
import asyncio.Coroutine;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A socket for datagrams that is read and written by coroutines.
 *
 * <p>What has come and was not received waits here, up to {@link DatagramOptions#withReceiveQueue} datagrams; then the
 * newest are dropped, as the network does. To go through it is to receive until it is closed.
 */
public interface DatagramStream extends AutoCloseable, AsyncIterable<Datagram>, AsyncContextManager<DatagramStream> {

    /**
     * The next datagram.
     *
     * <p>Awaiting it raises {@link java.io.IOException} if receiving or an earlier sending has failed, such as
     * {@link java.net.PortUnreachableException}; and {@link java.nio.channels.ClosedChannelException} after
     * {@link #close()}.
     */
    @CheckReturnValue
    Coroutine<Datagram> receive();

    /** Sends to {@code address}, and waits while too much waits to be sent. */
    @CheckReturnValue
    Coroutine<@Nullable Void> send(byte[] data, SocketAddress address);

    /** Sends to the remote address. */
    @CheckReturnValue
    Coroutine<@Nullable Void> send(byte[] data);

    /** The address of this side. */
    SocketAddress localAddress();

    /** The remote address, or null. */
    @Nullable
    SocketAddress remoteAddress();

    /** How many datagrams were dropped because nobody received them in time. */
    long dropped();

    /** Closes the socket. */
    @Override
    void close();
}
