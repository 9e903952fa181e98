package asyncio.internal.stream

import asyncio.EventLoop
import asyncio.internal.task.TaskLoop
import asyncio.io.ClientConnectedCallback
import asyncio.io.StreamConnection
import asyncio.io.StreamReader
import asyncio.io.StreamReaderProtocol
import asyncio.io.StreamWriter
import asyncio.io.WriteTransport
import asyncio.spi.IoStreams

/** Makes readers and writers. */
public object StreamsImpl : IoStreams {
    override fun reader(limit: Int): StreamReader = StreamReaderImpl(loop("StreamReader.create"), limit)

    override fun protocol(
        reader: StreamReader,
        clientConnected: ClientConnectedCallback?,
    ): StreamReaderProtocol =
        StreamProtocol(loop("StreamReaderProtocol.create"), reader as StreamReaderImpl, clientConnected)

    override fun writer(
        transport: WriteTransport,
        protocol: StreamReaderProtocol,
        reader: StreamReader?,
    ): StreamWriter {
        require(protocol is StreamProtocol) { "protocol was not made by StreamReaderProtocol.create" }
        return StreamWriterImpl(loop("StreamWriter.create"), transport, protocol, reader)
    }

    /** A protocol with a reader of its own, for a connection of [loop]. */
    public fun protocol(
        loop: EventLoop,
        limit: Int,
        clientConnected: ClientConnectedCallback?,
    ): StreamProtocol = StreamProtocol(loop as TaskLoop, StreamReaderImpl(loop, limit), clientConnected)

    /** What a program that has opened a connection gets of it. */
    public fun connection(
        loop: EventLoop,
        transport: WriteTransport,
        protocol: StreamProtocol,
    ): StreamConnection =
        StreamConnectionImpl(protocol.reader, StreamWriterImpl(loop as TaskLoop, transport, protocol, protocol.reader))

    /** The writer of a pipe, which nothing comes out of. */
    public fun pipeWriter(
        loop: EventLoop,
        transport: WriteTransport,
        protocol: StreamProtocol,
    ): StreamWriter {
        protocol.connectedTo(transport)
        return StreamWriterImpl(loop as TaskLoop, transport, protocol, protocol.reader)
    }

    /** The reader that [protocol] feeds. */
    public fun readerOf(protocol: StreamProtocol): StreamReader = protocol.reader

    private fun loop(what: String): TaskLoop =
        TaskLoop.current()
            ?: error("$what: no running event loop; call it from a coroutine, or from a callback of the loop")
}
