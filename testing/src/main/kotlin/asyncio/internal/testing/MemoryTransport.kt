package asyncio.internal.testing

import asyncio.EventLoop
import asyncio.internal.stream.StreamTransport
import asyncio.io.BaseProtocol
import java.net.SocketException

/**
 * One end of a connection in memory. What the other end does not take waits in [waiting], and is not sent until it does: it takes
 * so many bytes at a time as the buffer of a socket would.
 */
internal class MemoryTransport(
    private val loop: EventLoop,
    protocol: BaseProtocol<*>,
    private val name: String,
) : StreamTransport(loop, protocol) {
    private lateinit var peer: MemoryTransport
    private val waiting = ArrayDeque<ByteArray>()

    /** How many bytes were sent, and are not given to the other protocol yet. */
    private var underway = 0

    /** Whether it takes what the other end sends. */
    private var takes = false
    private var endsOutput = false
    private var isClosed = false

    fun connectTo(peer: MemoryTransport) {
        this.peer = peer
    }

    override fun transmit(
        bytes: ByteArray,
        from: Int,
        length: Int,
    ) {
        if (peer.isClosed) return sendingFailed(SocketException("Broken pipe"))
        waiting.add(bytes.copyOfRange(from, from + length))
        deliver()
    }

    private fun deliver() {
        while (peer.takes && underway < CAPACITY) {
            val bytes = waiting.removeFirstOrNull() ?: break
            val isFirst = underway == 0
            underway += bytes.size
            peer.received(bytes)
            if (isFirst) loop.callSoon(::arrived)
            transmitted(bytes.size)
        }
        if (endsOutput && waiting.isEmpty()) peer.ended()
    }

    /** The other end has seen what was underway. */
    private fun arrived() {
        underway = 0
        deliver()
    }

    override fun endOutput() {
        endsOutput = true
        deliver()
    }

    override fun holdBack() {
        takes = false
    }

    override fun release() {
        takes = true
        peer.deliver()
    }

    override fun closeWire() {
        if (isClosed) return
        isClosed = true
        waiting.clear()
        if (!peer.isClosed) peer.ended()
    }

    override fun extraInfo(name: String): Any? = null

    override fun toString(): String = "<MemoryTransport $name ${stateName()}>"

    private companion object {
        const val CAPACITY = 64 * 1024
    }
}
