package asyncio.internal.testing

import asyncio.Asyncio
import asyncio.internal.stream.StreamProtocol
import asyncio.internal.stream.StreamsImpl
import asyncio.io.ClientConnectedCallback
import asyncio.io.StreamConnection
import asyncio.testing.MemoryStreams

/** Makes connections in memory. */
public object MemoryStreamsImpl {
    public fun pair(limit: Int): MemoryStreams.Pair {
        val client = StreamsImpl.protocol(Asyncio.getRunningLoop(), limit, null)
        val server = StreamsImpl.protocol(Asyncio.getRunningLoop(), limit, null)
        val (first, second) = connect(client, server)
        return MemoryStreams.Pair(connection(first, client), connection(second, server))
    }

    public fun connectTo(
        clientConnected: ClientConnectedCallback,
        limit: Int,
    ): StreamConnection {
        val client = StreamsImpl.protocol(Asyncio.getRunningLoop(), limit, null)
        val server = StreamsImpl.protocol(Asyncio.getRunningLoop(), limit, clientConnected)
        val (first, _) = connect(client, server)
        return connection(first, client)
    }

    private fun connect(
        client: StreamProtocol,
        server: StreamProtocol,
    ): Pair<MemoryTransport, MemoryTransport> {
        val loop = Asyncio.getRunningLoop()
        val first = MemoryTransport(loop, client, "client")
        val second = MemoryTransport(loop, server, "server")
        first.connectTo(second)
        second.connectTo(first)
        first.begin(null)
        second.begin(null)
        return Pair(first, second)
    }

    private fun connection(
        transport: MemoryTransport,
        protocol: StreamProtocol,
    ) = StreamsImpl.connection(Asyncio.getRunningLoop(), transport, protocol)
}
