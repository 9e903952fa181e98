package asyncio.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long the parts of a request may take, on the loop's clock; null, or zero, for any time. Python:
 * {@code aiohttp.ClientTimeout}.
 *
 * @param total everything, from the await of the request to the end of its body, with all redirects and retries, but
 *     not the wait for a free connection (in Python that too): {@link asyncio.TimeoutException}
 * @param connect waiting for a free connection and connecting: {@link ConnectionTimeoutException}
 * @param sockConnect connecting alone, with the look-up of the host and the TLS handshake:
 *     {@link ConnectionTimeoutException}
 * @param sockRead from one portion of received data to the next, while somebody waits for it:
 *     {@link SocketTimeoutException}
 * @param pool waiting for a free connection, where the connector's limits are reached; Python has no such limit:
 *     {@link ConnectionTimeoutException}
 */
public record ClientTimeout(
        @Nullable Duration total,
        @Nullable Duration connect,
        @Nullable Duration sockConnect,
        @Nullable Duration sockRead,
        @Nullable Duration pool) {

    /** What sessions start from: 300 s in total, 30 s for a connect. */
    public static final ClientTimeout DEFAULT =
            new ClientTimeout(Duration.ofSeconds(300), null, Duration.ofSeconds(30), null, null);

    /** No limits at all. */
    public static final ClientTimeout NONE = new ClientTimeout(null, null, null, null, null);

    /**
     * Checks; zero becomes null.
     *
     * @throws IllegalArgumentException if one is negative
     */
    public ClientTimeout {
        total = checked("total", total);
        connect = checked("connect", connect);
        sockConnect = checked("sockConnect", sockConnect);
        sockRead = checked("sockRead", sockRead);
        pool = checked("pool", pool);
    }

    /** The limits that Python knows, and none for the wait for a free connection. */
    public ClientTimeout(
            @Nullable Duration total,
            @Nullable Duration connect,
            @Nullable Duration sockConnect,
            @Nullable Duration sockRead) {
        this(total, connect, sockConnect, sockRead, null);
    }

    /** The default limits with this total. */
    public static ClientTimeout ofTotal(@Nullable Duration total) {
        return DEFAULT.withTotal(total);
    }

    /** The same with another {@code total}. */
    public ClientTimeout withTotal(@Nullable Duration total) {
        return new ClientTimeout(total, connect, sockConnect, sockRead, pool);
    }

    /** The same with another {@code connect}. */
    public ClientTimeout withConnect(@Nullable Duration connect) {
        return new ClientTimeout(total, connect, sockConnect, sockRead, pool);
    }

    /** The same with another {@code sockConnect}. */
    public ClientTimeout withSockConnect(@Nullable Duration sockConnect) {
        return new ClientTimeout(total, connect, sockConnect, sockRead, pool);
    }

    /** The same with another {@code sockRead}. */
    public ClientTimeout withSockRead(@Nullable Duration sockRead) {
        return new ClientTimeout(total, connect, sockConnect, sockRead, pool);
    }

    /** The same with another {@code pool}. */
    public ClientTimeout withPool(@Nullable Duration pool) {
        return new ClientTimeout(total, connect, sockConnect, sockRead, pool);
    }

    private static @Nullable Duration checked(String name, @Nullable Duration value) {
        if (value == null || value.isZero()) {
            return null;
        }
        if (value.isNegative()) {
            throw new IllegalArgumentException(name + " is negative: " + value);
        }
        return value;
    }
}
