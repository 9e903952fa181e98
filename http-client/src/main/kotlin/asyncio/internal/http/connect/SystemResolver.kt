package asyncio.internal.http.connect

import asyncio.Asyncio
import asyncio.Coroutine
import asyncio.http.AddressFamily
import asyncio.http.Resolver
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import java.net.InetAddress
import java.util.concurrent.Callable

/** Asks the operating system, which may block, in the loop's executor. */
internal object SystemResolver : Resolver {
    override fun resolve(
        host: String,
        port: Int,
        family: AddressFamily,
    ): Coroutine<List<InetAddress>> =
        coroutine {
            val lookUp = Callable { InetAddress.getAllByName(host) }
            await(Asyncio.getRunningLoop().runInExecutor(null, lookUp)).filter { it fits family }
        }

    override fun toString(): String = "<Resolver of the operating system>"
}
