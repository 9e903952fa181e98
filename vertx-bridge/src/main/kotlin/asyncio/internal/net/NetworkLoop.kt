package asyncio.internal.net

import asyncio.Asyncio
import asyncio.internal.run.EventLoopImpl
import asyncio.internal.vertx.VertxHost

/** The loop of the calling code, and its host, which has the sockets. */
internal class NetworkLoop private constructor(
    val loop: EventLoopImpl,
    val host: VertxHost,
) {
    companion object {
        fun running(): NetworkLoop {
            val loop = Asyncio.getRunningLoop() as EventLoopImpl
            val host =
                loop.host as? VertxHost ?: error(
                    "$loop does not live on Vert.x, which sockets need. In virtual time there are streams in memory:" +
                        " asyncio.testing.MemoryStreams",
                )
            return NetworkLoop(loop, host)
        }
    }
}
