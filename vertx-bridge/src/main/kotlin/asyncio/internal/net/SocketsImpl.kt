package asyncio.internal.net

import asyncio.Action
import asyncio.Coroutine
import asyncio.io.Datagram
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import asyncio.spi.IoSockets
import java.net.SocketAddress
import java.nio.ByteBuffer
import java.nio.channels.DatagramChannel
import java.nio.channels.SelectableChannel
import java.nio.channels.ServerSocketChannel
import java.nio.channels.SocketChannel
import java.nio.file.Path

/** Channels of java.nio on a loop: each call tries first, and waits for the selector only if that is needed. */
internal object SocketsImpl : IoSockets {
    override fun addReader(
        channel: SelectableChannel,
        callback: Action,
    ) {
        ChannelWatch.running().setReader(channel, callback)
    }

    override fun removeReader(channel: SelectableChannel): Boolean = ChannelWatch.running().setReader(channel, null)

    override fun addWriter(
        channel: SelectableChannel,
        callback: Action,
    ) {
        ChannelWatch.running().setWriter(channel, callback)
    }

    override fun removeWriter(channel: SelectableChannel): Boolean = ChannelWatch.running().setWriter(channel, null)

    override fun sockRecv(
        sock: SocketChannel,
        n: Int,
    ): Coroutine<ByteArray> {
        require(n >= 0) { "n is negative: $n" }
        return onNonBlocking(sock) {
            val buffer = ByteBuffer.allocate(n)
            receive(sock, buffer)
            buffer.array().copyOf(buffer.position())
        }
    }

    override fun sockRecvInto(
        sock: SocketChannel,
        buf: ByteBuffer,
    ): Coroutine<Int> = onNonBlocking(sock) { receive(sock, buf) }

    private suspend fun receive(
        sock: SocketChannel,
        buffer: ByteBuffer,
    ): Int {
        while (true) {
            val count = sock.read(buffer)
            if (count != 0 || !buffer.hasRemaining()) return maxOf(count, 0)
            readable(sock)
        }
    }

    override fun sockRecvfrom(
        sock: DatagramChannel,
        bufsize: Int,
    ): Coroutine<Datagram> {
        require(bufsize >= 0) { "bufsize is negative: $bufsize" }
        return onNonBlocking(sock) {
            val buffer = ByteBuffer.allocate(bufsize)
            val sender = receiveFrom(sock, buffer)
            Datagram(buffer.array().copyOf(buffer.position()), sender)
        }
    }

    override fun sockRecvfromInto(
        sock: DatagramChannel,
        buf: ByteBuffer,
    ): Coroutine<SocketAddress> = onNonBlocking(sock) { receiveFrom(sock, buf) }

    private suspend fun receiveFrom(
        sock: DatagramChannel,
        buffer: ByteBuffer,
    ): SocketAddress {
        while (true) {
            sock.receive(buffer)?.let { return it }
            readable(sock)
        }
    }

    override fun sockSendall(
        sock: SocketChannel,
        data: ByteArray,
    ): Coroutine<Void?> =
        onNonBlocking(sock) {
            val buffer = ByteBuffer.wrap(data)
            while (buffer.hasRemaining()) if (sock.write(buffer) == 0) writable(sock)
            null
        }

    override fun sockSendto(
        sock: DatagramChannel,
        data: ByteArray,
        address: SocketAddress,
    ): Coroutine<Int> =
        onNonBlocking(sock) {
            val buffer = ByteBuffer.wrap(data)
            while (true) {
                val sent = sock.send(buffer, address)
                if (sent > 0 || data.isEmpty()) return@onNonBlocking sent
                writable(sock)
            }
            @Suppress("UNREACHABLE_CODE")
            0
        }

    override fun sockConnect(
        sock: SocketChannel,
        address: SocketAddress,
    ): Coroutine<Void?> =
        onNonBlocking(sock) {
            if (!sock.connect(resolved(address))) {
                writable(sock)
                while (!sock.finishConnect()) writable(sock)
            }
            null
        }

    private suspend fun resolved(address: SocketAddress): SocketAddress =
        if (address is java.net.InetSocketAddress && address.isUnresolved) {
            java.net.InetSocketAddress(SystemNames.addressesOf(address.hostString).first(), address.port)
        } else {
            address
        }

    override fun sockAccept(sock: ServerSocketChannel): Coroutine<SocketChannel> =
        onNonBlocking(sock) {
            var accepted = sock.accept()
            while (accepted == null) {
                readable(sock)
                accepted = sock.accept()
            }
            accepted.configureBlocking(false)
            accepted
        }

    override fun sockSendfile(
        sock: SocketChannel,
        file: Path,
        offset: Long,
        count: Long,
    ): Coroutine<Long> {
        require(offset >= 0) { "offset is negative: $offset" }
        require(count >= -1) { "count is negative: $count" }
        return onNonBlocking(sock) {
            val loop = NetworkLoop.running().loop
            FilePortions.open(loop, file).use { portions ->
                val end =
                    minOf(
                        portions.size,
                        if (count < 0 || count > Long.MAX_VALUE - offset) {
                            Long.MAX_VALUE
                        } else {
                            offset + count
                        },
                    )
                var at = offset
                while (at < end) {
                    val portion = portions.read(loop, at, minOf(end - at, FilePortions.SIZE).toInt())
                    val buffer = portion.nioBuffer()
                    at += buffer.remaining()
                    while (buffer.hasRemaining()) if (sock.write(buffer) == 0) writable(sock)
                }
                maxOf(0, end - offset)
            }
        }
    }

    private fun <T> onNonBlocking(
        channel: SelectableChannel,
        body: suspend () -> T,
    ): Coroutine<T> {
        require(!channel.isBlocking) { "the socket must be non-blocking: $channel" }
        return coroutine(body)
    }

    private suspend fun readable(channel: SelectableChannel): Unit =
        ready({ ChannelWatch.running().setReader(channel, it) })

    private suspend fun writable(channel: SelectableChannel): Unit =
        ready({ ChannelWatch.running().setWriter(channel, it) })

    private suspend fun ready(watch: (Action?) -> Unit) {
        val future = NetworkLoop.running().loop.createFuture<Unit>()
        watch(Action { if (!future.done()) future.setResult(Unit) })
        try {
            await(future)
        } finally {
            watch(null)
        }
    }
}
