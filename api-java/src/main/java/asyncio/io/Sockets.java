package asyncio.io;

import asyncio.Action;
import asyncio.CheckReturnValue;
import asyncio.Coroutine;
import asyncio.spi.IoProvider;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Sockets of {@code java.nio} on the loop, for code that has them already. Python: {@code loop.sock_recv},
 * {@code loop.add_reader} and their kin.
 *
 * <p>The channels must not be blocking ({@code configureBlocking(false)}), else {@link IllegalArgumentException} is
 * thrown. Each call tries at once, and waits only if there is nothing to do. All of them belong to the loop that runs
 * the calling code, which has to be on NIO: with a native transport of Vert.x's they throw
 * {@link UnsupportedOperationException}.
 */
public final class Sockets {
    private Sockets() {}

    /**
     * Has {@code callback} run each time when {@code channel} has something to read, or to accept; a second one
     * replaces the first. Python: {@code loop.add_reader}.
     */
    public static void addReader(SelectableChannel channel, Action callback) {
        IoProvider.get().network().sockets().addReader(channel, callback);
    }

    /** Takes the callback away, and says whether there was one. Python: {@code loop.remove_reader}. */
    public static boolean removeReader(SelectableChannel channel) {
        return IoProvider.get().network().sockets().removeReader(channel);
    }

    /**
     * Has {@code callback} run each time when {@code channel} has room to write, or is connected; a second one replaces
     * the first. Python: {@code loop.add_writer}.
     */
    public static void addWriter(SelectableChannel channel, Action callback) {
        IoProvider.get().network().sockets().addWriter(channel, callback);
    }

    /** Takes the callback away, and says whether there was one. Python: {@code loop.remove_writer}. */
    public static boolean removeWriter(SelectableChannel channel) {
        return IoProvider.get().network().sockets().removeWriter(channel);
    }

    /** At most {@code n} bytes, after waiting for at least one; nothing at the end. Python: {@code loop.sock_recv}. */
    @CheckReturnValue
    public static Coroutine<byte[]> sockRecv(SocketChannel sock, int n) {
        return IoProvider.get().network().sockets().sockRecv(sock, n);
    }

    /**
     * Puts what comes into {@code buf}, after waiting for at least one byte. Python: {@code loop.sock_recv_into}.
     *
     * @return how many bytes; 0 at the end
     */
    @CheckReturnValue
    public static Coroutine<Integer> sockRecvInto(SocketChannel sock, ByteBuffer buf) {
        return IoProvider.get().network().sockets().sockRecvInto(sock, buf);
    }

    /** The next datagram, cut off after {@code bufsize} bytes. Python: {@code loop.sock_recvfrom}. */
    @CheckReturnValue
    public static Coroutine<Datagram> sockRecvfrom(DatagramChannel sock, int bufsize) {
        return IoProvider.get().network().sockets().sockRecvfrom(sock, bufsize);
    }

    /**
     * Puts the next datagram into {@code buf}; what there is no room for is lost. Python:
     * {@code loop.sock_recvfrom_into}.
     *
     * @return where it came from
     */
    @CheckReturnValue
    public static Coroutine<SocketAddress> sockRecvfromInto(DatagramChannel sock, ByteBuffer buf) {
        return IoProvider.get().network().sockets().sockRecvfromInto(sock, buf);
    }

    /** Sends all of {@code data}. If it is cancelled, a part may have been sent. Python: {@code loop.sock_sendall}. */
    @CheckReturnValue
    public static Coroutine<@Nullable Void> sockSendall(SocketChannel sock, byte[] data) {
        return IoProvider.get().network().sockets().sockSendall(sock, data);
    }

    /** Sends a datagram, and gives its size. Python: {@code loop.sock_sendto}. */
    @CheckReturnValue
    public static Coroutine<Integer> sockSendto(DatagramChannel sock, byte[] data, SocketAddress address) {
        return IoProvider.get().network().sockets().sockSendto(sock, data, address);
    }

    /** Connects {@code sock}. Python: {@code loop.sock_connect}. */
    @CheckReturnValue
    public static Coroutine<@Nullable Void> sockConnect(SocketChannel sock, SocketAddress address) {
        return IoProvider.get().network().sockets().sockConnect(sock, address);
    }

    /** The next connection, as a channel that does not block. Python: {@code loop.sock_accept}. */
    @CheckReturnValue
    public static Coroutine<SocketChannel> sockAccept(ServerSocketChannel sock) {
        return IoProvider.get().network().sockets().sockAccept(sock);
    }

    /**
     * Sends a part of a file. Python: {@code loop.sock_sendfile}.
     *
     * @param offset where to begin
     * @param count how many bytes at the most; -1 for all
     * @return how many were sent
     */
    @CheckReturnValue
    public static Coroutine<Long> sockSendfile(SocketChannel sock, Path file, long offset, long count) {
        return IoProvider.get().network().sockets().sockSendfile(sock, file, offset, count);
    }
}
