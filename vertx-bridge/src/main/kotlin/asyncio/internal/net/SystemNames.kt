package asyncio.internal.net

import asyncio.Asyncio
import asyncio.kotlin.await
import io.netty.util.NetUtil
import java.net.InetAddress
import java.util.concurrent.Callable
import java.util.concurrent.LinkedBlockingQueue
import java.util.concurrent.ThreadPoolExecutor
import java.util.concurrent.TimeUnit

/**
 * The resolver of the operating system, which blocks. It has threads of its own: neither do look-ups wait for the jobs of a program,
 * nor the jobs for look-ups.
 */
public object SystemNames {
    private const val IDLE_SECONDS = 10L
    private const val MOST_THREADS = 64

    private val threads =
        ThreadPoolExecutor(
            MOST_THREADS,
            MOST_THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            LinkedBlockingQueue(),
        ) { body -> Thread(null, body, "asyncio-dns", 0, false).apply { isDaemon = true } }
            .apply { allowCoreThreadTimeOut(true) }

    /**
     * The addresses of [host], in the order in which they are to be tried.
     *
     * @throws java.net.UnknownHostException if there is none
     */
    public suspend fun addressesOf(host: String): List<InetAddress> {
        val literal = NetUtil.createByteArrayFromIpAddressString(host)
        // A zone tells the interface of this machine; there is no look-up for an address.
        if (literal != null && '%' !in host) return listOf(InetAddress.getByAddress(host, literal))
        return run { InetAddress.getAllByName(host).asList() }
    }

    /** The name of [address], or the address as text. */
    public suspend fun nameOf(address: InetAddress): String =
        run { InetAddress.getByAddress(address.address).canonicalHostName }

    private suspend fun <T> run(lookUp: () -> T): T =
        await(Asyncio.getRunningLoop().runInExecutor(threads, Callable<T> { lookUp() }))
}
