package asyncio.spi;

import asyncio.Action;
import asyncio.Coroutine;
import asyncio.io.Datagram;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What stands behind {@link asyncio.io.Sockets}; each method is the implementation of the one of that name there. */
public interface IoSockets {

    /** {@link asyncio.io.Sockets#addReader}. */
    void addReader(SelectableChannel channel, Action callback);

    /** {@link asyncio.io.Sockets#removeReader}. */
    boolean removeReader(SelectableChannel channel);

    /** {@link asyncio.io.Sockets#addWriter}. */
    void addWriter(SelectableChannel channel, Action callback);

    /** {@link asyncio.io.Sockets#removeWriter}. */
    boolean removeWriter(SelectableChannel channel);

    /** {@link asyncio.io.Sockets#sockRecv}. */
    Coroutine<byte[]> sockRecv(SocketChannel sock, int n);

    /** {@link asyncio.io.Sockets#sockRecvInto}. */
    Coroutine<Integer> sockRecvInto(SocketChannel sock, ByteBuffer buf);

    /** {@link asyncio.io.Sockets#sockRecvfrom}. */
    Coroutine<Datagram> sockRecvfrom(DatagramChannel sock, int bufsize);

    /** {@link asyncio.io.Sockets#sockRecvfromInto}. */
    Coroutine<SocketAddress> sockRecvfromInto(DatagramChannel sock, ByteBuffer buf);

    /** {@link asyncio.io.Sockets#sockSendall}. */
    Coroutine<@Nullable Void> sockSendall(SocketChannel sock, byte[] data);

    /** {@link asyncio.io.Sockets#sockSendto}. */
    Coroutine<Integer> sockSendto(DatagramChannel sock, byte[] data, SocketAddress address);

    /** {@link asyncio.io.Sockets#sockConnect}. */
    Coroutine<@Nullable Void> sockConnect(SocketChannel sock, SocketAddress address);

    /** {@link asyncio.io.Sockets#sockAccept}. */
    Coroutine<SocketChannel> sockAccept(ServerSocketChannel sock);

    /** {@link asyncio.io.Sockets#sockSendfile}. */
    Coroutine<Long> sockSendfile(SocketChannel sock, Path file, long offset, long count);
}
