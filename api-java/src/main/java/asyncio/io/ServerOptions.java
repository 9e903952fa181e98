package asyncio.io;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How a server listens. Immutable: the methods give other options. Python: the keyword arguments of
 * {@code start_server} and {@code create_server}.
 */
public final class ServerOptions {
    /** The defaults. */
    public static final ServerOptions NONE = new ServerOptions(new Values());

    private final Values values;

    private ServerOptions(Values values) {
        this.values = values;
    }

    /** The same with TLS; null for none. {@link SslContexts} makes contexts. Python: {@code ssl}. */
    public ServerOptions withSsl(@Nullable SSLContext context) {
        var changed = values.copy();
        changed.ssl = context;
        return new ServerOptions(changed);
    }

    /**
     * The same with other contexts of TLS for clients that ask for these names (SNI); {@code *.example.org} stands for
     * all names with one part more. Others get that of {@link #withSsl}. Python: {@code sni_callback}.
     */
    public ServerOptions withSniContexts(Map<String, SSLContext> contexts) {
        var changed = values.copy();
        changed.sniContexts = Map.copyOf(contexts);
        return new ServerOptions(changed);
    }

    /** The same with clients asked for a certificate or not. Python: {@code verify_mode}. */
    public ServerOptions withClientAuth(ClientAuth clientAuth) {
        var changed = values.copy();
        changed.clientAuth = Objects.requireNonNull(clientAuth, "clientAuth");
        return new ServerOptions(changed);
    }

    /** The same with these protocols of the application, the best one first. Python: {@code set_alpn_protocols}. */
    public ServerOptions withAlpnProtocols(List<String> names) {
        var changed = values.copy();
        changed.alpnProtocols = List.copyOf(names);
        return new ServerOptions(changed);
    }

    /** The same with this limit of the handshake of TLS, 60 seconds at first. Python: {@code ssl_handshake_timeout}. */
    public ServerOptions withSslHandshakeTimeout(Duration timeout) {
        var changed = values.copy();
        changed.sslHandshakeTimeout = Checks.positive("sslHandshakeTimeout", timeout);
        return new ServerOptions(changed);
    }

    /** The same with this limit of the goodbye of TLS, 30 seconds at first. Python: {@code ssl_shutdown_timeout}. */
    public ServerOptions withSslShutdownTimeout(Duration timeout) {
        var changed = values.copy();
        changed.sslShutdownTimeout = Checks.positive("sslShutdownTimeout", timeout);
        return new ServerOptions(changed);
    }

    /** The same with addresses of this family only. Python: {@code family}. */
    public ServerOptions withFamily(AddressFamily family) {
        var changed = values.copy();
        changed.family = Objects.requireNonNull(family, "family");
        return new ServerOptions(changed);
    }

    /** The same with so many connections that wait to be accepted; 100 at first. Python: {@code backlog}. */
    public ServerOptions withBacklog(int backlog) {
        var changed = values.copy();
        changed.backlog = Checks.positive("backlog", backlog);
        return new ServerOptions(changed);
    }

    /** The same with a port that may be used again at once, or not; yes at first. Python: {@code reuse_address}. */
    public ServerOptions withReuseAddress(boolean reuseAddress) {
        var changed = values.copy();
        changed.reuseAddress = reuseAddress;
        return new ServerOptions(changed);
    }

    /** The same with a port that several servers may share, or not. Python: {@code reuse_port}. */
    public ServerOptions withReusePort(boolean reusePort) {
        var changed = values.copy();
        changed.reusePort = reusePort;
        return new ServerOptions(changed);
    }

    /** The same with TCP's probes on connections that are idle, or not. Python: {@code keep_alive}. */
    public ServerOptions withKeepAlive(boolean keepAlive) {
        var changed = values.copy();
        changed.keepAlive = keepAlive;
        return new ServerOptions(changed);
    }

    /** The same, but connections are accepted only after {@link Server#startServing}. Python: {@code start_serving}. */
    public ServerOptions withStartServing(boolean startServing) {
        var changed = values.copy();
        changed.startServing = startServing;
        return new ServerOptions(changed);
    }

    /**
     * The same, but the file of a Unix domain socket stays when the server is closed. Python: {@code cleanup_socket}.
     */
    public ServerOptions withCleanupSocket(boolean cleanupSocket) {
        var changed = values.copy();
        changed.cleanupSocket = cleanupSocket;
        return new ServerOptions(changed);
    }

