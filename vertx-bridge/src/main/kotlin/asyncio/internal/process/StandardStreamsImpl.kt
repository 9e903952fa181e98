package asyncio.internal.process

import asyncio.internal.run.EventLoopImpl
import asyncio.internal.stream.StreamProtocol
import asyncio.internal.stream.StreamsImpl
import asyncio.internal.vertx.VertxHost
import asyncio.io.StreamReader
import asyncio.io.StreamWriter
import java.io.IOException
import java.io.OutputStream
import java.io.PrintStream
import java.util.concurrent.ConcurrentHashMap

/** The standard streams of the JVM as one loop has them. */
internal class StandardStreamsImpl private constructor(
    private val loop: EventLoopImpl,
    private val host: VertxHost,
) : AutoCloseable {
    private var input: Opened<StreamReader>? = null
    private val outputs = arrayOfNulls<Opened<StreamWriter>>(2)

    /** What was made of a stream; it is made anew when its user has closed it. */
    private class Opened<S>(
        val stream: S,
        val transport: asyncio.internal.stream.StreamTransport,
    )

    fun stdin(): StreamReader {
        input?.takeIf { !it.transport.isClosing }?.let { return it.stream }
        val protocol = newProtocol()
        val pump = StandardInput.newPump(host)
        val pipe = ReadPipe(loop, protocol, pump, "stdin", emptyMap())
        val reader = StreamsImpl.readerOf(protocol)
        input = Opened(reader, pipe)
        pump.start()
        pipe.begin(null)
        return reader
    }

    fun output(
        index: Int,
        name: String,
        stream: PrintStream,
    ): StreamWriter {
        outputs[index]?.takeIf { !it.transport.isClosing }?.let { return it.stream }
        val protocol = newProtocol()
        val pipe = StandardOutput(loop, protocol, OutputPump(host, Printed(stream)), name)
        val writer = StreamsImpl.pipeWriter(loop, pipe, protocol)
        outputs[index] = Opened(writer, pipe)
        pipe.begin(null)
        return writer
    }

    private fun newProtocol(): StreamProtocol = StreamsImpl.protocol(loop, StreamReader.DEFAULT_LIMIT, null)

    override fun close() {
        all.remove(host, this)
    }

    /** Writes what is left before the loop ends. */
    private class StandardOutput(
        loop: EventLoopImpl,
        protocol: StreamProtocol,
        pump: OutputPump,
        name: String,
    ) : WritePipe(loop, protocol, pump, name, emptyMap()) {
        override fun closeWire() {
            flushOutgoing()
            pump.awaitWritten(PATIENCE)
            super.closeWire()
        }
    }

    /** Writes to [stream], which tells only when asked that it could not, and leaves it open. */
    private class Printed(
        private val stream: PrintStream,
    ) : OutputStream() {
        override fun write(byte: Int): Unit = stream.write(byte)

        override fun write(
            bytes: ByteArray,
            from: Int,
            length: Int,
        ): Unit = stream.write(bytes, from, length)

        override fun flush() {
            if (stream.checkError()) throw IOException("$stream has failed")
        }
    }

    companion object {
        private const val PATIENCE = 1_000_000_000L

        private val all = ConcurrentHashMap<VertxHost, StandardStreamsImpl>()

        fun of(here: ProcessLoop): StandardStreamsImpl =
            all.computeIfAbsent(here.host) { StandardStreamsImpl(here.loop, it).also(it::register) }
    }
}
