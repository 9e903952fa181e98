package asyncio.internal.stream

import asyncio.io.ClientConnectedCallback
import asyncio.io.StreamReader
import asyncio.io.StreamReaderProtocol
import asyncio.io.StreamWriter
import asyncio.io.WriteTransport
import asyncio.spi.IoStreams

internal object StreamsImpl : IoStreams {
    override fun reader(limit: Int): StreamReader = throw UnsupportedOperationException()

    override fun protocol(
        reader: StreamReader,
        clientConnected: ClientConnectedCallback?,
    ): StreamReaderProtocol = throw UnsupportedOperationException()

    override fun writer(
        transport: WriteTransport,
        protocol: StreamReaderProtocol,
        reader: StreamReader?,
    ): StreamWriter = throw UnsupportedOperationException()
}
