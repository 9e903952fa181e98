package asyncio.internal.process

import asyncio.io.BaseProtocol
import asyncio.io.BaseTransport
import asyncio.io.ExtraInfo
import asyncio.io.Protocol
import asyncio.io.SubprocessProtocol
import asyncio.io.SubprocessTransport

/** A [Child] whose protocol hears what it does; each call of that is a callback of the loop. */
internal class SubprocessTransportImpl(
    private val child: Child,
    private var protocol: SubprocessProtocol,
) : SubprocessTransport {
    private val loop = child.loop
    private var closed = false
    private var finished = false
    private val pipes = arrayOfNulls<Pipe>(3)

    fun begin() {
        child.inPump?.let { pump ->
            pipes[0] =
                Pipe(0).apply { transport = WritePipe(loop, this, pump, nameOf("stdin"), child.info) }
        }
        child.outPump?.let { pump ->
            pipes[1] =
                Pipe(1).apply { transport = ReadPipe(loop, this, pump, nameOf("stdout"), child.info) }
        }
        child.errPump?.let { pump ->
            pipes[2] =
                Pipe(2).apply { transport = ReadPipe(loop, this, pump, nameOf("stderr"), child.info) }
        }
        call { protocol.connectionMade(this) }
        for (pipe in pipes) pipe?.transport?.begin(null)
        child.onEnd = ::hasEnded
        if (child.returncode != null) hasEnded()
    }

    private fun nameOf(stream: String) = "$stream of ${child.pid}"

    private fun call(action: () -> Unit) {
        loop.callSoon(action)
    }

    private fun hasEnded() {
        call { protocol.processExited() }
        tryFinish()
    }

    private fun tryFinish() {
        if (finished || child.returncode == null || pipes.any { it != null && !it.isLost }) return
        finished = true
        call { protocol.connectionLost(null) }
    }

    private inner class Pipe(
        private val fd: Int,
    ) : Protocol {
        lateinit var transport: asyncio.internal.stream.StreamTransport
        var isLost = false

        override fun dataReceived(data: ByteArray) {
            protocol.pipeDataReceived(fd, data)
        }

        override fun connectionLost(error: Throwable?) {
            isLost = true
            call { protocol.pipeConnectionLost(fd, error) }
            tryFinish()
        }

        override fun pauseWriting(): Unit = protocol.pauseWriting()

        override fun resumeWriting(): Unit = protocol.resumeWriting()
    }

    override fun getPid(): Long = child.pid

    override fun getReturncode(): Int? = child.returncode

    override fun getPipeTransport(fd: Int): BaseTransport? = pipes.getOrNull(fd)?.transport

    override fun sendSignal(signal: Int) {
        loop.checkCaller("sendSignal")
        child.sendSignal(signal)
    }

    override fun terminate(): Unit = sendSignal(Signals.TERM)

    override fun kill(): Unit = sendSignal(Signals.KILL)

    override fun close() {
        loop.checkCaller("close")
        if (closed) return
        closed = true
        for (pipe in pipes) pipe?.transport?.close()
        child.kill()
    }

    override fun isClosing(): Boolean = closed

    override fun setProtocol(protocol: BaseProtocol<*>) {
        this.protocol = protocol as SubprocessProtocol
    }

    override fun getProtocol(): BaseProtocol<*> = protocol

    override fun <T : Any> getExtraInfo(info: ExtraInfo<T>): T? = child.info[info.pythonName()]?.let(info.type()::cast)

    override fun getExtraInfo(name: String): Any? = child.info[name]

    override fun toString(): String {
        val state = child.returncode?.let { "returncode=$it" } ?: "running"
        return "<SubprocessTransport pid=${child.pid} $state>"
    }
}
