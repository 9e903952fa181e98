package asyncio.http;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How long the parts of a request may take, on the loop's clock; null, or zero, for any time. Immutable: the methods
 * give other limits. Python: {@code aiohttp.ClientTimeout}.
 *
 * <pre>{@code
 * var patient = ClientTimeout.DEFAULT.withTotal(null).withSockRead(ofSeconds(60));
 * }</pre>
 */
public final class ClientTimeout {

    /** What sessions start from: 300 s in total, 30 s for a connect. */
    public static final ClientTimeout DEFAULT =
            new ClientTimeout(Duration.ofSeconds(300), null, Duration.ofSeconds(30), null, null);

    /** No limits at all. */
    public static final ClientTimeout NONE = new ClientTimeout(null, null, null, null, null);

    private final @Nullable Duration total;
    private final @Nullable Duration connect;
    private final @Nullable Duration sockConnect;
    private final @Nullable Duration sockRead;
    private final @Nullable Duration pool;

    private ClientTimeout(
            @Nullable Duration total,
            @Nullable Duration connect,
            @Nullable Duration sockConnect,
            @Nullable Duration sockRead,
            @Nullable Duration pool) {
        this.total = checked("total", total);
        this.connect = checked("connect", connect);
        this.sockConnect = checked("sockConnect", sockConnect);
        this.sockRead = checked("sockRead", sockRead);
        this.pool = checked("pool", pool);
    }

    /**
     * The default limits with this total.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public static ClientTimeout ofTotal(@Nullable Duration total) {
        return DEFAULT.withTotal(total);
    }

    /**
     * The same with another {@link #total()}.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public ClientTimeout withTotal(@Nullable Duration total) {
        return new ClientTimeout(total, connect, sockConnect, sockRead, pool);
    }

    /**
     * The same with another {@link #connect()}.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public ClientTimeout withConnect(@Nullable Duration connect) {
        return new ClientTimeout(total, connect, sockConnect, sockRead, pool);
    }

    /**
     * The same with another {@link #sockConnect()}.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public ClientTimeout withSockConnect(@Nullable Duration sockConnect) {
        return new ClientTimeout(total, connect, sockConnect, sockRead, pool);
    }

    /**
     * The same with another {@link #sockRead()}.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public ClientTimeout withSockRead(@Nullable Duration sockRead) {
        return new ClientTimeout(total, connect, sockConnect, sockRead, pool);
    }

    /**
     * The same with another {@link #pool()}.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public ClientTimeout withPool(@Nullable Duration pool) {
        return new ClientTimeout(total, connect, sockConnect, sockRead, pool);
    }

    /**
     * The limit of everything, from the await of the request to the end of its body, with all redirects and retries,
     * but not the wait for a free connection (in Python that too): {@link asyncio.TimeoutException}. Null for any time.
     */
    public @Nullable Duration total() {
        return total;
    }

    /**
     * The limit of waiting for a free connection and connecting: {@link ConnectionTimeoutException}. Null for any time.
     */
    public @Nullable Duration connect() {
        return connect;
    }

    /**
     * The limit of connecting alone, with the look-up of the host and the TLS handshake:
     * {@link ConnectionTimeoutException}. Null for any time. Python: {@code sock_connect}.
     */
    public @Nullable Duration sockConnect() {
        return sockConnect;
    }

    /**
     * The limit from one portion of received data to the next, while somebody waits for it:
     * {@link SocketTimeoutException}. Null for any time. Python: {@code sock_read}.
     */
    public @Nullable Duration sockRead() {
        return sockRead;
    }

    /**
     * The limit of waiting for a free connection, where the connector's limits are reached:
     * {@link ConnectionTimeoutException}. Null for any time. Python has no such limit.
     */
    public @Nullable Duration pool() {
        return pool;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ClientTimeout that
                && Objects.equals(total, that.total)
                && Objects.equals(connect, that.connect)
                && Objects.equals(sockConnect, that.sockConnect)
                && Objects.equals(sockRead, that.sockRead)
                && Objects.equals(pool, that.pool);
    }

    @Override
    public int hashCode() {
        return Objects.hash(total, connect, sockConnect, sockRead, pool);
    }

    @Override
    public String toString() {
        return "ClientTimeout[total=" + total + ", connect=" + connect + ", sockConnect=" + sockConnect + ", sockRead="
                + sockRead + ", pool=" + pool + "]";
    }

    /** Zero becomes null. */
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
