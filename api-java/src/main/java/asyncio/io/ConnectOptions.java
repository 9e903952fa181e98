package asyncio.io;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How a connection is opened. Immutable: the methods give other options. Python: the keyword arguments of
 * {@code open_connection} and {@code create_connection}.
 */
public final class ConnectOptions {
    /** The defaults. */
    public static final ConnectOptions NONE = new ConnectOptions(new Values());

    private final Values values;

    private ConnectOptions(Values values) {
        this.values = values;
    }

    /** The same with TLS; null for none. {@link SslContexts} makes contexts. Python: {@code ssl}. */
    public ConnectOptions withSsl(@Nullable SSLContext context) {
        var changed = values.copy();
        changed.ssl = context;
        return new ConnectOptions(changed);
    }

    /**
     * The same with this name of the server, which its certificate has to be for; empty for a certificate that may be
     * for any; null for the host that is connected to. Python: {@code server_hostname}.
     */
    public ConnectOptions withServerHostname(@Nullable String name) {
        var changed = values.copy();
        changed.serverHostname = name;
        return new ConnectOptions(changed);
    }

    /** The same with these protocols of the application, the best one first. Python: {@code set_alpn_protocols}. */
    public ConnectOptions withAlpnProtocols(List<String> names) {
        var changed = values.copy();
        changed.alpnProtocols = List.copyOf(names);
        return new ConnectOptions(changed);
    }

    /** The same with this limit of the handshake of TLS, 60 seconds at first. Python: {@code ssl_handshake_timeout}. */
    public ConnectOptions withSslHandshakeTimeout(Duration timeout) {
        var changed = values.copy();
        changed.sslHandshakeTimeout = Checks.positive("sslHandshakeTimeout", timeout);
        return new ConnectOptions(changed);
    }

    /** The same with this limit of the goodbye of TLS, 30 seconds at first. Python: {@code ssl_shutdown_timeout}. */
    public ConnectOptions withSslShutdownTimeout(Duration timeout) {
        var changed = values.copy();
        changed.sslShutdownTimeout = Checks.positive("sslShutdownTimeout", timeout);
        return new ConnectOptions(changed);
    }

    /** The same with addresses of this family only. Python: {@code family}. */
    public ConnectOptions withFamily(AddressFamily family) {
        var changed = values.copy();
        changed.family = Objects.requireNonNull(family, "family");
        return new ConnectOptions(changed);
    }

    /** The same from this address of the machine; null for any. Python: {@code local_addr}. */
    public ConnectOptions withLocalAddr(@Nullable InetSocketAddress address) {
        var changed = values.copy();
        changed.localAddr = address;
        return new ConnectOptions(changed);
    }

    /**
     * The same, but the next address of a host is tried too if one has not answered for so long; null, as at first, for
     * one address after the other. RFC 8305 recommends 250 ms. Python: {@code happy_eyeballs_delay}.
     */
    public ConnectOptions withHappyEyeballsDelay(@Nullable Duration delay) {
        var changed = values.copy();
        changed.happyEyeballsDelay = delay == null ? null : Checks.positive("happyEyeballsDelay", delay);
        return new ConnectOptions(changed);
    }

    /**
     * The same with the addresses of both families in turns, after so many of the first one; 0 for the order of the
     * look-up. Null for 1 with {@link #withHappyEyeballsDelay}, and 0 otherwise. Python: {@code interleave}.
     */
    public ConnectOptions withInterleave(@Nullable Integer count) {
        var changed = values.copy();
        changed.interleave = count;
        return new ConnectOptions(changed);
    }

    /**
     * The same, but with an {@link asyncio.ExceptionGroup} of the failures of all addresses. Python:
     * {@code all_errors}.
     */
    public ConnectOptions withAllErrors(boolean allErrors) {
        var changed = values.copy();
        changed.allErrors = allErrors;
        return new ConnectOptions(changed);
    }

    /** The same with this limit of the {@link StreamReader}, in bytes; 64 KiB at first. Python: {@code limit}. */
    public ConnectOptions withLimit(int limit) {
        var changed = values.copy();
        changed.limit = Checks.positive("limit", limit);
        return new ConnectOptions(changed);
    }

    /** {@link #withSsl}. */
    public @Nullable SSLContext ssl() {
        return values.ssl;
    }

    /** {@link #withServerHostname}. */
    public @Nullable String serverHostname() {
        return values.serverHostname;
    }

    /** {@link #withAlpnProtocols}. */
    public List<String> alpnProtocols() {
        return values.alpnProtocols;
    }

    /** {@link #withSslHandshakeTimeout}. */
    public Duration sslHandshakeTimeout() {
        return values.sslHandshakeTimeout;
    }

    /** {@link #withSslShutdownTimeout}. */
    public Duration sslShutdownTimeout() {
        return values.sslShutdownTimeout;
    }

    /** {@link #withFamily}. */
    public AddressFamily family() {
        return values.family;
    }

    /** {@link #withLocalAddr}. */
    public @Nullable InetSocketAddress localAddr() {
        return values.localAddr;
    }

    /** {@link #withHappyEyeballsDelay}. */
    public @Nullable Duration happyEyeballsDelay() {
        return values.happyEyeballsDelay;
    }

    /** {@link #withInterleave}. */
    public @Nullable Integer interleave() {
        return values.interleave;
    }

    /** {@link #withAllErrors}. */
    public boolean allErrors() {
        return values.allErrors;
    }

    /** {@link #withLimit}. */
    public int limit() {
        return values.limit;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ConnectOptions that && values.all().equals(that.values.all());
    }

    @Override
    public int hashCode() {
        return values.all().hashCode();
    }

    @Override
    public String toString() {
        return "ConnectOptions" + values.all();
    }

    private static final class Values {
        @Nullable
        SSLContext ssl = null;

        @Nullable
        String serverHostname = null;

        List<String> alpnProtocols = List.of();
        Duration sslHandshakeTimeout = Duration.ofSeconds(60);
        Duration sslShutdownTimeout = Duration.ofSeconds(30);
        AddressFamily family = AddressFamily.ANY;

        @Nullable
        InetSocketAddress localAddr = null;

        @Nullable
        Duration happyEyeballsDelay = null;

        @Nullable
        Integer interleave = null;

        boolean allErrors = false;
        int limit = StreamReader.DEFAULT_LIMIT;

        Values copy() {
            var copy = new Values();
            copy.ssl = ssl;
            copy.serverHostname = serverHostname;
            copy.alpnProtocols = alpnProtocols;
            copy.sslHandshakeTimeout = sslHandshakeTimeout;
            copy.sslShutdownTimeout = sslShutdownTimeout;
            copy.family = family;
            copy.localAddr = localAddr;
            copy.happyEyeballsDelay = happyEyeballsDelay;
            copy.interleave = interleave;
            copy.allErrors = allErrors;
            copy.limit = limit;
            return copy;
        }

        /** By their names. */
        Map<String, @Nullable Object> all() {
            var all = new LinkedHashMap<String, @Nullable Object>();
            all.put("ssl", ssl);
            all.put("serverHostname", serverHostname);
            all.put("alpnProtocols", alpnProtocols);
            all.put("sslHandshakeTimeout", sslHandshakeTimeout);
            all.put("sslShutdownTimeout", sslShutdownTimeout);
            all.put("family", family);
            all.put("localAddr", localAddr);
            all.put("happyEyeballsDelay", happyEyeballsDelay);
            all.put("interleave", interleave);
            all.put("allErrors", allErrors);
            all.put("limit", limit);
            return all;
        }
    }
}
