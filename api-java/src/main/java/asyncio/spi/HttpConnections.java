package asyncio.spi;

import asyncio.http.Connector;
import asyncio.http.Resolver;
import asyncio.http.Tls;
import java.net.InetSocketAddress;
import java.util.List;

/** What stands behind the factories of what makes connections in {@link asyncio.http}. */
public interface HttpConnections {

    /** {@link Connector#builder()}. */
    Connector.Builder connector();

    /** {@link Resolver#system()}. */
    Resolver systemResolver();

    /** {@link Resolver#ofNameServers}. */
    Resolver dnsResolver(List<InetSocketAddress> nameServers);

    /** {@link Tls#system()}. */
    Tls systemTls();

    /** {@link Tls#insecure()}. */
    Tls insecureTls();

    /** {@link Tls#builder()}. */
    Tls.Builder tls();
}
