package asyncio.internal.net

import asyncio.Asyncio
import asyncio.internal.run.EventLoopImpl
import asyncio.internal.vertx.VertxHost
import io.netty.channel.ChannelOption
import io.netty.channel.socket.nio.NioChannelOption
import io.netty.channel.unix.UnixChannelOption
import java.net.StandardSocketOptions

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
            OrderedSelectors.orderThatOf(host)
            return NetworkLoop(loop, host)
        }
    }
}

/** The option of a port that several sockets share, in the sockets of [here]. */
internal fun reusePort(here: NetworkLoop): ChannelOption<Boolean> =
    if (here.host.context
            .owner()
            .isNativeTransportEnabled
    ) {
        UnixChannelOption.SO_REUSEPORT
    } else {
        NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT)
    }
