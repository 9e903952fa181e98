package asyncio.http;

import asyncio.spi.HttpProvider;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Makes the connections of a {@link ClientSession} and keeps them for the next requests. A session makes its own one
 * unless it is given one; several sessions of one loop may share one. Python: {@code aiohttp.TCPConnector} and
 * {@code aiohttp.UnixConnector}.
 *
 * <pre>{@code
 * var connector = Connector.builder().limitPerHost(10).family(AddressFamily.IPV4).build();
 * try (var session = ClientSession.builder().connector(connector).build()) { … }
 * }</pre>
 *
 * <p>A connector belongs to the loop in which it was made.
 */
public interface Connector extends AutoCloseable {

    /**
     * A connector with the default settings.
     *
     * @throws IllegalStateException if no loop runs here
     */
    static Connector create() {
        return builder().build();
    }

    /** Settings for a connector, all of them at their defaults. */
    static Builder builder() {
        return HttpProvider.get().connections().connector();
    }

    /** Forgets the addresses of all hosts, for all requests from now on. Python: {@code clear_dns_cache()}. */
    void clearDnsCache();

    /**
     * Forgets the addresses of one host, for all requests from now on. Python: {@code clear_dns_cache(host, port)}.
     *
     * @param host as in the URL
     * @param port its port
     */
    void clearDnsCache(String host, int port);

    /** Whether {@link #close()} was called. Python: {@code closed}. */
    boolean closed();

    /**
     * Closes all connections and the resolver. Requests in flight end with {@link ClientConnectionException}, and so do
     * later ones. May be called again. Python: {@code await connector.close()}; here there is nothing to wait for.
     */
    @Override
    void close();

    /** The settings of a connector. Python: the arguments of {@code TCPConnector} and {@code UnixConnector}. */
    interface Builder {

        /**
         * How many connections may be in use at once; further requests wait, first come, first served. 100 unless set,
         * 0 for any number. Python: {@code limit}.
         *
         * @throws IllegalArgumentException if it is negative
         */
        Builder limit(int connections);

        /**
         * How many connections of one kind (scheme, host, port, TLS settings, proxy) may be in use at once; 0, any
         * number, unless set. Python: {@code limit_per_host}.
         *
         * @throws IllegalArgumentException if it is negative
         */
        Builder limitPerHost(int connections);

        /**
         * How long an idle connection is kept for the next request; 15 s unless set, zero to keep none. It does not go
         * together with {@link #forceClose}. Python: {@code keepalive_timeout}.
         *
         * @throws IllegalArgumentException if it is negative
         */
        Builder keepAlive(Duration idle);

        /**
         * Whether to close each connection after one request, and to tell the server so. Off unless set. Python:
         * {@code force_close}.
         */
        Builder forceClose(boolean forceClose);

        /** Whether to keep the addresses of hosts. On unless set. Python: {@code use_dns_cache}. */
        Builder useDnsCache(boolean useDnsCache);

        /**
         * How long to keep the addresses of a host; 10 s unless set, null for ever. Python: {@code ttl_dns_cache}.
         *
         * @throws IllegalArgumentException if it is zero or negative
         */
        Builder ttlDnsCache(@Nullable Duration ttl);

        /**
         * The addresses of how many hosts to keep; those that were asked for longest ago go first. 1000 unless set.
         * Python: {@code dns_cache_max_size}.
         *
         * @throws IllegalArgumentException if it is less than 1
         */
        Builder dnsCacheMaxSize(int hosts);

        /** Which addresses to connect to; {@link AddressFamily#ANY} unless set. Python: {@code family}. */
        Builder family(AddressFamily family);

        /**
         * Which address of this machine to connect from; port 0 for any port. The system chooses unless set. Python:
         * {@code local_addr}.
         *
         * @throws IllegalArgumentException if the address is not resolved
         */
        Builder localAddress(InetSocketAddress address);

        /** Who finds the addresses of hosts; {@link Resolver#system()} unless set. Python: {@code resolver}. */
        Builder resolver(Resolver resolver);

        /**
         * How long to wait for one address of a host before trying the next one too; the first that answers wins (RFC
         * 8305, “happy eyeballs”). 250 ms unless set; null to try the next one only when one has failed. Python:
         * {@code happy_eyeballs_delay}.
         *
         * @throws IllegalArgumentException if it is zero or negative
         */
        Builder happyEyeballsDelay(@Nullable Duration delay);

        /**
         * How many addresses of the family of the first one to try before the families alternate; 1 unless set, 0 for
         * the order in which the resolver gives them. Python: {@code interleave}.
         *
         * @throws IllegalArgumentException if it is negative
         */
        Builder interleave(int firstAddresses);

        /**
         * How to speak TLS to servers, where a request says nothing else; {@link Tls#system()} unless set. Python:
         * {@code ssl}.
         */
        Builder tls(Tls tls);

        /** Whether to offer HTTP/2 to servers behind TLS, which then choose. On unless set. aiohttp knows no HTTP/2. */
        Builder http2(boolean http2);

        /**
         * Whether to speak HTTP/2 to servers without TLS, from the first byte on: “prior knowledge” of RFC 9113, 3.3. A
         * server that speaks HTTP/1.1 only cannot be connected to then. Requests to an HTTP proxy and WebSockets keep
         * to HTTP/1.1. Off unless set. aiohttp knows no HTTP/2.
         */
        Builder http2PriorKnowledge(boolean http2PriorKnowledge);

        /**
         * How often to send a PING on each connection of HTTP/2 from which nothing comes. A connection whose server has
         * not answered it when the next one is due is closed, and the requests on it fail with
         * {@link ClientConnectionException}. Null, none, unless set; without it a connection is asked only after a
         * request on it got no response in time. aiohttp knows no HTTP/2.
         *
         * @throws IllegalArgumentException if it is zero or negative
         */
        Builder http2PingInterval(@Nullable Duration interval);

        /**
         * Connects all requests to this Unix domain socket, whatever host and port their URLs name; these are sent in
         * the Host header only, and no proxy is used. No native library is needed. Python: {@code UnixConnector(path)}.
         */
        Builder unixSocket(Path path);

        /** Whether the system probes idle connections ({@code SO_KEEPALIVE}). On unless set, as in aiohttp. */
        Builder tcpKeepAlive(boolean tcpKeepAlive);

        /** Whether small portions of data are sent at once ({@code TCP_NODELAY}). On unless set, as in aiohttp. */
        Builder tcpNoDelay(boolean tcpNoDelay);

        /**
         * The connector, belonging to the running loop.
         *
         * @throws IllegalStateException if no loop runs here
         * @throws IllegalArgumentException if settings exclude each other: {@link #keepAlive} and {@link #forceClose},
         *     {@link #unixSocket} and {@link #localAddress}, or {@link #http2PriorKnowledge} without {@link #http2}
         */
        Connector build();
    }
}
