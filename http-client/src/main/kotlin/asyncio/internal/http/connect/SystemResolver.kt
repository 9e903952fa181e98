package asyncio.internal.http.connect

import asyncio.Coroutine
import asyncio.http.AddressFamily
import asyncio.http.Resolver
import asyncio.internal.net.SystemNames
import asyncio.kotlin.coroutine
import java.net.InetAddress

/** Asks the operating system, which may block, in threads of its own. */
internal object SystemResolver : Resolver {
    override fun resolve(
        host: String,
        port: Int,
        family: AddressFamily,
    ): Coroutine<List<InetAddress>> =
        coroutine {
            SystemNames.addressesOf(host).filter { it fits family }
        }

    override fun toString(): String = "<Resolver of the operating system>"
}
