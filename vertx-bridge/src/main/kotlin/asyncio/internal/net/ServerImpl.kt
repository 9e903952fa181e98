package asyncio.internal.net

import asyncio.Awaitable
import asyncio.CancelledError
import asyncio.Context
import asyncio.Coroutine
import asyncio.EventLoop
import asyncio.ExceptionContext
import asyncio.Future
import asyncio.internal.run.EventLoopImpl
import asyncio.internal.stream.StreamProtocol
import asyncio.internal.vertx.VertxHost
import asyncio.internal.vertx.offer
import asyncio.io.BaseProtocol
import asyncio.io.Server
import asyncio.io.ServerOptions
import asyncio.io.Transport
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import asyncio.kotlin.sleep
import io.netty.channel.Channel
import java.net.InetSocketAddress
import java.net.SocketAddress
import java.util.function.Supplier
import kotlin.time.Duration

/**
 * A server on some sockets.
 *
 * ```
 * BOUND --startServing--> SERVING --close--> CLOSED      (BOUND --close--> CLOSED)
 * ```
 *
 * Connections that were accepted outlive it. Everything here is code of the loop, but for [accepted] and [begin], which run on the host's thread.
 */
internal class ServerImpl(
    private val loop: EventLoopImpl,
    private val host: VertxHost,
    private val protocolFactory: Supplier<out BaseProtocol<Transport>>,
    private val options: ServerOptions,
    private val context: Context,
) : Server {
    /** Null once it is closed. */
    private var listeners: List<Channel>? = emptyList()
    private var addresses = emptyList<SocketAddress>()
    private var ports = emptyList<Int>()
    private var serving = false
    private var onClose: () -> Unit = {}

    private val clients = LinkedHashSet<ChannelTransport>()

    /** Accepted, and still shaking hands. */
    private val greeting = LinkedHashSet<Channel>()
    private var held = false

    private var forever: Future<Unit>? = null
    private val waiters = ArrayList<Future<Unit>>(0)
    private val resource =
        AutoCloseable {
            for (channel in listeners.orEmpty()) ClosingListeners.close(host, channel)
            LocalServers.remove(host, ports)
        }

    /** The sockets of a server that is closed. */
    private var closing = emptyList<Channel>()

    /** It listens on [channels]; [onClose] is done when it is closed. */
    fun listensOn(
        channels: List<Channel>,
        onClose: () -> Unit = {},
    ) {
        listeners = channels
        addresses = channels.map { addressOf(it.localAddress())!! }
        this.onClose = onClose
        ports = channels.map { LocalServers.portOf(it.localAddress()) }
        host.execute {
            host.register(resource)
            LocalServers.add(host, channels)
        }
    }

    // ---- connections

    /** A channel with a client was accepted; no byte was taken from it. On the host's thread. */
    fun accepted(channel: Channel) {
        greeting.add(channel)
        holdIfFull()
        channel.closeFuture().addListener { if (greeting.remove(channel)) goOnIfRoom() }
        loop.callSoon({ greet(channel) }, context)
        LocalServers.accepted(host, channel)
    }

    private fun greet(channel: Channel) {
        if (listeners == null) {
            channel.close()
            return
        }
        val transport =
            try {
                ChannelTransport(loop, host, channel, protocolFactory.get(), context.copy(), ::lost)
            } catch (error: Exception) {
                channel.close()
                loop.callExceptionHandler(
                    ExceptionContext
                        .of("Error on transport creation for incoming connection")
                        .withException(error),
                )
                return
            }
        host.execute {
            channel.pipeline().addLast(transport.handler)
            if (options.ssl() == null) {
                begin(channel, transport)
            } else {
                AcceptedTls(options, channel, transport, begin = ::begin).begin()
            }
        }
    }

    private fun begin(
        channel: Channel,
        transport: ChannelTransport,
    ) {
        greeting.remove(channel)
        if (listeners == null) {
            channel.close()
            return
        }
        channel.config().isAutoRead = false
        clients.add(transport)
        transport.begin(null)
    }

    private fun lost(transport: ChannelTransport) {
        clients.remove(transport)
        goOnIfRoom()
        wakeIfOver()
    }

    private fun holdIfFull() {
        if (held || clients.size + greeting.size < options.maxConnections()) return
        held = true
        listen(false)
    }

    private fun goOnIfRoom() {
        if (!held || clients.size + greeting.size >= options.maxConnections()) return
        held = false
        if (serving) listen(true)
    }

    private fun listen(accepts: Boolean) {
        val channels = listeners ?: return
        host.execute { for (channel in channels) channel.config().isAutoRead = accepts }
    }

    // ---- the API

    override fun sockets(): List<SocketAddress> = if (listeners == null) emptyList() else addresses

    override fun port(): Int {
        val first = sockets().firstOrNull()
        check(first != null) { "$this is closed" }
        check(first is InetSocketAddress) { "$this listens on no port" }
        return first.port
    }

    override fun getLoop(): EventLoop = loop

    override fun isServing(): Boolean = serving

    fun serve() {
        check(listeners != null) { "server $this is closed" }
        if (serving) return
        serving = true
        if (!held) listen(true)
    }

    override fun startServing(): Coroutine<Void?> =
        coroutine {
            serve()
            sleep(Duration.ZERO)
            null
        }

    override fun serveForever(): Coroutine<Void?> =
        coroutine {
            check(forever == null) { "server $this is already being awaited on serveForever()" }
            serve()
            val future = loop.createFuture<Unit>()
            forever = future
            try {
                await(future)
            } catch (cancelled: CancelledError) {
                close()
                await(waitClosed())
                throw cancelled
            } finally {
                forever = null
            }
            null
        }

    override fun close() {
        val channels = listeners ?: return
        listeners = null
        closing = channels
        serving = false
        for (channel in channels) ClosingListeners.close(host, channel)
        host.execute {
            host.unregister(resource)
            LocalServers.remove(host, ports)
            onClose()
            greeting.toList().forEach(TlsHandshake::closeAtOnce)
        }
        forever?.cancel()
        wakeIfOver()
    }

    override fun closeClients() {
        for (transport in clients.toList()) transport.close()
    }

    override fun abortClients() {
        for (transport in clients.toList()) {
            transport.abort()
            (transport.protocol as? StreamProtocol)?.task?.cancel()
        }
    }

    override fun waitClosed(): Coroutine<Void?> =
        coroutine {
            if (!isOver) {
                val waiter = loop.createFuture<Unit>()
                waiters.add(waiter)
                try {
                    await(waiter)
                } finally {
                    waiters.remove(waiter)
                }
            }
            for (channel in closing) ClosingListeners.awaitGone(loop, host, channel)
            null
        }

    private val isOver: Boolean get() = listeners == null && clients.isEmpty()

    private fun wakeIfOver() {
        if (isOver) for (waiter in waiters) loop.offer(waiter, Unit)
    }

    override fun aenter(): Awaitable<Server> = coroutine { this }

    override fun aexit(error: Throwable?): Awaitable<Boolean> =
        coroutine {
            close()
            await(waitClosed())
            false
        }

    override fun toString(): String = "<Server sockets=${sockets()}>"
}
