package asyncio.io;

import asyncio.CheckReturnValue;
import asyncio.Coroutine;
import asyncio.spi.IoProvider;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Opens sockets for datagrams (UDP) that are read and written by coroutines. asyncio has none of that kind. */
public final class Datagrams {
    private Datagrams() {}

    /**
     * A socket that receives at {@code local}.
     *
     * <p>Awaiting it raises {@link java.net.BindException} if the address is taken.
     */
    @CheckReturnValue
    public static Coroutine<DatagramStream> bind(SocketAddress local) {
        return open(local, null, DatagramOptions.NONE);
    }

    /** A socket that sends to {@code remote} and receives from there. */
    @CheckReturnValue
    public static Coroutine<DatagramStream> connect(SocketAddress remote) {
        return open(null, remote, DatagramOptions.NONE);
    }

    /** {@link #bind} and {@link #connect} with settings. */
    @CheckReturnValue
    public static Coroutine<DatagramStream> open(
            @Nullable SocketAddress local, @Nullable SocketAddress remote, DatagramOptions options) {
        return IoProvider.get().network().openDatagrams(local, remote, options);
    }
}