    /** The same with so many connections at a time; more wait to be accepted until one is gone. No limit at first. */
    public ServerOptions withMaxConnections(int maxConnections) {
        var changed = values.copy();
        changed.maxConnections = Checks.positive("maxConnections", maxConnections);
        return new ServerOptions(changed);
    }

    /** The same with this limit of the {@link StreamReader}, in bytes; 64 KiB at first. Python: {@code limit}. */
    public ServerOptions withLimit(int limit) {
        var changed = values.copy();
        changed.limit = Checks.positive("limit", limit);
        return new ServerOptions(changed);
    }

    /** {@link #withSsl}. */
    public @Nullable SSLContext ssl() {
        return values.ssl;
    }

    /** {@link #withSniContexts}. */
    public Map<String, SSLContext> sniContexts() {
        return values.sniContexts;
    }

    /** {@link #withClientAuth}. */
    public ClientAuth clientAuth() {
        return values.clientAuth;
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

    /** {@link #withBacklog}. */
    public int backlog() {
        return values.backlog;
    }

    /** {@link #withReuseAddress}. */
    public boolean reuseAddress() {
        return values.reuseAddress;
    }

    /** {@link #withReusePort}. */
    public boolean reusePort() {
        return values.reusePort;
    }

    /** {@link #withKeepAlive}. */
    public boolean keepAlive() {
        return values.keepAlive;
    }

    /** {@link #withStartServing}. */
    public boolean startServing() {
        return values.startServing;
    }

    /** {@link #withCleanupSocket}. */
    public boolean cleanupSocket() {
        return values.cleanupSocket;
    }

    /** {@link #withMaxConnections}. */
    public int maxConnections() {
        return values.maxConnections;
    }

    /** {@link #withLimit}. */
    public int limit() {
        return values.limit;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ServerOptions that && values.all().equals(that.values.all());
    }

    @Override
    public int hashCode() {
        return values.all().hashCode();
    }

    @Override
    public String toString() {
        return "ServerOptions" + values.all();
    }

    private static final class Values {
        @Nullable
        SSLContext ssl = null;

        Map<String, SSLContext> sniContexts = Map.of();
        ClientAuth clientAuth = ClientAuth.NONE;
        List<String> alpnProtocols = List.of();
        Duration sslHandshakeTimeout = Duration.ofSeconds(60);
        Duration sslShutdownTimeout = Duration.ofSeconds(30);
        AddressFamily family = AddressFamily.ANY;
        int backlog = 100;
        boolean reuseAddress = true;
        boolean reusePort = false;
        boolean keepAlive = false;
        boolean startServing = true;
        boolean cleanupSocket = true;
        int maxConnections = Integer.MAX_VALUE;
        int limit = StreamReader.DEFAULT_LIMIT;

        Values copy() {
            var copy = new Values();
            copy.ssl = ssl;
            copy.sniContexts = sniContexts;
            copy.clientAuth = clientAuth;
            copy.alpnProtocols = alpnProtocols;
            copy.sslHandshakeTimeout = sslHandshakeTimeout;
            copy.sslShutdownTimeout = sslShutdownTimeout;
            copy.family = family;
            copy.backlog = backlog;
            copy.reuseAddress = reuseAddress;
            copy.reusePort = reusePort;
            copy.keepAlive = keepAlive;
            copy.startServing = startServing;
            copy.cleanupSocket = cleanupSocket;
            copy.maxConnections = maxConnections;
            copy.limit = limit;
            return copy;
        }

        /** By their names. */
        Map<String, @Nullable Object> all() {
            var all = new LinkedHashMap<String, @Nullable Object>();
            all.put("ssl", ssl);
            all.put("sniContexts", sniContexts);
            all.put("clientAuth", clientAuth);
            all.put("alpnProtocols", alpnProtocols);
            all.put("sslHandshakeTimeout", sslHandshakeTimeout);
            all.put("sslShutdownTimeout", sslShutdownTimeout);
            all.put("family", family);
            all.put("backlog", backlog);
            all.put("reuseAddress", reuseAddress);
            all.put("reusePort", reusePort);
            all.put("keepAlive", keepAlive);
            all.put("startServing", startServing);
            all.put("cleanupSocket", cleanupSocket);
            all.put("maxConnections", maxConnections);
            all.put("limit", limit);
            return all;
        }
    }
}
