package asyncio.internal.testing

import asyncio.EventLoop
import asyncio.internal.stream.StreamTransport
import asyncio.io.BaseProtocol
import java.net.SocketException

/** One end of a connection in memory. What the other end does not take waits in [waiting], and is not sent until it does. */
internal class MemoryTransport(
    loop: EventLoop,
    protocol: BaseProtocol<*>,
    private val name: String,
) : StreamTransport(loop, protocol) {
    private lateinit var peer: MemoryTransport
    private val waiting = ArrayDeque<ByteArray>()

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
        while (peer.takes) {
            val bytes = waiting.removeFirstOrNull() ?: break
            peer.received(bytes)
            transmitted(bytes.size)
        }
        if (endsOutput && waiting.isEmpty()) peer.ended()
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
}
