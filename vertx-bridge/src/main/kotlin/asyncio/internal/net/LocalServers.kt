package asyncio.internal.net

import asyncio.internal.vertx.VertxHost
import asyncio.internal.vertx.afterNextSelect
import io.netty.channel.Channel
import java.net.InetSocketAddress
import java.util.concurrent.ConcurrentHashMap

/**
 * The servers of one host, by their ports, for clients on the same host. The system tells of both ends of such a connection at once, in
 * either order; here the server comes first, as it does with asyncio's selector, so that a program that has both runs in one order.
 *
 * Everything here runs on the host's thread.
 */
internal class LocalServers private constructor(
    private val host: VertxHost,
) {
    private val ports = HashMap<Int, Int>()

    /** The last clients that were accepted, by their ports. */
    private val accepted = IntArray(REMEMBERED)
    private var next = 0

    /** Clients that are connected and wait until they are accepted. */
    private val waiting = HashMap<Int, () -> Unit>()

    private fun add(port: Int) {
        ports.merge(port, 1, Int::plus)
    }

    private fun remove(port: Int) {
        ports.computeIfPresent(port) { _, count -> (count - 1).takeIf { it > 0 } }
        if (ports.isEmpty() && waiting.isEmpty()) all.remove(host, this)
    }

    private fun accepted(client: Int) {
        accepted[next] = client
        next = (next + 1) % REMEMBERED
        waiting.remove(client)?.invoke()
    }

    private fun whenAccepted(
        channel: Channel,
        action: () -> Unit,
    ) {
        val client = portOf(channel.localAddress())
        val isDue = portOf(channel.remoteAddress()) !in ports || client == NO_PORT || client in accepted
        if (isDue) return action()
        waiting[client] = action
        // A server that accepts nothing for now keeps nobody waiting.
        channel.eventLoop().afterNextSelect { waiting.remove(client)?.invoke() }
    }

    companion object {
        private const val REMEMBERED = 64
        private const val NO_PORT = -1

        private val all = ConcurrentHashMap<VertxHost, LocalServers>()

        /** A server of [host] listens on [channels]. */
        fun add(
            host: VertxHost,
            channels: List<Channel>,
        ) {
            val servers = all.computeIfAbsent(host, ::LocalServers)
            for (channel in channels) servers.add(portOf(channel.localAddress()))
        }

        /** It listens on [ports] no more. */
        fun remove(
            host: VertxHost,
            ports: List<Int>,
        ) {
            val servers = all[host] ?: return
            ports.forEach(servers::remove)
        }

        /** A server of [host] has accepted [channel]. */
        fun accepted(
            host: VertxHost,
            channel: Channel,
        ) {
            all[host]?.accepted(portOf(channel.remoteAddress()))
        }

        /** Does [action] once [channel], a client of [host] that is connected, was accepted if its server is one of the same host; else now. */
        fun whenAccepted(
            host: VertxHost,
            channel: Channel,
            action: () -> Unit,
        ) {
            val servers = all[host] ?: return action()
            servers.whenAccepted(channel, action)
        }

        fun portOf(address: Any?): Int = (address as? InetSocketAddress)?.port ?: NO_PORT
    }
}
