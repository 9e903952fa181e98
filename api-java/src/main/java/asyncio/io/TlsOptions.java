package asyncio.io;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How TLS begins on a connection that is there. Immutable: the methods give other options. Python: the keyword
 * arguments of {@code start_tls}.
 */
public final class TlsOptions {
    /** The defaults. */
    public static final TlsOptions NONE = new TlsOptions(null, Duration.ofSeconds(60), Duration.ofSeconds(30), null);

    private final @Nullable String serverHostname;
    private final Duration sslHandshakeTimeout;
    private final Duration sslShutdownTimeout;
    private final @Nullable Boolean serverSide;

    private TlsOptions(
            @Nullable String serverHostname,
            Duration sslHandshakeTimeout,
            Duration sslShutdownTimeout,
            @Nullable Boolean serverSide) {
        this.serverHostname = serverHostname;
        this.sslHandshakeTimeout = sslHandshakeTimeout;
        this.sslShutdownTimeout = sslShutdownTimeout;
        this.serverSide = serverSide;
    }

    /** {@link #withServerHostname}. */
    public static TlsOptions serverHostname(String name) {
        return NONE.withServerHostname(name);
    }

    /**
     * The same with this name of the server, which its certificate has to be for; empty for a certificate that may be
     * for any; null for the host that the connection was opened to. Python: {@code server_hostname}.
     */
    public TlsOptions withServerHostname(@Nullable String name) {
        return new TlsOptions(name, sslHandshakeTimeout, sslShutdownTimeout, serverSide);
    }

    /** The same with this limit of the handshake, 60 seconds at first. Python: {@code ssl_handshake_timeout}. */
    public TlsOptions withSslHandshakeTimeout(Duration timeout) {
        return new TlsOptions(
                serverHostname, Checks.positive("sslHandshakeTimeout", timeout), sslShutdownTimeout, serverSide);
    }

    /** The same with this limit of the goodbye, 30 seconds at first. Python: {@code ssl_shutdown_timeout}. */
    public TlsOptions withSslShutdownTimeout(Duration timeout) {
        return new TlsOptions(
                serverHostname, sslHandshakeTimeout, Checks.positive("sslShutdownTimeout", timeout), serverSide);
    }

    /**
     * The same on the side of the server or not; null for the side that accepted the connection. Python:
     * {@code server_side}.
     */
    public TlsOptions withServerSide(@Nullable Boolean serverSide) {
        return new TlsOptions(serverHostname, sslHandshakeTimeout, sslShutdownTimeout, serverSide);
    }

    /** {@link #withServerHostname}. */
    public @Nullable String serverHostname() {
        return serverHostname;
    }

    /** {@link #withSslHandshakeTimeout}. */
    public Duration sslHandshakeTimeout() {
        return sslHandshakeTimeout;
    }

    /** {@link #withSslShutdownTimeout}. */
    public Duration sslShutdownTimeout() {
        return sslShutdownTimeout;
    }

    /** {@link #withServerSide}. */
    public @Nullable Boolean serverSide() {
        return serverSide;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TlsOptions that
                && Objects.equals(serverHostname, that.serverHostname)
                && sslHandshakeTimeout.equals(that.sslHandshakeTimeout)
                && sslShutdownTimeout.equals(that.sslShutdownTimeout)
                && Objects.equals(serverSide, that.serverSide);
    }

    @Override
    public int hashCode() {
        return Objects.hash(serverHostname, sslHandshakeTimeout, sslShutdownTimeout, serverSide);
    }

    @Override
    public String toString() {
        return "TlsOptions[serverHostname=" + serverHostname + ", sslHandshakeTimeout=" + sslHandshakeTimeout
                + ", sslShutdownTimeout=" + sslShutdownTimeout + ", serverSide=" + serverSide + "]";
    }
}
