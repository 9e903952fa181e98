package asyncio.internal.net

import asyncio.Future
import asyncio.internal.run.EventLoopImpl
import asyncio.internal.vertx.VertxHost
import asyncio.internal.vertx.awaitNetty
import asyncio.internal.vertx.offer
import asyncio.kotlin.await
import io.netty.bootstrap.Bootstrap
import io.netty.buffer.PooledByteBufAllocator
import io.netty.channel.ChannelFuture
import io.netty.channel.ChannelHandler
import io.netty.channel.ChannelOption
import java.net.Inet6Address
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.SocketAddress
import java.nio.file.Path
import java.time.Duration

/** How sockets are opened, and what they are set to. */
public data class DialSettings(
    val interleave: Int = 1,
    /** How long an address has for its answer before the next one is tried too; null for as long as it takes. */
    val happyEyeballsDelay: Duration? = null,
    val localAddress: InetSocketAddress? = null,
    val tcpKeepAlive: Boolean = false,
    val tcpNoDelay: Boolean = true,
    /** Whether the end of what comes leaves a socket open. */
    val halfClosure: Boolean = false,
    /** Whether a socket takes no bytes until it is told to. */
    val startsPaused: Boolean = false,
)

/**
 * Opens sockets, whose first handler is made by [newHandler]. Netty is asked directly, because a connect of Vert.x cannot be
 * called off: here every socket that is not wanted any more is closed at once.
 */
public class Dialer<H : ChannelHandler>(
    private val loop: EventLoopImpl,
    private val host: VertxHost,
    private val settings: DialSettings,
    /** What to raise when no address has answered: one failure for each, in the order of their coming. */
    private val failureOf: (List<Throwable>) -> Throwable,
    private val newHandler: () -> H,
) {
    private val sockets = SocketKinds(host)

    /** One connect under way. */
    private class SocketAttempt<H>(
        val handler: H,
        val connect: ChannelFuture,
    )

    /** Connects to the Unix domain socket at [socket]. */
    public suspend fun connect(socket: Path): H {
        val attempt = attempt(sockets.unixAddress(socket), isPath = true)
        try {
            loop.awaitNetty(host, attempt.connect)
            return attempt.handler
        } catch (error: Throwable) {
            attempt.connect.channel().close()
            throw error
        }
    }

    /**
     * Connects to one of [addresses], as RFC 8305 wants it: the next one is tried too when one has failed, or has not
     * answered for a while; the first one that answers wins, the others are closed.
     *
     * Raises what [failureOf] makes of the failures if none answers.
     */
    public suspend fun connect(
        addresses: List<InetAddress>,
        port: Int,
    ): H = Race(interleaved(addresses, settings.interleave).map { InetSocketAddress(it, port) }).run()

    private inner class Race(
        private val addresses: List<InetSocketAddress>,
    ) {
        private val running = ArrayList<SocketAttempt<H>>()
        private val failures = ArrayList<Throwable>()
        private var next = 0
        private var winner: SocketAttempt<H>? = null
        private var event: Future<Unit>? = null

        suspend fun run(): H {
            var taken: SocketAttempt<H>? = null
            try {
                start()
                while (true) {
                    taken = winner
                    if (taken != null) return taken.handler
                    when {
                        running.isEmpty() && next == addresses.size -> throw failureOf(failures)
                        running.isEmpty() -> start()
                        next < addresses.size -> if (!awaitEvent(settings.happyEyeballsDelay)) start()
                        else -> awaitEvent(null)
                    }
                }
            } finally {
                for (attempt in running.toList()) if (attempt !== taken) attempt.connect.channel().close()
            }
        }

        private fun start() {
            val attempt = attempt(addresses[next++], isPath = false)
            running.add(attempt)
            attempt.connect.addListener { ended(attempt) }
        }

        private fun ended(attempt: SocketAttempt<H>) {
            if (attempt.connect.isSuccess) {
                LocalServers.whenAccepted(host, attempt.connect.channel()) {
                    if (winner == null) winner = attempt
                    tellOfEvent()
                }
            } else {
                if (running.remove(attempt)) failures.add(attempt.connect.cause())
                tellOfEvent()
            }
        }

        private fun tellOfEvent() {
            val event = event ?: return
            host.execute { loop.offer(event, Unit) }
        }

        /** Waits until an attempt ends. False if the next one may start: none has ended for [limit], or one has failed. */
        private suspend fun awaitEvent(limit: Duration?): Boolean {
            if (winner != null) return true
            val failed = failures.size
            val future = loop.createFuture<Unit>()
            event = future
            val timer = limit?.let { loop.callLater(it) { loop.offer(future, Unit) } }
            try {
                await(future)
            } finally {
                event = null
                timer?.cancel()
            }
            return winner != null || limit == null && failures.size == failed
        }
    }

    private fun attempt(
        address: SocketAddress,
        isPath: Boolean,
    ): SocketAttempt<H> {
        val handler = newHandler()
        val bootstrap =
            Bootstrap()
                .group(host.context.nettyEventLoop())
                .channelFactory(if (isPath) sockets.unixClients() else sockets.clients())
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                // The limit is the request's.
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
                .disableResolver()
                .option(ChannelOption.AUTO_READ, !settings.startsPaused)
                .handler(handler)
        if (!isPath) {
            bootstrap.option(ChannelOption.TCP_NODELAY, settings.tcpNoDelay)
            bootstrap.option(ChannelOption.SO_KEEPALIVE, settings.tcpKeepAlive)
            settings.localAddress?.let(bootstrap::localAddress)
        }
        val connect = bootstrap.connect(address)
        allowHalfClosure(connect.channel(), settings.halfClosure)
        return SocketAttempt(handler, connect)
    }
}

/** After [count] of the first family in turns one of each; within a family the order stays. 0 changes nothing. */
public fun interleaved(
    addresses: List<InetAddress>,
    count: Int,
): List<InetAddress> {
    if (count == 0 || addresses.size < 3 && count == 1) return addresses
    val firstIs6 = addresses[0] is Inet6Address
    val (first, second) = addresses.partition { (it is Inet6Address) == firstIs6 }
    if (second.isEmpty()) return addresses
    val ordered = ArrayList<InetAddress>(addresses.size)
    ordered.addAll(first.take(count - 1))
    val rest = first.drop(count - 1)
    for (i in 0 until maxOf(rest.size, second.size)) {
        rest.getOrNull(i)?.let(ordered::add)
        second.getOrNull(i)?.let(ordered::add)
    }
    return ordered
}
