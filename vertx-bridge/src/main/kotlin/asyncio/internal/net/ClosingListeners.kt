package asyncio.internal.net

import asyncio.internal.run.EventLoopImpl
import asyncio.internal.vertx.VertxHost
import asyncio.internal.vertx.afterNextSelect
import asyncio.internal.vertx.awaitNetty
import io.netty.channel.Channel
import io.netty.util.concurrent.Promise
import java.util.concurrent.ConcurrentHashMap

/**
 * Sockets that listen, between their close and the moment when the system has them back: the selector of an event loop keeps a closed
 * one until it selects again. Until then its address is taken, and connections to it are accepted.
 */
internal object ClosingListeners {
    private val closing = ConcurrentHashMap<Channel, Promise<Unit>>()

    /** From any thread; [awaitGone] knows of it at once. */
    fun close(
        host: VertxHost,
        channel: Channel,
    ) {
        val gone = channel.eventLoop().newPromise<Unit>()
        if (closing.putIfAbsent(channel, gone) != null) return
        host.execute {
            channel.close().addListener { channel.eventLoop().afterNextSelect { ended(channel, gone) } }
        }
    }

    private fun ended(
        channel: Channel,
        gone: Promise<Unit>,
    ) {
        closing.remove(channel)
        gone.trySuccess(Unit)
    }

    /** Waits until [channel] is gone, which [close] was called with. */
    suspend fun awaitGone(
        loop: EventLoopImpl,
        host: VertxHost,
        channel: Channel,
    ) {
        closing[channel]?.let { loop.awaitNetty(host, it) }
    }

    /** Waits until all of the process are gone that are closing now; whether there were any. */
    suspend fun awaitAll(
        loop: EventLoopImpl,
        host: VertxHost,
    ): Boolean {
        val all = closing.values.toList()
        for (gone in all) loop.awaitNetty(host, gone)
        return all.isNotEmpty()
    }
}
