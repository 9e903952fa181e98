package asyncio.internal.net

import asyncio.internal.run.EventLoopImpl
import asyncio.internal.vertx.VertxHost
import asyncio.internal.vertx.awaitNetty
import io.netty.channel.Channel
import io.netty.util.concurrent.Promise
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.RejectedExecutionException
import java.util.concurrent.TimeUnit

/**
 * Sockets that listen, between their close and the moment when the system has them back: the selector of an event loop keeps a closed
 * one until it selects again. Until then its address is taken, and connections to it are accepted.
 */
internal object ClosingListeners {
    private val closing = ConcurrentHashMap<Channel, Promise<Unit>>()

    fun close(channel: Channel) {
        val gone = channel.eventLoop().newPromise<Unit>()
        if (closing.putIfAbsent(channel, gone) != null) return
        channel.close().addListener { afterNextSelect(channel) { ended(channel, gone) } }
    }

    private fun afterNextSelect(
        channel: Channel,
        action: () -> Unit,
    ) {
        try {
            // A timer that is due runs after the event loop has selected; a job may run before.
            channel.eventLoop().schedule(action, 1, TimeUnit.NANOSECONDS)
        } catch (_: RejectedExecutionException) {
            action()
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
