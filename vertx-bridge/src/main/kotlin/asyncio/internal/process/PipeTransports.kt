package asyncio.internal.process

import asyncio.EventLoop
import asyncio.internal.stream.StreamTransport
import asyncio.io.BaseProtocol
import java.util.Objects

/** The transport of a pipe that is read: it has the methods for writing, which refuse. */
internal class ReadPipe(
    loop: EventLoop,
    protocol: BaseProtocol<*>,
    private val pump: InputPump,
    private val name: String,
    private val info: Map<String, Any>,
    private val onLost: () -> Unit = {},
) : StreamTransport(loop, protocol),
    InputPump.Target {
    init {
        pump.target = this
    }

    override fun hasCome(bytes: ByteArray): Unit = received(bytes)

    override fun endHasCome(): Unit = ended()

    override fun readingFailed(error: Throwable): Unit = failed(error)

    override fun transmit(
        bytes: ByteArray,
        from: Int,
        length: Int,
    ): Unit = refuseWrite()

    override fun write(
        data: ByteArray,
        offset: Int,
        length: Int,
    ): Unit = refuseWrite()

    private fun refuseWrite(): Nothing = throw UnsupportedOperationException("$this is for reading only")

    override fun canWriteEof(): Boolean = false

    override fun endOutput(): Unit = Unit

    override fun holdBack(): Unit = pump.holdBack()

    override fun release(): Unit = pump.release()

    override fun closeWire(): Unit = pump.close()

    override fun wasLost(): Unit = onLost()

    override fun extraInfo(name: String): Any? = info[name]

    override fun toString(): String = "<ReadPipe $name ${stateName()}>"
}

/** The transport of a pipe that is written: nothing ever comes out of it. */
internal open class WritePipe(
    loop: EventLoop,
    protocol: BaseProtocol<*>,
    protected val pump: OutputPump,
    private val name: String,
    private val info: Map<String, Any>,
) : StreamTransport(loop, protocol),
    OutputPump.Target {
    init {
        attachTo(pump)
    }

    private fun attachTo(pump: OutputPump): Unit = pump.attach(this)

    override fun wasWritten(count: Int): Unit = transmitted(count)

    override fun writingFailed(error: Throwable): Unit = sendingFailed(error)

    override fun gone(): Unit = if (writeBufferSize > 0) sendingFailed(OutputPump.brokenPipe(null)) else failed(null)

    override fun transmit(
        bytes: ByteArray,
        from: Int,
        length: Int,
    ): Unit = pump.write(bytes, from, length)

    /** What comes after the end is dropped, as asyncio does with pipes. */
    override fun write(
        data: ByteArray,
        offset: Int,
        length: Int,
    ) {
        Objects.checkFromIndexSize(offset, length, data.size)
        if (!isClosing) super.write(data, offset, length)
    }

    /** Of a pipe that is its end altogether. */
    override fun writeEof(): Unit = close()

    override fun endOutput(): Unit = Unit

    override fun isReading(): Boolean = false

    override fun holdBack(): Unit = Unit

    override fun release(): Unit = Unit

    override fun closeWire(): Unit = pump.close()

    override fun extraInfo(name: String): Any? = info[name]

    override fun toString(): String = "<WritePipe $name ${stateName()}>"
}
