package asyncio.internal.http.session

import asyncio.internal.http.wire.ResponseHead
import io.netty.channel.Channel

/** Takes the channel over when a server has agreed to speak another protocol. */
internal interface Upgrade {
    /**
     * The server said 101. On the context's thread, before anything that follows the head is handed out: a handler that is
     * added at the end of the pipeline here misses nothing.
     *
     * @throws Exception if the server's answer will not do; the connection is closed then
     */
    fun switched(
        response: ResponseHead,
        channel: Channel,
    )
}
