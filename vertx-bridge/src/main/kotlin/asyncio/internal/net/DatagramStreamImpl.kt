package asyncio.internal.net

import asyncio.AsyncIterator
import asyncio.Awaitable
import asyncio.Coroutine
import asyncio.Future
import asyncio.StopAsyncIteration
import asyncio.internal.run.EventLoopImpl
import asyncio.internal.vertx.offer
import asyncio.io.Datagram
import asyncio.io.DatagramProtocol
import asyncio.io.DatagramStream
import asyncio.io.DatagramTransport
import asyncio.io.ExtraInfo
import asyncio.kotlin.await
import asyncio.kotlin.coroutine
import java.io.IOException
import java.net.SocketAddress
import java.nio.channels.ClosedChannelException

/** Keeps the datagrams that have come until they are received. */
internal class DatagramStreamImpl(
    private val loop: EventLoopImpl,
    private val most: Int,
) : DatagramProtocol,
    DatagramStream {
    private lateinit var transport: DatagramTransport
    private val received = ArrayDeque<Datagram>()
    private var failure: IOException? = null
    private var dropped = 0L
    private var closed = false
    private var paused = false

    private val receivers = ArrayDeque<Future<Unit>>()
    private val senders = ArrayList<Future<Unit>>(0)

    // ---- the protocol

    override fun connectionMade(transport: DatagramTransport) {
        this.transport = transport
    }

    override fun datagramReceived(
        data: ByteArray,
        addr: SocketAddress,
    ) {
        if (received.size >= most) {
            dropped++
        } else {
            received.add(Datagram(data, addr))
            wakeOne()
        }
    }

    override fun errorReceived(error: IOException) {
        failure = error
        wakeOne()
    }

    override fun pauseWriting() {
        paused = true
    }

    override fun resumeWriting() {
        paused = false
        for (sender in senders) loop.offer(sender, Unit)
    }

    override fun connectionLost(error: Throwable?) {
        closed = true
        while (receivers.isNotEmpty()) wakeOne()
        resumeWriting()
    }

    private fun wakeOne() {
        while (true) {
            val receiver = receivers.removeFirstOrNull() ?: return
            if (receiver.done()) continue
            loop.offer(receiver, Unit)
            return
        }
    }

    // ---- the stream

    override fun receive(): Coroutine<Datagram> = coroutine { receiveOrNull() ?: throw ClosedChannelException() }

    private suspend fun receiveOrNull(): Datagram? {
        while (true) {
            received.removeFirstOrNull()?.let { return it }
            failure?.let {
                failure = null
                throw it
            }
            if (closed || transport.isClosing) return null
            val receiver = loop.createFuture<Unit>()
            receivers.add(receiver)
            try {
                await(receiver)
            } catch (error: Throwable) {
                receivers.remove(receiver)
                // It was woken for a datagram that another one can have.
                if (receiver.done() && !receiver.cancelled() && received.isNotEmpty()) wakeOne()
                throw error
            }
        }
    }

    override fun send(
        data: ByteArray,
        address: SocketAddress,
    ): Coroutine<Void?> = coroutine { sendTo(data, address) }

    override fun send(data: ByteArray): Coroutine<Void?> = coroutine { sendTo(data, null) }

    private suspend fun sendTo(
        data: ByteArray,
        address: SocketAddress?,
    ): Void? {
        if (closed || transport.isClosing) throw ClosedChannelException()
        transport.sendto(data, address)
        if (!paused) return null
        val sender = loop.createFuture<Unit>()
        senders.add(sender)
        try {
            await(sender)
        } finally {
            senders.remove(sender)
        }
        return null
    }

    override fun aiter(): AsyncIterator<Datagram> =
        AsyncIterator { coroutine { receiveOrNull() ?: throw StopAsyncIteration() } }

    override fun localAddress(): SocketAddress = transport.getExtraInfo(ExtraInfo.SOCKNAME)!!

    override fun remoteAddress(): SocketAddress? = transport.getExtraInfo(ExtraInfo.PEERNAME)

    override fun dropped(): Long = dropped

    override fun close(): Unit = transport.close()

    override fun aenter(): Awaitable<DatagramStream> = coroutine { this }

    override fun aexit(error: Throwable?): Awaitable<Boolean> =
        coroutine {
            close()
            false
        }

    override fun toString(): String = "<DatagramStream $transport>"
}
