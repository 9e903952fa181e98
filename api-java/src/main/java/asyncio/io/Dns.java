package asyncio.io;

import asyncio.CheckReturnValue;
import asyncio.Coroutine;
import asyncio.spi.IoProvider;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Names and addresses of hosts, by the system's resolver. It has threads of its own, so that a look-up does not wait
 * for the jobs of a program. Python: {@code loop.getaddrinfo} and {@code loop.getnameinfo}.
 */
public final class Dns {
    private Dns() {}

    /**
     * The addresses of {@code host}. Python: {@code loop.getaddrinfo}.
     *
     * <p>Awaiting it raises {@link java.net.UnknownHostException} if there is none. A cancelled look-up goes on, and
     * its result is dropped.
     *
     * @param host a name or an address; null for this machine's loopback
     */
    @CheckReturnValue
    public static Coroutine<List<InetSocketAddress>> getaddrinfo(@Nullable String host, int port) {
        return getaddrinfo(host, port, AddressFamily.ANY);
    }

    /** {@link #getaddrinfo(String, int)} of one family. */
    @CheckReturnValue
    public static Coroutine<List<InetSocketAddress>> getaddrinfo(
            @Nullable String host, int port, AddressFamily family) {
        return IoProvider.get().network().getaddrinfo(host, port, family);
    }

    /** The name of {@code address}; the address as text if it has none. Python: {@code loop.getnameinfo}. */
    @CheckReturnValue
    public static Coroutine<String> getnameinfo(InetAddress address) {
        return IoProvider.get().network().getnameinfo(address);
    }
}
