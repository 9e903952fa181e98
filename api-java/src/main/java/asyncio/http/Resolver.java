package asyncio.http;

import asyncio.CheckReturnValue;
import asyncio.Coroutine;
import asyncio.spi.HttpProvider;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Finds the addresses of a host for a {@link Connector}. A program may write its own, to look elsewhere or to refuse
 * hosts. Python: {@code aiohttp.abc.AbstractResolver}.
 *
 * <p>A connector asks it never for IP addresses, only for names, and keeps what it says for a while (see
 * {@link Connector.Builder#ttlDnsCache}).
 */
public interface Resolver extends AutoCloseable {

    /**
     * The addresses of a host, the best one first. It is awaited in a task of its own, which several requests may wait
     * for; a request that is cancelled does not cancel it. If it raises an exception, or gives no address, the requests
     * end with {@link ClientConnectorDnsException}; nothing is kept then.
     *
     * @param host a name, in lower case and in ASCII
     * @param port what the connection is for
     * @param family which addresses are of use
     */
    @CheckReturnValue
    Coroutine<List<InetAddress>> resolve(String host, int port, AddressFamily family);

    /**
     * Called when the {@link Connector} that uses it is closed; may be called again. Does nothing unless overridden.
     */
    @Override
    default void close() {}

    /**
     * What connectors use unless told otherwise: it asks the operating system, in a thread of the loop's executor.
     * Python: {@code ThreadedResolver}.
     */
    static Resolver system() {
        return HttpProvider.get().connections().systemResolver();
    }

    /**
     * Asks these name servers itself, without a thread; the hosts file is not looked at. Python:
     * {@code AsyncResolver(nameservers=…)}.
     *
     * @param nameServers the servers; the next one is asked when one does not answer
     * @throws IllegalArgumentException if there is none
     */
    static Resolver ofNameServers(List<InetSocketAddress> nameServers) {
        return HttpProvider.get().connections().dnsResolver(nameServers);
    }
}
